package rule

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/s3seal/s3seal/internal/template"
)

// parameter is one that has neither a value nor a default.
type parameter struct {
	values  []string // that are allowed, or that it is compared with
	allowed bool     // it has no others
	name    bool     // it names a resource, or is an id: its text means nothing by itself
	shape   string   // what an id begins with
	opaque  bool     // no value stands for the others
}

// ids are the types of parameters whose values are ids of what the account has,
// with what they begin with.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/cloudformation-supplied-parameter-types.html
var ids = map[string]string{
	"AWS::EC2::Image::Id":          "ami-",
	"AWS::EC2::Instance::Id":       "i-",
	"AWS::EC2::KeyPair::KeyName":   "key-pair-",
	"AWS::EC2::SecurityGroup::Id":  "sg-",
	"AWS::EC2::Subnet::Id":         "subnet-",
	"AWS::EC2::VPC::Id":            "vpc-",
	"AWS::EC2::Volume::Id":         "vol-",
	"AWS::Route53::HostedZone::Id": "Z",
}

// parameters are those that the stacks leave open and of which some values stand
// for all. Those of one name have the same value in all stacks.
func parameters(stacks []*template.Stack) map[string]*parameter {
	all := map[string]*parameter{}
	for _, s := range stacks {
		for _, name := range s.Unset() {
			if all[name] == nil {
				all[name] = &parameter{}
			}
			p, written := all[name], s.Template.Parameters[name]
			shape, id := ids[written.Type]
			switch {
			case len(written.AllowedValues) > 0 && (written.Type == "String" || written.Type == "Number"):
				p.allowed = true
				for _, v := range written.AllowedValues {
					if text, ok := literal(v); ok {
						p.values = append(p.values, text)
					}
				}
			case id:
				p.shape, p.name = shape, true
			default:
				p.opaque = p.opaque || written.Type != "String" // a list, a number, what an SSM parameter has
			}
		}
	}
	for _, s := range stacks {
		if len(all) == 0 {
			break
		}
		u := usage{all, s.Template.Mappings}
		for _, condition := range s.Template.Conditions {
			u.read(condition, true)
		}
		for _, r := range s.Template.Resources {
			u.read(r.RawProperties, false)
			for _, p := range u.within(r.RawProperties[template.NameProperty(r.Type)]) {
				p.name = true
			}
		}
	}
	maps.DeleteFunc(all, func(_ string, p *parameter) bool {
		slices.Sort(p.values)
		p.values = slices.Compact(p.values)
		return p.opaque || len(p.values) == 0 && !p.name
	})
	return all
}

// usage is how a template uses the parameters.
type usage struct {
	all      map[string]*parameter
	mappings map[string]any
}

// read notes what parameters are compared with, and what keys of a map they are.
func (u usage) read(v any, condition bool) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			u.read(e, condition)
		}
	case map[string]any:
		args, _ := v["Fn::Equals"].([]any)
		if len(args) == 2 && (u.compare(args[0], args[1]) || u.compare(args[1], args[0])) {
			return
		}
		args, _ = v["Fn::FindInMap"].([]any)
		if len(args) >= 3 && u.lookUp(args) {
			return
		}
		if condition && (v["Ref"] != nil || v["Fn::Sub"] != nil) {
			for _, p := range u.within(v) {
				p.opaque = !p.allowed
			}
			return
		}
		for _, e := range v {
			u.read(e, condition)
		}
	}
}

func (u usage) compare(ref, with any) bool {
	p := u.referred(ref)
	text, ok := literal(with)
	if p == nil || !ok {
		return false
	}
	if !p.allowed {
		p.values = append(p.values, text)
	}
	return true
}

// lookUp notes the keys of a map that a parameter can be. CloudFormation refuses
// any other.
func (u usage) lookUp(args []any) bool {
	name, _ := args[0].(string)
	first, _ := u.mappings[name].(map[string]any)
	found := false
	for i, level := range []map[string]any{first, second(first)} {
		p := u.referred(args[i+1])
		if p == nil || len(level) == 0 {
			continue
		}
		if found = true; !p.allowed {
			p.values, p.allowed = slices.Collect(maps.Keys(level)), true
		}
	}
	return found
}

// second are the keys below those of a map.
func second(first map[string]any) map[string]any {
	all := map[string]any{}
	for _, v := range first {
		level, _ := v.(map[string]any)
		maps.Copy(all, level)
	}
	return all
}

func (u usage) referred(v any) *parameter {
	m, _ := v.(map[string]any)
	name, _ := m["Ref"].(string)
	return u.all[name]
}

var variable = regexp.MustCompile(`\$\{([A-Za-z0-9]+)\}`)

// within are the parameters to which a value refers.
func (u usage) within(v any) []*parameter {
	var list []*parameter
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			list = append(list, u.within(e)...)
		}
	case map[string]any:
		if p := u.referred(v); p != nil {
			list = append(list, p)
		}
		for _, e := range v {
			list = append(list, u.within(e)...)
		}
	case string:
		for _, m := range variable.FindAllStringSubmatch(v, -1) {
			if p := u.all[m[1]]; p != nil {
				list = append(list, p)
			}
		}
	}
	return list
}

// literal is the text of a scalar.
func literal(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return fmt.Sprint(v), false
}
