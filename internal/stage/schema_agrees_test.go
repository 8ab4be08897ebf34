package stage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// compiledSchema returns the checked-in schema, as an editor uses it.
func compiledSchema(t *testing.T) *validator.Schema {
	t.Helper()
	data, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := validator.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := validator.NewCompiler()
	if err := c.AddResource("stages.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("stages.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// jsonValue converts a YAML text to a value of JSON; false where it isn't YAML.
func jsonValue(t *testing.T, text []byte) (any, bool) {
	t.Helper()
	var loaded any
	if err := yaml.Load(text, &loaded); err != nil {
		return nil, false
	}
	data, err := json.Marshal(withTextKeys(loaded))
	if err != nil {
		return nil, false
	}
	value, err := validator.UnmarshalJSON(bytes.NewReader(data))
	return value, err == nil
}

func withTextKeys(v any) any {
	switch v := v.(type) {
	case map[any]any:
		object := map[string]any{}
		for key, below := range v {
			object[fmt.Sprint(key)] = withTextKeys(below)
		}
		return object
	case map[string]any:
		for key, below := range v {
			v[key] = withTextKeys(below)
		}
	case []any:
		for i, below := range v {
			v[i] = withTextKeys(below)
		}
	}
	return v
}

func TestSchemaAcceptsWhatTheLoaderAccepts(t *testing.T) {
	schema := compiledSchema(t)
	for path, text := range goodFiles(t) {
		value, ok := jsonValue(t, text)
		if !ok {
			t.Errorf("%s: not YAML", path)
			continue
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// schemaSees are the cases of testdata/bad that an editor must mark: all that
// can be seen in one field alone.
var schemaSees = []string{
	"account_number", "account_text", "all_at_once", "comments_only", "missing_fields", "null_values", "patterns", "prefixes",
	"region_unknown", "replica_key", "replica_options", "retention_and_functions", "secret", "stage_names", "stages_empty",
	"stages_list", "stages_missing", "replica_incomplete", "tags", "unknown_fields", "wrong_types", "bucket_options", "bucket_names", "key_principals", "require", "namespaces", "acknowledge",
}

func TestSchemaMarksWhatOneFieldShows(t *testing.T) {
	schema, cases := compiledSchema(t), badFiles(t)
	for _, name := range schemaSees {
		value, ok := jsonValue(t, []byte(cases["testdata/bad/"+name+".txt"][0]))
		if ok && schema.Validate(value) == nil {
			t.Errorf("%s: the schema accepts it", name)
		}
	}
}

// Whatever the schema rejects, the loader must too: an editor that complains
// about a file that deploys would not be believed again. Mutations of good files
// that the loader accepts show where the schema is the stricter one.
func TestLoaderRejectsWhatTheSchemaRejects(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and one goroutine")
	}
	schema := compiledSchema(t)
	mutants, accepted := 0, 0
	for _, path := range []string{"testdata/good/every_field.yaml", "testdata/good/groups.yaml", "../../stages.yaml"} {
		lines := strings.SplitAfter(string(goodFiles(t)[path]), "\n")
		for i, line := range lines {
			for _, m := range mutations(line) {
				mutants++
				mutant := []byte(strings.Join(lines[:i], "") + m + strings.Join(lines[i+1:], ""))
				if _, err := Parse(path, mutant); err != nil {
					continue
				}
				accepted++
				if value, ok := jsonValue(t, mutant); !ok || schema.Validate(value) != nil {
					t.Errorf("%s: the loader accepts and the schema rejects\n%s%v", path, m, schema.Validate(value))
				}
			}
		}
	}
	if mutants < 1000 || accepted < 50 {
		t.Errorf("the loader accepts only %d mutants of %d", accepted, mutants)
	}
}

var words = regexp.MustCompile(`"[^"]*"|'[^']*'|[\w-]+`)

// mutations replaces each word of a line, but for those of comments, by others.
func mutations(line string) []string {
	var out []string
	code, _, _ := strings.Cut(line, "#")
	for _, at := range words.FindAllStringIndex(code, -1) {
		for _, w := range []string{`""`, "0", "100", "100000", "true", "false", "x", "abc-1", "sse-c", "eu-west-1", `"X y"`, "[]", "{}", "null", "[sse-s3, sse-s3]"} {
			out = append(out, line[:at[0]]+w+line[at[1]:])
		}
	}
	return out
}
