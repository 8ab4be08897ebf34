package wings

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/template"
)

// without is the stack less some of its resources and all that refers to them,
// read anew, and the ids of what is gone for the sake of another. nil: nothing
// remains.
func without(t *testing.T, s *template.Stack, gone map[string]bool) (rest *template.Stack, dependents []string) {
	t.Helper()
	left := maps.Clone(gone)
	body := map[string]any{}
	section := func(name string, all map[string]any) {
		kept := map[string]any{}
		for id, v := range all {
			if left[id] {
				continue
			}
			if refers(v, left) {
				left[id] = true
				dependents = append(dependents, id)
				continue
			}
			kept[id] = v
		}
		body[name] = kept
	}
	for before := -1; before != len(left); {
		before = len(left)
		parameters, resources, outputs := map[string]any{}, map[string]any{}, map[string]any{}
		for id, p := range s.Template.Parameters {
			parameters[id] = given(map[string]any{"Type": p.Type, "Default": p.Default, "AllowedValues": p.AllowedValues, "NoEcho": p.NoEcho})
		}
		for id, r := range s.Template.Resources {
			resources[id] = given(map[string]any{"Type": r.Type, "Properties": r.RawProperties, "DependsOn": r.DependsOn, "Condition": r.Condition, "Metadata": r.Metadata})
		}
		for id, o := range s.Template.Outputs {
			outputs[id] = given(map[string]any{"Value": o.Value, "Condition": o.Condition})
			if o.ExportName != nil {
				outputs[id].(map[string]any)["Export"] = map[string]any{"Name": o.ExportName}
			}
		}
		section("Parameters", parameters)
		section("Mappings", s.Template.Mappings)
		section("Conditions", s.Template.Conditions)
		section("Resources", resources)
		section("Outputs", outputs)
	}
	if len(body["Resources"].(map[string]any)) == 0 {
		return nil, dependents
	}
	maps.DeleteFunc(body, func(_ string, v any) bool { return len(v.(map[string]any)) == 0 })
	if t := s.Template.Transforms; t != nil {
		body["Transform"] = t
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), s.Name+".json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	rest, err = template.ReadTemplate(file, s.Account, s.Region)
	if err != nil {
		t.Fatalf("%s: what is left of it cannot be read: %v", s.Name, err)
	}
	rest.Name, rest.Tags = s.Name, s.Tags
	return rest, dependents
}

// given is an entry of a section without what isn't there.
func given(entry map[string]any) map[string]any {
	maps.DeleteFunc(entry, func(_ string, v any) bool {
		switch v := v.(type) {
		case string:
			return v == ""
		case bool:
			return !v
		case []string:
			return v == nil
		case []any:
			return v == nil
		case map[string]any:
			return v == nil
		}
		return v == nil
	})
	return entry
}

var inSub = regexp.MustCompile(`\$\{ *([A-Za-z0-9]+) *[.}]`)

// refers says whether a part of a template refers to one of the names.
func refers(v any, names map[string]bool) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return refers(e, names) })
	case string:
		for _, m := range inSub.FindAllStringSubmatch(v, -1) {
			if names[m[1]] {
				return true
			}
		}
	case map[string]any:
		for key, e := range v {
			text, _ := e.(string)
			switch key {
			case "Ref", "Condition":
				if names[text] {
					return true
				}
			case "Fn::GetAtt":
				if id, _, _ := strings.Cut(text, "."); names[id] {
					return true
				}
			}
			list, _ := e.([]any)
			if key == "Fn::GetAtt" || key == "Fn::If" || key == "Fn::FindInMap" {
				if id, ok := first(list).(string); ok && names[id] {
					return true
				}
			}
			if ids, ok := e.([]string); ok && slices.ContainsFunc(ids, func(id string) bool { return names[id] }) {
				return true
			}
			if refers(e, names) {
				return true
			}
		}
	}
	return false
}

func first(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}
