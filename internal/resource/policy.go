package resource

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// Policy is a policy document of a template, read statement by statement, so
// that one that can't be resolved doesn't hide the others.
type Policy struct {
	*template.Resource // that it is written in
	Kind               PolicyKind
	Name               string // as the template has it, or the logical id
	At                 string // path
	Version, ID        string
	Statements         []Statement
	Err                error // why a statement is missing; nil: none is
}

// Statement is a statement with its path.
type Statement struct {
	iam.Statement
	At string
}

// PolicyKind is what a policy belongs to.
type PolicyKind int

// The kinds of policies.
const (
	IdentityPolicy PolicyKind = iota
	BucketPolicy
	AccessPointPolicy
	KeyPolicy
	TrustPolicy
	SecretPolicy
	OtherResourcePolicy
	OrganizationPolicy // an SCP or RCP
	EndpointPolicy
)

// policyProperties are the properties that hold policy documents, by type.
var policyProperties = map[string]struct {
	name string
	kind PolicyKind
}{
	"AWS::S3::BucketPolicy":               {"PolicyDocument", BucketPolicy},
	"AWS::S3::AccessPoint":                {"Policy", AccessPointPolicy},
	"AWS::KMS::Key":                       {"KeyPolicy", KeyPolicy},
	"AWS::KMS::ReplicaKey":                {"KeyPolicy", KeyPolicy},
	"AWS::IAM::Role":                      {"AssumeRolePolicyDocument", TrustPolicy},
	"AWS::IAM::Policy":                    {"PolicyDocument", IdentityPolicy},
	"AWS::IAM::ManagedPolicy":             {"PolicyDocument", IdentityPolicy},
	"AWS::IAM::RolePolicy":                {"PolicyDocument", IdentityPolicy},
	"AWS::IAM::UserPolicy":                {"PolicyDocument", IdentityPolicy},
	"AWS::IAM::GroupPolicy":               {"PolicyDocument", IdentityPolicy},
	"AWS::SSO::PermissionSet":             {"InlinePolicy", IdentityPolicy},
	"AWS::SecretsManager::ResourcePolicy": {"ResourcePolicy", SecretPolicy},
	"AWS::Lambda::ResourcePolicy":         {"PolicyDocument", OtherResourcePolicy},
	"AWS::SQS::QueuePolicy":               {"PolicyDocument", OtherResourcePolicy},
	"AWS::SNS::TopicPolicy":               {"PolicyDocument", OtherResourcePolicy},
}

func readPolicies(stacks []*template.Stack) []*Policy {
	var list []*Policy
	for _, s := range stacks {
		for _, r := range s.Resources() {
			if p, ok := policyProperties[r.Type]; ok && !missing(r.Properties().Get(p.name)) {
				list = append(list, readPolicy(r, p.kind, r.Properties(), p.name))
			}
			if slices.ContainsFunc(owners, func(o owner) bool { return o.typ == r.Type }) {
				list = append(list, inlinePolicies(r)...)
			}
		}
	}
	return list
}

// inlinePolicies are those that a role, a user or a group holds itself.
func inlinePolicies(r *template.Resource) []*Policy {
	v := r.Properties().Get("Policies")
	elements, err := v.List()
	if err != nil && !errors.Is(err, template.ErrMissing) {
		return []*Policy{{Resource: r, Name: r.LogicalID, At: v.Path(), Err: err}}
	}
	var list []*Policy
	for _, e := range elements {
		list = append(list, readPolicy(r, IdentityPolicy, e, "PolicyDocument"))
	}
	return list
}

func readPolicy(r *template.Resource, kind PolicyKind, holder template.Value, property string) *Policy {
	v := holder.Get(property)
	p := &Policy{Resource: r, Kind: kind, Name: r.LogicalID, At: v.Path()}
	for _, property := range []string{"PolicyName", "ManagedPolicyName"} {
		if name, err := holder.Get(property).String(); err == nil {
			p.Name = name
		}
	}
	p.read(v)
	return p
}

