package stage

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"

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
