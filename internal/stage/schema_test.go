package stage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/golden"
	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/policy"
)

const schemaFile = "../../stages.schema.json"

// fileSchema is what the file is to a schema: a mapping of stages, where File has
// a list.
type fileSchema struct {
	Defaults     Stage             `yaml:"defaults,omitempty"`
	Stages       map[string]Stage  `yaml:"stages,omitempty"`
	Groups       map[string]Group  `yaml:"groups,omitempty"`
	Acknowledge  []Acknowledgement `yaml:"acknowledge,omitempty"`
	Organization Organization      `yaml:"organization,omitempty"`
	Bootstrap    Bootstrap         `yaml:"bootstrap,omitempty"`
}

// generateSchema makes the JSON Schema of the types of this package: their yaml
// tags are the fields, their comments the descriptions, their jsonschema tags
// the limits. It runs where the package's source is.
func generateSchema(t *testing.T) []byte {
	t.Helper()
	const path = "github.com/s3seal/s3seal/internal/stage"
	r := &jsonschema.Reflector{
		Anonymous:      true,
		ExpandedStruct: true,
		FieldNameTag:   "yaml",
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			switch t {
			case reflect.TypeFor[encryption.Pattern]():
				return enum(encryption.Patterns())
			case reflect.TypeFor[Requirement]():
				return enum(Requirements())
			case reflect.TypeFor[policy.Verb]():
				return enum(policy.Verbs())
			case reflect.TypeFor[Namespace]():
				return enum(Namespaces())
			case reflect.TypeFor[Change]():
				return enum(Changes())
			}
			return nil
		},
	}
	if err := r.AddGoComments(path, "./"); err != nil {
		t.Fatal(err)
	}
	r.LookupComment = func(of reflect.Type, field string) string {
		return description(of, field, r.CommentMap[path+"."+of.Name()+"."+field])
	}
	schema := r.Reflect(fileSchema{})
	schema.Title = "stages.yaml of s3seal"
	schema.Description = "One copy of the whole system for each stage: its accounts, its encryption patterns, who may use the keys."
	field := func(definition, name string) *jsonschema.Schema {
		f, ok := schema.Definitions[definition].Properties.Get(name)
		if !ok {
			t.Fatalf("no field %s.%s", definition, name)
		}
		return f
	}
	// What a tag can't say, the checks' own tables do.
	stages, _ := schema.Properties.Get("stages")
	stages.Description = "stages are the stages by their names: 1-20 of a-z, 0-9 and hyphen, beginning with a letter. Stack names begin with it."
	stages.PropertyNames = &jsonschema.Schema{Pattern: stageName.String()}
	stages.MinProperties = new(uint64(1))
	defaults, _ := schema.Properties.Get("defaults")
	defaults.Description = "defaults is what is said of every stage that says nothing else: any field of a stage but its source account. A stage's mapping is merged with it field by field, and a list replaces it. Its texts may hold {stage}, {account} and {region}. Default: none."
	groups, _ := schema.Properties.Get("groups")
	groups.Description = "groups are lists of accounts that get a stage each, by the names of the groups: 1-20 of a-z, 0-9 and hyphen, beginning with a letter. Default: none."
	groups.PropertyNames, groups.MinProperties = stages.PropertyNames, stages.MinProperties
	acknowledge, _ := schema.Properties.Get("acknowledge")
	acknowledge.Description = "acknowledge accepts changes that would lose data or a name: each one change, once. Default: none."
	organization, _ := schema.Properties.Get("organization")
	organization.Description = "organization is the policies of AWS Organizations over the stages' accounts. Default: none."
	bootstrap, _ := schema.Properties.Get("bootstrap")
	bootstrap.Description = "bootstrap is how the CDK's bootstrap prepares the environments of all stages. Default: the CDK's names, no trust, generated execution policies."
	for _, list := range []string{"trust", "trustForLookup"} {
		field("Bootstrap", list).Items.Pattern = accountID.String()
	}
	field("Attachment", "accounts").Items.Pattern = accountID.String()
	schema.Definitions["Replica"].Required = schema.Definitions["Environment"].Required // the reflector forgets that of inlined types
	field("Environment", "region").Enum = values(partition.Regions())
	field("Replica", "region").Enum = values(partition.Regions())
	field("Replica", "sourceEncryption").Enum = values(replicated)
	field("Replica", "storageClass").Enum = values(replicaClasses)
	field("Retention", "functionLogDays").Enum = values(logDays)
	field("Acknowledgement", "reason").Pattern = threeWords.String()
	field("Stage", "tags").MaxProperties = new(uint64(maxTags))
	// Where there are defaults, a stage alone doesn't show what it lacks.
	schema.AnyOf = []*jsonschema.Schema{{Required: []string{"stages"}}, {Required: []string{"groups"}}}
	whole := jsonschema.NewProperties()
	whole.Set("stages", &jsonschema.Schema{AdditionalProperties: demands(schema.Definitions, "Stage")})
	schema.If = &jsonschema.Schema{Not: &jsonschema.Schema{Required: []string{"defaults"}}}
	schema.Then = &jsonschema.Schema{Properties: whole}
	for _, name := range slices.Collect(maps.Keys(schema.Definitions)) {
		switch name {
		case "Acknowledgement", "Attachment", "Bootstrap", "Organization": // without placeholders
		case "IngestSource": // of lists, which are whole or not there
			loosen(schema.Definitions[name])
		default:
			schema.Definitions[name].Required = nil
			loosen(schema.Definitions[name])
		}
	}
	data, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(data)) // for people
	return []byte(text + "\n")
}