// missing: it is known that there is no value.
func missing(v template.Value) bool {
	exists, err := v.Exists()
	return !exists && err == nil
}

func (p *Policy) read(v template.Value) {
	if _, err := v.Keys(); err != nil {
		if text, err := v.String(); err == nil {
			p.readText(text)
			return
		}
		if _, err := v.Exists(); err != nil {
			p.Err = err // the same for all parts of it
			return
		}
	}
	p.ID, _ = v.Get("Id").String() // decides nothing, so that it may be unknown
	if p.Version, p.Err = v.Get("Version").String(); errors.Is(p.Err, template.ErrMissing) {
		p.Err = nil
	}
	parts, err := v.Get("Statement").List()
	if err != nil && !template.IsUnknown(err) {
		// A single statement needs no list.
		if _, keysErr := v.Get("Statement").Keys(); keysErr == nil {
			parts, err = []template.Value{v.Get("Statement")}, nil
		}
	}
	if errors.Is(err, template.ErrMissing) {
		err = nil // which the form of the document doesn't allow
	}
	p.Err = errors.Join(p.Err, p.formOf(v), err)
	for _, part := range parts {
		s, err := readStatement(part)
		if err != nil {
			p.Err = errors.Join(p.Err, err)
			continue
		}
		p.Statements = append(p.Statements, Statement{Statement: s, At: part.Path()})
	}
}

// formOf says what is wrong with the document around its statements.
func (p *Policy) formOf(v template.Value) error {
	keys, err := v.Keys()
	if err != nil {
		return nil // which the statements say
	}
	form := map[string]any{}
	for _, key := range keys {
		form[key] = "unknown"
	}
	if _, known := form["Version"]; known {
		form["Version"] = cmp.Or(p.Version, iam.Version)
	}
	if _, there := form["Statement"]; there {
		form["Statement"] = map[string]any{"Effect": iam.Allow, "Action": "s3:*", "Resource": "*"}
	}
	data, err := json.Marshal(form)
	if err == nil {
		_, err = iam.ParseDocument(data)
	}
	if err != nil {
		return &RefusedError{v.Path(), oneLine(err)}
	}
	return nil
}

// readText reads a policy that is given as JSON text, which the schemas of most
// of the types allow. CloudFormation computes nothing inside of it.
func (p *Policy) readText(text string) {
	d, err := iam.ParseDocument([]byte(text))
	if err != nil {
		p.Err = &RefusedError{p.At, oneLine(err)}
		return
	}
	p.Version, p.ID = d.Version, d.ID
	for _, s := range d.Statement {
		p.Statements = append(p.Statements, Statement{Statement: s, At: p.At})
	}
}

// RefusedError says why IAM's grammar doesn't have a statement, or a document.
type RefusedError struct{ At, Reason string }

func (e *RefusedError) Error() string { return e.Reason }

func readStatement(v template.Value) (iam.Statement, error) {
	plain, err := v.Resolve()
	if err != nil {
		return iam.Statement{}, err
	}
	data, err := json.Marshal(map[string]any{"Version": iam.Version, "Statement": []any{plain}})
	if err != nil {
		return iam.Statement{}, err
	}
	d, err := iam.ParseDocument(data)
	if err != nil {
		return iam.Statement{}, &RefusedError{v.Path(), strings.ReplaceAll(oneLine(err), "Statement[0].", "")}
	}
	return d.Statement[0], nil
}

func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// Known is the document of the statements that could be read.
func (p *Policy) Known() iam.Document {
	d := iam.Document{Version: p.Version, ID: p.ID}
	for _, s := range p.Statements {
		d.Statement = append(d.Statement, s.Statement)
	}
	return d
}

// Unread are the reasons for which statements are missing, one by one.
func (p *Policy) Unread() []error { return unwrap(p.Err) }

// unwrap takes a joined error apart.
func unwrap(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, one := range joined.Unwrap() {
		all = append(all, unwrap(one)...)
	}
	return all
}
