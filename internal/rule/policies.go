package rule

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// policy is a policy document of a template, read statement by statement, so
// that one that can't be resolved doesn't hide the others.
type policy struct {
	resource   *template.Resource
	kind       policyKind
	at         string // path
	version    string
	statements []statement
	err        error // why a statement is missing; nil: none is
}

type statement struct {
	iam.Statement
	at string
}

// policyKind is what a policy belongs to.
type policyKind int

const (
	identityPolicy policyKind = iota
	bucketPolicy
	keyPolicy
	trustPolicy
	otherResourcePolicy
)

// policyPlaces are the properties that hold policy documents. "[]" stands for
// the elements of a list.
var policyPlaces = []struct {
	typ  string
	path []string
	kind policyKind
}{
	{"AWS::S3::BucketPolicy", []string{"PolicyDocument"}, bucketPolicy},
	{"AWS::KMS::Key", []string{"KeyPolicy"}, keyPolicy},
	{"AWS::KMS::ReplicaKey", []string{"KeyPolicy"}, keyPolicy},
	{"AWS::IAM::Role", []string{"AssumeRolePolicyDocument"}, trustPolicy},
	{"AWS::IAM::Role", []string{"Policies", "[]", "PolicyDocument"}, identityPolicy},
	{"AWS::IAM::User", []string{"Policies", "[]", "PolicyDocument"}, identityPolicy},
	{"AWS::IAM::Group", []string{"Policies", "[]", "PolicyDocument"}, identityPolicy},
	{"AWS::IAM::Policy", []string{"PolicyDocument"}, identityPolicy},
	{"AWS::IAM::ManagedPolicy", []string{"PolicyDocument"}, identityPolicy},
	{"AWS::IAM::RolePolicy", []string{"PolicyDocument"}, identityPolicy},
	{"AWS::IAM::UserPolicy", []string{"PolicyDocument"}, identityPolicy},
	{"AWS::IAM::GroupPolicy", []string{"PolicyDocument"}, identityPolicy},
	{"AWS::SecretsManager::ResourcePolicy", []string{"ResourcePolicy"}, otherResourcePolicy},
	{"AWS::SQS::QueuePolicy", []string{"PolicyDocument"}, otherResourcePolicy},
	{"AWS::SNS::TopicPolicy", []string{"PolicyDocument"}, otherResourcePolicy},
}

func readPolicies(stacks []*template.Stack) []*policy {
	var list []*policy
	for _, s := range stacks {
		for _, r := range s.Resources() {
			for _, place := range policyPlaces {
				if place.typ == r.Type {
					list = append(list, policiesAt(r, r.Properties(), place.path, place.kind)...)
				}
			}
		}
	}
	return list
}

func policiesAt(r *template.Resource, v template.Value, path []string, kind policyKind) []*policy {
	if len(path) == 0 {
		if exists, err := v.Exists(); !exists && err == nil {
			return nil
		}
		return []*policy{readPolicy(r, v, kind)}
	}
	if path[0] != "[]" {
		return policiesAt(r, v.Get(path[0]), path[1:], kind)
	}
	elements, err := v.List()
	switch {
	case errors.Is(err, template.ErrMissing):
		return nil
	case err != nil:
		return []*policy{{resource: r, kind: kind, at: v.Path(), err: err}}
	}
	var list []*policy
	for _, e := range elements {
		list = append(list, policiesAt(r, e, path[1:], kind)...)
	}
	return list
}

func readPolicy(r *template.Resource, v template.Value, kind policyKind) *policy {
	p := &policy{resource: r, kind: kind, at: v.Path()}
	if p.version, p.err = v.Get("Version").String(); errors.Is(p.err, template.ErrMissing) {
		p.err = nil
	}
	parts, err := v.Get("Statement").List()
	if err != nil && !template.IsUnknown(err) {
		// A single statement needs no list.
		if _, keysErr := v.Get("Statement").Keys(); keysErr == nil {
			parts, err = []template.Value{v.Get("Statement")}, nil
		}
	}
	p.err = errors.Join(p.err, err)
	for _, part := range parts {
		s, err := p.statement(part)
		if err != nil {
			p.err = errors.Join(p.err, err)
			continue
		}
		p.statements = append(p.statements, statement{Statement: s, at: part.Path()})
	}
	return p
}

// refusedError is a statement that IAM's grammar doesn't have.
type refusedError struct{ at, reason string }

func (e *refusedError) Error() string { return e.reason }

func (p *policy) statement(v template.Value) (iam.Statement, error) {
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
		return iam.Statement{}, &refusedError{v.Path(), strings.ReplaceAll(oneLine(err.Error()), "Statement[0].", "")}
	}
	return d.Statement[0], nil
}

// known is the document of the statements that could be read.
func (p *policy) known() iam.Document {
	d := iam.Document{Version: p.version}
	for _, s := range p.statements {
		d.Statement = append(d.Statement, s.Statement)
	}
	return d
}

// eachPolicy calls f for every policy. What of it can't be read leaves the rule
// undecided.
func (c *checker) eachPolicy(f func(*policy)) {
	for _, p := range c.policies {
		f(p)
		c.unreadable(p)
	}
}

// unreadable reports the statements that can't be resolved; what IAM refuses is
// found by a rule of its own.
func (c *checker) unreadable(p *policy) {
	for _, err := range unwrap(p.err) {
		var refused *refusedError
		if !errors.As(err, &refused) {
			c.unknown(p.resource, p.at, err)
		}
	}
}

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