// demands returns what a definition requires, and what those of its fields do.
func demands(definitions jsonschema.Definitions, name string) *jsonschema.Schema {
	out, properties := &jsonschema.Schema{Required: definitions[name].Required}, jsonschema.NewProperties()
	for p := definitions[name].Properties.Oldest(); p != nil; p = p.Next() {
		if below := strings.TrimPrefix(p.Value.Ref, "#/$defs/"); below != "" {
			if of := demands(definitions, below); of != nil {
				properties.Set(p.Key, of)
			}
		}
	}
	if properties.Len() > 0 {
		out.Properties = properties
	} else if len(out.Required) == 0 {
		return nil
	}
	return out
}

// loosen lets the texts of a definition have placeholders instead of what they
// must else be.
func loosen(definition *jsonschema.Schema) {
	for p := definition.Properties.Oldest(); p != nil; p = p.Next() {
		for _, text := range []*jsonschema.Schema{p.Value, p.Value.Items} {
			if text == nil || text.Type != "string" || text.Pattern == "" && text.Enum == nil {
				continue
			}
			limits := &jsonschema.Schema{Pattern: text.Pattern, Enum: text.Enum, MinLength: text.MinLength, MaxLength: text.MaxLength}
			text.Pattern, text.Enum, text.MinLength, text.MaxLength = "", nil, nil, nil
			text.AnyOf = []*jsonschema.Schema{limits, {Pattern: placeholder.String()}}
		}
	}
}

func enum[T ~string](of []T) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Enum: values(of)}
}

func values[T any](of []T) []any {
	out := make([]any, len(of))
	for i, v := range of {
		out[i] = v
	}
	return out
}

// description makes a description for editors of a comment: on one line, and
// with the field's name of the file where the comment begins with that of Go.
func description(of reflect.Type, field, comment string) string {
	comment = strings.Join(strings.Fields(comment), " ")
	if of.Kind() != reflect.Struct || field == "" {
		return comment
	}
	f, _ := of.FieldByName(field)
	key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if rest, ok := strings.CutPrefix(comment, field+" "); ok && key != "" {
		return key + " " + rest
	}
	return comment
}

func TestSchemaFileIsCurrent(t *testing.T) {
	golden.File(t, schemaFile, string(generateSchema(t)))
}

func TestEveryFieldHasADescription(t *testing.T) {
	var schema struct {
		Definitions map[string]struct {
			Properties map[string]struct{ Description string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(generateSchema(t), &schema); err != nil {
		t.Fatal(err)
	}
	for name, def := range schema.Definitions {
		for field, p := range def.Properties {
			if p.Description == "" && name != "Buckets" { // whose fields are the patterns
				t.Errorf("%s.%s has none", name, field)
			}
			if regexp.MustCompile(`^[A-Z]\w* (is|are|[a-z]+s) |^[A-Z]\w*,`).MatchString(p.Description) {
				t.Errorf("%s.%s begins with a name of Go: %s", name, field, p.Description)
			}
		}
	}
	if len(schema.Definitions) < 9 {
		t.Errorf("only %d definitions", len(schema.Definitions))
	}
}

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
