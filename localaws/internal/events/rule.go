package events

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// rule is one rule. Service.mu guards it.
type rule struct {
	place       api.Place
	name, arn   string
	description string
	text        string // of the pattern
	pattern     pattern
	disabled    bool
	targets     []target
}

type target struct{ Id, Arn string }

var nameForm = regexp.MustCompile(`^[.\-_A-Za-z0-9]{1,64}$`)

// The states of a rule.
const (
	enabled  = "ENABLED"
	disabled = "DISABLED"
)

type putRuleInput struct {
	Name, Description, EventPattern, State, EventBusName string
}

// readRule refuses what no rule here can be.
//
// Source: EventBridge API reference, PutRule.
func readRule(in putRuleInput) (pattern, error) {
	switch {
	case !nameForm.MatchString(in.Name):
		return nil, invalid("Name is 1 to 64 letters, digits and .-_, not %.100q", in.Name)
	case in.EventBusName != "" && in.EventBusName != "default":
		return nil, invalid("the local AWS does not carry out EventBusName %.100q: it has the bus default", in.EventBusName)
	case in.State != "" && in.State != enabled && in.State != disabled:
		return nil, invalid("the local AWS does not know the State %.100q of a rule", in.State)
	case len(in.Description) > 512:
		return nil, invalid("Description has at most 512 characters")
	}
	p, err := readPattern(in.EventPattern)
	if err != nil {
		return nil, api.Errorf(400, "InvalidEventPatternException", "%v", err)
	}
	return p, nil
}

func ruleARN(p api.Place, name string) string { return p.ARN("events", "rule/"+name) }

func (s *Service) authorize(c api.Call, action, resource string) error {
	return s.opt.Authorizer.Authorize(c, api.Access{Action: "events:" + action, Resource: resource, ResourceAccount: c.Account})
}

// onRule decides an action on a rule and gives it, with s.mu held by f.
func (s *Service) onRule(c api.Call, action, name string, f func(*rule) error) error {
	arn := ruleARN(c.Place(), name)
	if err := s.authorize(c, action, arn); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rules[arn]
	if r == nil {
		return api.Errorf(400, noRule, "Rule %.100s does not exist on EventBus default.", name)
	}
	return f(r)
}

type ruleOutput struct{ RuleArn string }

// maxRules is the quota of an account and Region.
//
// Source: EventBridge user guide, eb-quota.
const maxRules = 300

// putRule makes a rule, or changes one: its targets stay.
func (s *Service) putRule(c api.Call, in putRuleInput) (out ruleOutput, err error) {
	out.RuleArn = ruleARN(c.Place(), in.Name)
	if err := s.authorize(c, "PutRule", out.RuleArn); err != nil {
		return out, err
	}
	p, err := readRule(in)
	if err != nil {
		return out, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rules[out.RuleArn]
	if r == nil {
		if len(s.of(c.Place())) >= maxRules {
			return out, api.Errorf(400, "LimitExceededException", "The requested resource exceeds the maximum number allowed.")
		}
		r = &rule{place: c.Place(), name: in.Name, arn: out.RuleArn}
		s.rules[r.arn] = r
	}
	r.description, r.text, r.pattern, r.disabled = in.Description, in.EventPattern, p, in.State == disabled
	return out, nil
}

// of are the rules of a place by name. s.mu is held.
func (s *Service) of(p api.Place) (list []*rule) {
	for _, arn := range slices.Sorted(maps.Keys(s.rules)) {
		if s.rules[arn].place == p {
			list = append(list, s.rules[arn])
		}
	}
	return list
}

type nameInput struct{ Name, EventBusName string }

// deleteRule deletes a rule without targets. One that isn't there is no error.
func (s *Service) deleteRule(c api.Call, in nameInput) (empty, error) {
	err := s.onRule(c, "DeleteRule", in.Name, func(r *rule) error {
		if len(r.targets) > 0 {
			return invalid("Rule can't be deleted since it has targets.")
		}
		delete(s.rules, r.arn)
		return nil
	})
	return empty{}, api.Ignore(err, noRule)
}

type shownRule struct{ Arn, Description, EventBusName, EventPattern, Name, State string }

func (r *rule) shown() shownRule {
	state := enabled
	if r.disabled {
		state = disabled
	}
	return shownRule{r.arn, r.description, "default", r.text, r.name, state}
}

func (s *Service) describeRule(c api.Call, in nameInput) (out shownRule, err error) {
	err = s.onRule(c, "DescribeRule", in.Name, func(r *rule) error { out = r.shown(); return nil })
	return out, err
}

func (s *Service) enableRule(c api.Call, in nameInput) (empty, error) {
	return empty{}, s.onRule(c, "EnableRule", in.Name, func(r *rule) error { r.disabled = false; return nil })
}

func (s *Service) disableRule(c api.Call, in nameInput) (empty, error) {
	return empty{}, s.onRule(c, "DisableRule", in.Name, func(r *rule) error { r.disabled = true; return nil })
}

type listRulesInput struct{ NamePrefix, EventBusName string }

type listRulesOutput struct{ Rules []shownRule }

// listRules gives all on one page: there are few.
func (s *Service) listRules(c api.Call, in listRulesInput) (out listRulesOutput, err error) {
	if err := s.authorize(c, "ListRules", ruleARN(c.Place(), "*")); err != nil {
		return out, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out.Rules = []shownRule{}
	for _, r := range s.of(c.Place()) {
		if strings.HasPrefix(r.name, in.NamePrefix) {
			out.Rules = append(out.Rules, r.shown())
		}
	}
	return out, nil
}

// checkTargets refuses targets that the local AWS has no service for.
func checkTargets(list []target) error {
	if len(list) > 5 {
		return invalid("a rule has at most five targets")
	}
	for _, t := range list {
		a, err := arn.Parse(t.Arn)
		if t.Id == "" || len(t.Id) > 64 || err != nil || !slices.Contains([]string{"sns", "sqs", "lambda"}, a.Service) || strings.HasSuffix(t.Arn, ".fifo") {
			return invalid("the local AWS does not carry out targets other than standard topics, standard queues and functions, each with an Id: %.200q", t.Arn)
		}
	}
	return nil
}
