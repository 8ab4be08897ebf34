package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"golang.org/x/sync/errgroup"

	"github.com/s3seal/s3seal/internal/account"
)

// Options say how a plan is run.
type Options struct {
	CLI     CLI
	Account account.Options // beside the profile and the role of the plan
	Replace bool            // takes away what others may need: see losses
	Tell    func(line string)
	Pause   time.Duration // between two looks at a stack; 0 means 2 seconds
}

// prepared is an environment with what is needed to change it.
type prepared struct {
	*Environment
	config aws.Config
	client *cloudformation.Client
}

// Run prepares the environments, one after another, in the plan's order. It
// changes nothing before it has seen that the credentials of every one are for its
// account. What is there already is left as it is, so a run that ended early is
// continued by the same run.
func (p *Plan) Run(ctx context.Context, o Options) error {
	if o.Pause == 0 {
		o.Pause = 2 * time.Second
	}
	version, err := o.CLI.version(ctx)
	if err != nil {
		return err
	}
	all, err := p.open(ctx, o.Account)
	if err != nil {
		return err
	}
	for i, e := range all {
		tell := func(format string, args ...any) {
			o.Tell(fmt.Sprintf("[%d/%d] %s: ", i+1, len(all), e.URL()) + fmt.Sprintf(format, args...))
		}
		if err := p.prepare(ctx, e, version, o, tell); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return &StoppedError{Environment: e.Environment, Done: i, Of: len(all), Err: err}
		}
	}
	return nil
}

// StoppedError is that an environment could not be prepared. Those before it are,
// and those after it weren't begun.
type StoppedError struct {
	Environment *Environment
	Done, Of    int
	Err         error
}

func (e *StoppedError) Error() string {
	return fmt.Sprintf("%s: %v; %d of %d environments are done: mend this, and run the same command again, which goes on here", e.Environment.URL(), e.Err, e.Done, e.Of)
}

// Unwrap returns the cause.
func (e *StoppedError) Unwrap() error { return e.Err }

// openAtOnce bounds how many accounts are asked at a time whose the credentials
// are.
const openAtOnce = 8

// open reads the credentials of all environments. The error has a line for each
// that lacks them.
func (p *Plan) open(ctx context.Context, o account.Options) ([]*prepared, error) {
	all, errs := make([]*prepared, len(p.Environments)), make([]error, len(p.Environments))
	var g errgroup.Group
	g.SetLimit(openAtOnce)
	for i, e := range p.Environments {
		g.Go(func() error {
			with := o
			if p.Settings.Profile != "" {
				with.Profile = e.ExpandIn(p.Settings.Profile)
			}
			if p.Settings.Role != "" {
				with.RoleARN = p.roleARN(e)
			}
			cfg, _, err := account.In(ctx, e.Environment, with)
			all[i] = &prepared{e, cfg, cloudformation.NewFromConfig(cfg)}
			var other *account.OtherAccountError // which names the environment itself
			if err != nil && !errors.As(err, &other) {
				err = fmt.Errorf("%s: %w", e.URL(), err)
			}
			errs[i] = err
			return nil
		})
	}
	_ = g.Wait() // none returns one
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	var other *account.OtherAccountError
	shared := errors.As(errors.Join(errs...), &other) && !strings.Contains(p.Settings.Profile, "{account}") && p.Settings.Role == ""
	if n := len(errs); n > mostErrors {
		errs = append(errs[:mostErrors], fmt.Errorf("and %d more environments", n-mostErrors))
	}
	if shared {
		last := &errs[len(errs)-1]
		*last = fmt.Errorf("%w; for each account's own, write --profile with {account} in it, or --role with a role that each has", *last)
	}
	return all, errors.Join(errs...)
}

// mostErrors are enough to see what is wrong with the credentials of hundreds.
const mostErrors = 10

