package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"syscall"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/bootstrap"
	"github.com/s3seal/s3seal/internal/execution"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/template"
)

type bootstrapCmd struct {
	Stage       []string `arg:"" optional:"" help:"Stages: names, globs such as prod-* and groups such as @team. Default: all."`
	Stages      string   `default:"stages.yaml" placeholder:"FILE" help:"File of the stages. Default: ${default}."`
	Assembly    string   `default:"cdk.out" placeholder:"DIR" help:"Cloud assembly of which the execution policies are generated: the folder that cdk synth wrote. Default: ${default}."`
	Before      string   `placeholder:"DIR" help:"Cloud assembly that is deployed now: the execution policies then also allow what only its templates need, such as deleting what the new ones no longer have."`
	Folder      string   `default:"build/bootstrap" placeholder:"DIR" help:"Folder for the templates of the execution policies. Default: ${default}."`
	Profile     string   `placeholder:"NAME" help:"Profile of the AWS configuration for each environment, which may hold {account} and {region}. Default: bootstrap.profile of the stages' file, and else what the AWS CLI uses."`
	Role        string   `placeholder:"NAME" help:"Role of each account to assume, such as OrganizationAccountAccessRole. Default: bootstrap.role of the stages' file."`
	JSON        bool     `name:"json" help:"Print the commands as JSON."`
	Run_        bool     `name:"run" help:"Carry the plan out, one environment after another. What is as it should be is left as it is."`
	Permissions bool     `help:"Print the least policies with which a person or a pipeline can carry the plan out, as JSON."`
	StackSet    string   `name:"stackset" placeholder:"DIR" help:"Write StackSets that bootstrap the accounts of an organization to this folder, and print the commands that make them."`
	OU          []string `name:"ou" placeholder:"ID" help:"With --stackset: the root or the organizational units of the accounts, such as r-abcd. Without, the StackSet is one with self-managed permissions."`
	Replace     bool     `help:"With --run: take away execution policies and trust that a bootstrap has, and that the stages' file does not name."`
}

func (*bootstrapCmd) Help() string {
	return "Prints the commands that prepare every account and Region of the stages for the CDK, and changes nothing without --run. " +
		"Exit status: 0 when the plan is printed or carried out, 1 when an environment could not be prepared, 2 when the plan could not be made. docs/bootstrap.md says more."
}

// Run prints the plan, or carries it out.
func (c *bootstrapCmd) Run(stdout io.Writer) error {
	if c.Replace && !c.Run_ {
		return errors.New("--replace is for --run: add it, or remove --replace")
	}
	if c.JSON && c.Run_ {
		return errors.New("--json prints the plan, and --run carries it out: remove one")
	}
	if c.Permissions && (c.Run_ || c.StackSet != "") {
		return errors.New("--permissions prints policies: remove --run and --stackset")
	}
	if len(c.OU) > 0 && c.StackSet == "" {
		return errors.New("--ou is for --stackset: add it, or remove --ou")
	}
	for _, id := range c.OU {
		if !unitID.MatchString(id) {
			return fmt.Errorf("--ou %q isn't the id of a root or an organizational unit: write one, such as r-abcd or ou-abcd-12345678", id)
		}
	}
	if c.StackSet != "" {
		if c.Run_ || c.JSON {
			return errors.New("--stackset writes files and prints commands: remove --run and --json")
		}
		return c.stackSets(stdout)
	}
	plan, err := c.plan()
	if err != nil {
		return err
	}
	if c.Permissions {
		return c.permissions(plan, stdout)
	}
	if c.Run_ {
		return c.run(plan)
	}
	n, err := plan.WriteTemplates(c.Folder)
	if err != nil {
		return err
	}
	if n > 0 {
		fmt.Fprintf(os.Stderr, "Wrote %s of execution policies to %s: read them first.\n", count(n, "template"), c.Folder)
	}
	if !c.JSON {
		return plan.Print(stdout, c.Folder, c.Assembly)
	}
	return printJSON(stdout, plan.Steps(c.Folder, c.Assembly))
}

