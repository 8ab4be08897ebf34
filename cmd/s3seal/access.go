package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/iam"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

type accessCmd struct {
	Stage    string            `arg:"" help:"Stage whose stacks are asked about."`
	Assembly string            `default:"cdk.out" help:"Cloud assembly: the folder that cdk synth wrote."`
	Who      string            `help:"Principal, as the table names it, or the ARN of a role or user; with --action and --on: one question instead of the table."`
	Action   string            `help:"Action, such as s3:PutObject."`
	On       string            `help:"Resource, as the table names it (bucket SseC), or an ARN."`
	With     map[string]string `help:"Condition keys of the request, such as aws:SecureTransport=false." mapsep:","`
}

// Run prints the stage's access table, or answers one question.
func (c *accessCmd) Run(stdout io.Writer) error {
	assembly, err := template.ReadAssembly(c.Assembly)
	if err != nil {
		return err
	}
	stacks := access.Stacks(assembly, c.Stage)
	if len(stacks) == 0 {
		return fmt.Errorf("%s: no stacks of a stage %q: it has those of %s", c.Assembly, c.Stage, strings.Join(stagesOf(assembly), ", "))
	}
	set := resource.Read(stacks)
	for _, u := range set.Unknown {
		fmt.Fprintf(stdout, "unknown: %v\n", u.Err)
	}
	if c.Who == "" && c.Action == "" && c.On == "" {
		_, err := io.WriteString(stdout, access.Markdown(c.Stage, set))
		return err
	}
	return c.answer(stdout, set)
}

func stagesOf(a *template.Assembly) []string {
	var names []string
	for _, s := range a.Stacks {
		if name := access.StageOf(s); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// answer is one question, with the explanation.
func (c *accessCmd) answer(stdout io.Writer, set *resource.Set) error {
	if c.Who == "" || c.Action == "" || c.On == "" {
		return fmt.Errorf("one question takes all of --who, --action and --on")
	}
	who, err := c.principal(set)
	if err != nil {
		return err
	}
	on, err := c.resource(set)
	if err != nil {
		return err
	}
	// A request comes over TLS unless --with says otherwise.
	keys := map[string]iam.Strings{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.3"}}
	for k, v := range c.With {
		keys[k] = iam.Strings{v}
	}
	a := access.Ask(set, who, access.Operation{Action: c.Action, Resource: on, Context: keys})
	verdict := "not allowed"
	if a.Allowed {
		verdict = "allowed"
	}
	_, err = fmt.Fprintf(stdout, "%s\n%s\n", verdict, a.Decision.Explain())
	return err
}

func (c *accessCmd) principal(set *resource.Set) (access.Principal, error) {
	principals := access.Principals(set)
	var names []string
	for _, p := range principals {
		if p.Name == c.Who || p.Caller.PrincipalARN() == c.Who && p.Identity == nil {
			return p, nil
		}
		names = append(names, p.Name)
	}
	switch {
	case strings.Contains(c.Who, ":role/"):
		return access.Principal{Name: c.Who, Caller: iam.RoleSession(c.Who, "session")}, nil
	case strings.Contains(c.Who, ":user/"):
		return access.Principal{Name: c.Who, Caller: iam.User(c.Who)}, nil
	case strings.HasSuffix(c.Who, ".amazonaws.com"):
		return access.Principal{Name: c.Who, Caller: iam.ServicePrincipal(c.Who)}, nil
	}
	return access.Principal{}, fmt.Errorf("--who %q: nobody of that name: write an ARN, or one of:\n  %s", c.Who, strings.Join(names, "\n  "))
}

// resource is the ARN that --on means: as given, or of a resource by its name
// in the table, optionally with an object's key behind a slash.
func (c *accessCmd) resource(set *resource.Set) (string, error) {
	if strings.HasPrefix(c.On, "arn:") {
		return c.On, nil
	}
	name, object, hasObject := strings.Cut(c.On, "/")
	var names []string
	for _, r := range access.Resources(set) {
		if r.Name == name && hasObject {
			return r.ARN + "/" + object, nil
		}
		if r.Name == name {
			return r.ARN, nil
		}
		names = append(names, r.Name)
	}
	return "", fmt.Errorf("--on %q: no resource of that name: write an ARN, or one of:\n  %s", c.On, strings.Join(names, "\n  "))
}