// prepare makes an environment's two stacks what they should be.
func (p *Plan) prepare(ctx context.Context, e *prepared, version int, o Options, tell func(string, ...any)) error {
	began := time.Now()
	was, err := p.bootstrapped(ctx, e.client, e.Environment)
	if err != nil {
		return err
	}
	if err := p.refuse(e.Environment, was, version, o.Replace); err != nil {
		return err
	}
	if was.ofStackSet() {
		tell("is as it should be, version %d; the StackSet of its stack says whether its execution policies are", was.version)
		return nil
	}
	differences := p.differences(e.Environment, was, version)
	policies := func() error { return p.changePolicies(ctx, e, o.Pause, tell) }
	// A policy that the role still has can't be deleted, and one that isn't there
	// can't be given to it.
	last := p.fewer(e.Environment, was)
	if !last {
		if err := policies(); err != nil {
			return err
		}
	}
	if len(differences) > 0 {
		tell("bootstrap: %s", strings.Join(differences, "; "))
		if err := o.CLI.run(ctx, e.config, p.CDK(e.Environment)); err != nil {
			return err
		}
		// The CLI also succeeds where it leaves a bootstrap as it is, such as a
		// newer one, or one of another template.
		is, err := p.bootstrapped(ctx, e.client, e.Environment)
		if err != nil {
			return err
		}
		if left := p.differences(e.Environment, is, version); len(left) > 0 {
			return fmt.Errorf("cdk bootstrap left the stack %s as it was: %s: see what it says to npx %s", p.Settings.StackName, strings.Join(left, "; "), append(Command{"cdk"}, p.CDK(e.Environment)...))
		}
	}
	if last {
		if err := policies(); err != nil {
			return err
		}
	}
	if len(differences) == 0 {
		tell("is as it should be, version %d", was.version)
	} else {
		tell("is bootstrapped, version %d, in %s", version, time.Since(began).Round(time.Second))
	}
	return nil
}

func (p *Plan) changePolicies(ctx context.Context, e *prepared, pause time.Duration, tell func(string, ...any)) error {
	template, err := p.Template(e.Environment)
	if template == nil || err != nil {
		return err
	}
	changed, err := change(ctx, e.client, p.policyStack(), string(template), pause)
	if changed {
		tell("execution policies: %d in the stack %s", len(e.Policies), p.policyStack())
	}
	return err
}

// fewer reports whether the role has a policy of the policies' stack that it is
// not to have.
func (p *Plan) fewer(e *Environment, s *state) bool {
	wanted := p.ExecutionPolicies(e)
	return slices.ContainsFunc(items(s.parameters["CloudFormationExecutionPolicies"]), func(arn string) bool {
		return strings.Contains(arn, ":policy/"+p.policyStack()+"-") && !slices.Contains(wanted, arn)
	})
}

// refuse is about a bootstrap that is there and that this one would break.
func (p *Plan) refuse(e *Environment, s *state, version int, replace bool) error {
	other := s.parameters["Qualifier"]
	switch {
	case s.stack == "":
		return nil
	case other != "" && other != p.Settings.Qualifier:
		return fmt.Errorf("the stack %s is the bootstrap of the qualifier %s, whose roles would be replaced: choose another bootstrap.stackName in stages.yaml", s.stack, other)
	case s.stack != p.Settings.StackName && s.ofStackSet() && len(p.differences(e, s, version)) > 0:
		return fmt.Errorf("the stack %s is of a StackSet, and not as stages.yaml says (%s): update the StackSet, as docs/bootstrap.md says", s.stack, strings.Join(p.differences(e, s, version), "; "))
	case s.stack != p.Settings.StackName && len(p.differences(e, s, version)) > 0:
		return fmt.Errorf("the bootstrap with the qualifier %s is the stack %s: write bootstrap: {stackName: %s} in stages.yaml", p.Settings.Qualifier, s.stack, s.stack)
	}
	if lost := p.losses(e, s); len(lost) > 0 && !replace {
		return fmt.Errorf("the stack %s would lose %s, which other CDK apps there may need: give this app a bootstrap.qualifier of its own in stages.yaml, or say --replace", s.stack, strings.Join(lost, ", "))
	}
	return nil
}