func (c *bootstrapCmd) permissions(plan *bootstrap.Plan, stdout io.Writer) error {
	cli, err := bootstrap.ProjectCLI()
	if err != nil {
		return err
	}
	made, err := cli.Template(context.Background())
	if err != nil {
		return err
	}
	all, err := plan.Permissions(made)
	if err != nil {
		return err
	}
	return printJSON(stdout, all)
}

// unitID is the pattern of OrganizationalUnitIds of CloudFormation's
// DeploymentTargets.
var unitID = regexp.MustCompile(`^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$`)

func (c *bootstrapCmd) load() (*stage.File, []stage.Stage, error) {
	file, stages, err := selected(c.Stages, c.Stage)
	if err != nil {
		return nil, nil, err
	}
	file.Bootstrap.Profile = cmp.Or(c.Profile, file.Bootstrap.Profile)
	file.Bootstrap.Role = cmp.Or(c.Role, file.Bootstrap.Role)
	return file, stages, nil
}

func (c *bootstrapCmd) plan() (*bootstrap.Plan, error) {
	file, selected, err := c.load()
	if err != nil {
		return nil, err
	}
	var ofStage bootstrap.PerStage
	return bootstrap.New(file, selected, func(e stage.Environment, _ []string) ([]iam.Document, error) {
		if ofStage == nil {
			stacks, err := c.stacks(file)
			if err != nil {
				return nil, err
			}
			ofStage = perStage(stacks)
		}
		return bootstrap.Together(file, e, ofStage)
	})
}

// perStage generates the execution policies of a stage, and of the stacks beside it
// that are of none.
func perStage(stacks []*template.Stack) bootstrap.PerStage {
	own := map[string][]*template.Stack{} // by stage
	for _, s := range stacks {
		own[s.OfStage()] = append(own[s.OfStage()], s)
	}
	made := map[string]map[stage.Environment][]iam.Document{}
	return func(s *stage.Stage) (map[stage.Environment][]iam.Document, error) {
		if all, ok := made[s.Name]; ok {
			return all, nil
		}
		here := own[s.Name]
		for _, beside := range own[""] {
			if slices.Contains(s.Environments(), stage.Environment{Account: beside.Account, Region: beside.Region}) {
				here = append(slices.Clip(here), beside)
			}
		}
		policies, err := execution.Of(here)
		if err != nil {
			return nil, err
		}
		all := map[stage.Environment][]iam.Document{}
		for _, p := range policies {
			all[stage.Environment{Account: p.Account, Region: p.Region}] = p.Documents
		}
		made[s.Name] = all
		return all, nil
	}
}

// stacks are those of which the execution policies are generated. The assembly must
// have every stage wherever it stands: policies that lacked one would break its
// next deployment.
func (c *bootstrapCmd) stacks(file *stage.File) ([]*template.Stack, error) {
	assembly, err := template.ReadAssembly(c.Assembly)
	if err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for _, s := range assembly.Stacks {
		have[s.OfStage()+" aws://"+s.Account+"/"+s.Region] = true
	}
	for i := range file.Stages {
		for _, e := range file.Stages[i].Environments() {
			if where := "aws://" + e.Account + "/" + e.Region; !have[file.Stages[i].Name+" "+where] {
				return nil, fmt.Errorf("%s has no stack of the stage %s in %s: run make synth, or npx cdk synth for all stages", c.Assembly, file.Stages[i].Name, where)
			}
		}
	}
	stacks := assembly.Stacks
	if c.Before != "" {
		before, err := template.ReadAssembly(c.Before)
		if err != nil {
			return nil, err
		}
		stacks = append(stacks, before.Stacks...)
	}
	return stacks, nil
}

func (c *bootstrapCmd) run(plan *bootstrap.Plan) error {
	cli, err := bootstrap.ProjectCLI()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends the program at once
	err = plan.Run(ctx, bootstrap.Options{CLI: cli, Replace: c.Replace, Tell: func(line string) { fmt.Fprintln(os.Stderr, line) }})
	var stopped *bootstrap.StoppedError
	switch {
	case ctx.Err() != nil && err != nil:
		return interrupted{errors.New("interrupted: CloudFormation goes on with what it began, and the same command continues from there")}
	case errors.As(err, &stopped):
		return failed{err}
	}
	return err
}
