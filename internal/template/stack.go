package template

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
)

// Stack is a template in one account and region. It isn't changed after it was
// read, except for Parameters and NotificationARNs, which may be set before the
// first value is read. Any number of goroutines may read values.
type Stack struct {
	Name         string
	ArtifactID   string // id in the assembly's manifest; "" for a template read alone
	Stage        string // display name of the CDK stage ("Prod", "Prod/EU"), or ""
	Account      string // 12 digits, or "": not known
	Region       string // or "": not known
	AnyAccount   bool   // Account is one of any to which the stack may be deployed
	AnyRegion    bool   // and so is Region
	File         string // the template's file; of a stage that another stands for in a snapshot, the one that it would be
	Template     *Template
	Like         string   // the stage that stands for this one in a snapshot, or ""
	Dependencies []string // artifact ids of the stacks that must be deployed before
	Tags         map[string]string

	Parameters       map[string]string // values given at deployment, by parameter name
	NotificationARNs []string          // nil: not known

	standIns map[string]StandIn // of parameters without value

	load func() error // reads Template; nil: it is read

	peers []*Stack // all stacks of the assembly, for references between stacks

	written *Form // of the template's text; nil: not known, or it has none
}

// stageTag is the tag that every stack of a stage of stages.yaml carries.
const stageTag = "s3seal:stage"

// OfStage is the stage of stages.yaml that the stack belongs to, by its tag; ""
// for any other stack.
func (s *Stack) OfStage() string { return s.Tags[stageTag] }

// ReadTemplate reads one CloudFormation template, JSON or YAML. An account or
// region that isn't known is "". The stack's name is the file's, without the
// extensions.
func ReadTemplate(file, account, region string) (*Stack, error) {
	s := &Stack{File: file, Account: account, Region: region, Name: StackName(filepath.Base(file))}
	if err := s.read(); err != nil {
		return nil, err
	}
	if len(s.Template.Resources) == 0 && len(s.Template.Unexpanded) == 0 {
		return nil, fmt.Errorf("%s: not a CloudFormation template: it has no Resources", file)
	}
	s.peers = []*Stack{s}
	return s, nil
}

// StackName makes a stack name of a file's name or path, without the extensions:
// stand-ins are built from it and must be valid names.
func StackName(file string) string {
	for _, ext := range []string{".json", ".yaml", ".yml", ".template"} {
		file = strings.TrimSuffix(file, ext)
	}
	return cmp.Or(strings.Trim(notInStackName.ReplaceAllString(file, "-"), "-"), "stack")
}

var notInStackName = regexp.MustCompile(`[^A-Za-z0-9]+`)

func (s *Stack) read() error {
	info, err := os.Stat(s.File)
	switch {
	case os.IsNotExist(err):
		return fmt.Errorf("%s: no such file", s.File)
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: not a file", s.File)
	case info.Size() > cfn.MaxSize:
		return fmt.Errorf("%s: %d bytes: CloudFormation accepts no template larger than 1 MB", s.File, info.Size())
	}
	data, err := os.ReadFile(s.File)
	if err != nil {
		return err
	}
	return s.parse(data)
}

func (s *Stack) parse(data []byte) error {
	t, err := Parse(data)
	if err != nil {
		return inFile(s.File, err)
	}
	if form, ok := formOf(data); ok {
		s.written = &form
	}
	s.bind(t)
	return nil
}

func (s *Stack) bind(t *Template) {
	s.Template = t
	for _, r := range t.Resources {
		r.stack = s
	}
}

// inFile puts the file before each line of a joined error.
func inFile(file string, err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return fmt.Errorf("%s: %w", file, err)
	}
	var all []error
	for _, one := range joined.Unwrap() {
		all = append(all, fmt.Errorf("%s: %w", file, one))
	}
	return errors.Join(all...)
}

// Unset are the parameters that have neither a value nor a default, sorted.
func (s *Stack) Unset() []string {
	var names []string
	for name, p := range s.Template.Parameters {
		if _, given := s.Parameters[name]; !given && p.Default == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Resource gives the resource of that logical id, or nil.
func (s *Stack) Resource(logicalID string) *Resource { return s.Template.Resources[logicalID] }

// Resources gives all resources that aren't switched off by a condition,
// sorted by logical id. One whose condition can't be known is among them.
func (s *Stack) Resources() []*Resource {
	var list []*Resource
	for _, id := range slices.Sorted(maps.Keys(s.Template.Resources)) {
		r := s.Template.Resources[id]
		if created, err := r.Created(); created || err != nil {
			list = append(list, r)
		}
	}
	return list
}

// ResourcesOfType gives those of Resources that have the type.
func (s *Stack) ResourcesOfType(typ string) []*Resource {
	return slices.DeleteFunc(s.Resources(), func(r *Resource) bool { return r.Type != typ })
}

// Resolve gives value, a piece of this stack's template, with all intrinsic
// functions computed. AWS::NoValue as a whole resolves to nil. The path is the
// place that errors name.
func (s *Stack) Resolve(value any, at string) (any, error) {
	resolved, err := newScope(s).Resolve(value, cfn.Root(at))
	if _, none := resolved.(cfn.NoValue); none {
		return nil, err
	}
	return resolved, err
}

// Output gives the value of an output, always a string.
func (s *Stack) Output(name string) (string, error) {
	return newScope(s).output(name, cfn.Root("Outputs", name))
}

// Stack is the stack that the resource stands in.
func (r *Resource) Stack() *Stack { return r.stack }

// Path is the resource's place in the template: "Resources.Bucket".
func (r *Resource) Path() string { return "Resources." + r.LogicalID }

// Properties gives the resource's properties, resolved as they are asked for.
func (r *Resource) Properties() Value {
	props := r.RawProperties
	if props == nil {
		props = map[string]any{}
	}
	return Value{stack: r.stack, raw: props, at: cfn.Root("Resources", r.LogicalID, "Properties")}
}

// Created tells whether the stack creates the resource: it has no condition, or
// one that is true.
func (r *Resource) Created() (bool, error) {
	if r.Condition == "" {
		return true, nil
	}
	return newScope(r.stack).Condition(r.Condition, cfn.Root("Resources", r.LogicalID, "Condition"))
}

// Ref gives what {"Ref": LogicalID} gives: the physical id.
func (r *Resource) Ref() (string, error) {
	return newScope(r.stack).resourceRef(r, cfn.Root("Resources", r.LogicalID))
}

// Att gives what {"Fn::GetAtt": [LogicalID, attribute]} gives.
func (r *Resource) Att(attribute string) (string, error) {
	return newScope(r.stack).attribute(r, attribute, cfn.Root("Resources", r.LogicalID))
}
