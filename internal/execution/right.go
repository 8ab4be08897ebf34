package execution

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/handler"
	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/template"
)

// rights are what an execution role needs, by what a statement is about.
type rights map[about]*statement

// about is what the actions of a statement have in common.
type about struct {
	subject   string // of the statement's Sid
	condition string // operator, key and value of each condition, a line each
}

type statement struct{ actions, resources map[string]bool }

func (r rights) grant(subject string, conditions []handler.Condition, action string, resources []string) {
	var lines []string
	for _, c := range conditions {
		lines = append(lines, c.Operator+" "+c.Key+" "+c.Value)
	}
	key := about{subject, strings.Join(lines, "\n")}
	if r[key] == nil {
		r[key] = &statement{map[string]bool{}, map[string]bool{}}
	}
	r[key].actions[action] = true
	for _, resource := range resources {
		r[key].resources[resource] = true
	}
}

// add grants what a stack needs.
func (r rights) add(s *template.Stack, names map[string][]string) error {
	var errs []error
	unknown := map[string]bool{}
	for _, made := range s.Resources() {
		kind := handler.Of(made.Type)
		switch {
		case made.Type == "AWS::CDK::Metadata": // no service makes it
		case kind == nil:
			unknown[made.Type] = true
		default:
			errs = append(errs, r.resource(resource{made, kind, names}))
		}
	}
	for _, typ := range slices.Sorted(maps.Keys(unknown)) {
		errs = append(errs, fmt.Errorf("%s: which permissions %s needs isn't known here: leave the type out, or let the role have a policy of your own for it", s.Name, typ))
	}
	return errors.Join(append(errs, r.outputs(s))...)
}

// resource grants what the handlers of a resource need. One that stays when it
// leaves its stack needs no deletion; one that stays unless its creation fails
// does, for that.
func (r rights) resource(x resource) error {
	var errs []error
	for _, op := range handler.Operations {
		if op == handler.Delete && x.Deletion() == "Retain" && x.Replacement() == "Retain" {
			continue
		}
		for _, call := range x.kind.Calls(op, x.set) {
			if call.Open != "" {
				errs = append(errs, fmt.Errorf("%s: %s needs %s, and %s", x.Stack().Name, x.LogicalID, call.Action, call.Open))
				continue
			}
			if err := r.call(x, call); err != nil {
				errs = append(errs, fmt.Errorf("%s: %s needs %s on a resource that isn't known: %w", x.Stack().Name, x.LogicalID, call.Action, err))
			}
		}
	}
	return errors.Join(errs...)
}

func (r rights) call(x resource, call handler.Call) error {
	var on []string
	for _, pattern := range call.On {
		arns, err := handler.Fill(pattern, x.values)
		if err != nil {
			return err
		}
		on = append(on, arns...)
	}
	if len(on) == 0 {
		return nil // a list with nothing in it
	}
	conditions := [][]handler.Condition{nil}
	for _, c := range call.Conditions {
		values, err := handler.Fill(c.Value, x.values)
		if err != nil {
			return err
		}
		var next [][]handler.Condition
		for _, value := range values {
			for _, before := range conditions {
				next = append(next, append(slices.Clip(before), handler.Condition{Operator: c.Operator, Key: c.Key, Value: value}))
			}
		}
		if len(values) > 0 {
			conditions = next
		}
	}
	for _, list := range conditions {
		r.grant(subject(x.Type, call), list, call.Action, on)
	}
	return nil
}

// subject is what a statement is called for: the type, and the property that says
// on what the action works if that is another resource.
func subject(typ string, call handler.Call) string {
	name := strings.NewReplacer("AWS::", "", "::", "").Replace(typ)
	if call.On[0] == handler.Any {
		return name + "Any"
	}
	if slices.Equal(call.On, handler.Of(typ).Own) {
		return name
	}
	_, property, _ := strings.Cut(strings.ReplaceAll(call.On[0], "{partition}", ""), "{")
	property, _, _ = strings.Cut(property, "}")
	first, _, _ := strings.Cut(property, " ")
	return name + strings.ReplaceAll(first, ".", "")
}

// outputs grants reading what a stack takes from others: Fn::GetStackOutput assumes
// a role for it, or reads as the execution role.
//
// Source: CloudFormation template reference,
// intrinsic-function-reference-getstackoutput.
func (r rights) outputs(s *template.Stack) error {
	var errs []error
	visit := func(given map[string]any) {
		text := func(name, otherwise string) string {
			v := s.Value(given[name], "Fn::GetStackOutput."+name)
			if exists, err := v.Exists(); !exists && err == nil {
				return otherwise
			}
			value, err := v.String()
			errs = append(errs, err)
			return value
		}
		if role := text("RoleArn", ""); role != "" {
			r.grant("StackOutputRole", nil, "sts:AssumeRole", []string{role})
			return
		}
		region := text("Region", s.Region)
		r.grant("StackOutput", nil, "cloudformation:DescribeStacks", []string{
			fmt.Sprintf("arn:%s:cloudformation:%s:%s:stack/%s/*", partition.Of(region).Name, region, s.Account, text("StackName", "*")),
		})
	}
	for _, made := range s.Resources() {
		stackOutputs(made.RawProperties, visit)
	}
	for _, output := range s.Template.Outputs {
		stackOutputs(output.Value, visit)
	}
	return errors.Join(errs...)
}

func stackOutputs(v any, visit func(map[string]any)) {
	switch x := v.(type) {
	case map[string]any:
		if given, ok := x["Fn::GetStackOutput"].(map[string]any); ok {
			visit(given)
		}
		for _, inner := range x {
			stackOutputs(inner, visit)
		}
	case []any:
		for _, inner := range x {
			stackOutputs(inner, visit)
		}
	}
}
