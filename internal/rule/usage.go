package rule

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/template"
)

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
		u.readARN(flat(v))
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

// readARN notes the parameters that stand in an ARN for partition, Region or
// account: no text that stands for any value is one of these.
func (u usage) readARN(text string) {
	_, arn, found := strings.Cut(text, "arn:")
	if !found {
		return
	}
	arn = pseudo.ReplaceAllString(arn, "")
	fields := strings.SplitN(arn, ":", 5)
	for _, p := range u.within(strings.Join(fields[:min(4, len(fields))], ":")) {
		p.place = true
	}
}

var pseudo = regexp.MustCompile(`\$\{AWS::[A-Za-z]+\}`)

// flat is a value as Fn::Sub would have it; "" for what is no text.
func flat(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		if name, ok := v["Ref"].(string); ok {
			return "${" + name + "}"
		}
		if list, ok := v["Fn::Sub"].([]any); ok && len(list) > 0 {
			return flat(list[0])
		}
		if list, ok := v["Fn::Join"].([]any); ok && len(list) == 2 {
			var b strings.Builder
			parts, _ := list[1].([]any)
			for i, part := range parts {
				if i > 0 {
					b.WriteString(flat(list[0]))
				}
				b.WriteString(flat(part))
			}
			return b.String()
		}
		return flat(v["Fn::Sub"])
	}
	return ""
}

func (u usage) compare(ref, with any) bool {
	p := u.referred(ref)
	text, ok := template.ScalarText(with)
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
