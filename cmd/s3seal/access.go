package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/policyfile"
	"github.com/s3seal/s3seal/internal/query"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/spelling"
	"github.com/s3seal/s3seal/internal/template"
)

type accessCmd struct {
	Stage    string   `arg:"" help:"Stage whose stacks are asked about."`
	Assembly string   `default:"cdk.out" help:"Cloud assembly: the folder that cdk synth wrote."`
	Who      string   `help:"Who asks: a principal as the table names it, or the ARN of a role, a role's session, a user, a federated user or an identity provider, or a service. Left out: the answer is who can."`
	Action   string   `help:"What is asked for: an action, such as s3:GetObject; or get or put, for all that it takes to use an object, and the steps by which somebody comes to it. Left out: the answer is what they can."`
	On       string   `help:"On what: a resource as the table names it (bucket SseC, bucket SseC/KEY), or an ARN. Left out: on all."`
	With     []string `help:"Condition key of the request, such as aws:SecureTransport=false; given again with the same key, one more value. The request is signed, over TLS 1.3, and to the Region of the resource, unless it says otherwise." placeholder:"KEY=VALUE" sep:"none"`
	SCP      []string `name:"scp" help:"Service control policy, over every account that is asked about, beside those of stages.yaml." placeholder:"FILE"`
	RCP      []string `name:"rcp" help:"Resource control policy, over every account." placeholder:"FILE"`
	Boundary string   `help:"Permissions boundary of whoever asks." placeholder:"FILE"`
	Session  []string `help:"Session policy of whoever asks." placeholder:"FILE"`
	Expect   string   `placeholder:"ANSWER" help:"What the answer to one question must be: allowed, or denied, which stands for not allowed too. The exit status is 1 when it isn't, and 2 when it is unknown."`
	JSON     bool     `name:"json" help:"Print the answers as JSON."`
}

// Run prints the stage's access table, or answers a question.
func (c *accessCmd) Run(stdout io.Writer) error {
	assembly, err := template.ReadSome(c.Assembly, func(s *template.Stack) bool { return access.StageOf(s) == c.Stage })
	if err != nil {
		return err
	}
	stacks := assembly.Stacks
	if len(stacks) == 0 {
		known := distinct(assembly.Others, access.StageOf)
		if slices.Contains(leftOut(c.Assembly, assembly), c.Stage) {
			return fmt.Errorf("%s has only %s: run make synth, which writes %s too", c.Assembly, strings.Join(known, ", "), c.Stage)
		}
		if near := spelling.Similar(c.Stage, known); len(near) > 0 {
			known = near
		}
		return fmt.Errorf("%s: no stacks of a stage %q: it has those of %s", c.Assembly, c.Stage, someOf(known))
	}
	set := resource.Read(stacks)
	if err := set.Refused(); err != nil {
		return err
	}
	file, err := stagesFile(c.Assembly)
	if err != nil {
		return err
	}
	if file != nil {
		set.Limit(file.Organization.Policies())
	}
	if err := c.limit(set); err != nil {
		return err
	}
	if c.Who == "" && c.Action == "" && c.On == "" {
		if c.JSON || c.Expect != "" || c.Boundary != "" || len(c.With)+len(c.Session) > 0 {
			return errors.New("--with, --boundary, --session, --expect and --json belong to a question: give --who, --action or --on too")
		}
		_, err := io.WriteString(stdout, access.Markdown(c.Stage, stacks, set))
		return err
	}
	return c.answer(stdout, set)
}

// limit adds the policies of an organization that are given as files.
func (c *accessCmd) limit(set *resource.Set) error {
	var o policyfile.Organization
	for _, of := range []struct {
		files  []string
		levels *[]policyfile.Level
		read   func([]string, ...string) (policyfile.Level, error)
	}{{c.SCP, &o.SCPs, policyfile.ReadSCPs}, {c.RCP, &o.RCPs, policyfile.ReadRCPs}} {
		if len(of.files) == 0 {
			continue
		}
		level, err := of.read(nil, of.files...)
		if err != nil {
			return err
		}
		*of.levels = append(*of.levels, level)
	}
	set.Limit(o)
	return nil
}

// asker are the policies that limit whoever asks.
func (c *accessCmd) asker(q *query.Query) error {
	if c.Boundary != "" {
		p, err := policyfile.ReadLimit(c.Boundary)
		if err != nil {
			return err
		}
		q.Boundary = &p
	}
	for _, file := range c.Session {
		p, err := policyfile.ReadLimit(file)
		if err != nil {
			return err
		}
		q.Session = append(q.Session, p)
	}
	return nil
}

func (c *accessCmd) answer(stdout io.Writer, set *resource.Set) error {
	with, err := contextOf(c.With)
	if err != nil {
		return err
	}
	q := query.Query{Who: c.Who, Action: c.Action, On: c.On, With: with}
	if err := c.asker(&q); err != nil {
		return err
	}
	if c.Expect != "" && c.Expect != "allowed" && c.Expect != "denied" {
		return fmt.Errorf("--expect %q: must be one of allowed and denied", c.Expect)
	}
	if c.Expect != "" && !q.One() {
		return errors.New("--expect is about one answer: give all of --who, --action and --on")
	}
	answers, err := query.Ask(set, q)
	if err != nil {
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(stdout)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(answers)
	} else {
		err = query.Write(stdout, q, answers)
	}
	if err == nil && c.Expect != "" {
		err = query.Expect(c.Expect, answers)
	}
	if errors.Is(err, query.ErrExpected) {
		return failed{err}
	}
	return err
}

// contextOf are the condition keys that --with gives. A value may hold "=".
func contextOf(with []string) (question.Context, error) {
	keys := question.Context{}
	for _, w := range with {
		key, value, ok := strings.Cut(w, "=")
		if !ok || key == "" {
			return nil, fmt.Errorf("--with %q: write KEY=VALUE, such as aws:SecureTransport=false", w)
		}
		for known := range keys { // IAM ignores the case of keys
			if strings.EqualFold(known, key) {
				key = known
			}
		}
		keys[key] = append(keys[key], value)
	}
	return keys, nil
}

// leftOut are the stages of stages.yaml that cdk.out doesn't have, as after
// `cdk diff -c stage=NAME`; none for another assembly, or without stages.yaml.
func leftOut(dir string, a *template.Assembly) []string {
	file, err := stagesFile(dir)
	if err != nil || file == nil {
		return nil
	}
	here := map[string]bool{}
	for _, s := range slices.Concat(a.Stacks, a.Others) {
		here[s.OfStage()] = true
	}
	return slices.DeleteFunc(file.Names(), func(name string) bool { return here[name] })
}
