package rule

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// deployment is what all rules read: the stacks, what they deploy, and what of
// it isn't known completely.
type deployment struct {
	Options
	stacks   []*template.Stack
	set      *resource.Set
	policies []*policy
	leaves   []leaf

	places       map[stackPlace]*template.Stack
	moves        moves        // of what Before has
	acknowledged map[int]bool // of Acknowledge, those that cover a change

	// doubts says why more may apply to a bucket or a role than set has: a
	// statement or an attached policy that can't be resolved.
	doubts map[*template.Resource]error
	// left says why a resource isn't in set.
	left map[*template.Resource]error
}

func newDeployment(stacks []*template.Stack, options Options) *deployment {
	d := &deployment{
		Options:  options,
		stacks:   stacks,
		set:      resource.Read(stacks),
		policies: readPolicies(stacks),
		leaves:   readLeaves(stacks),
		doubts:   map[*template.Resource]error{},
		left:     map[*template.Resource]error{},

		places:       map[stackPlace]*template.Stack{},
		acknowledged: map[int]bool{},
	}
	for _, s := range stacks {
		d.places[placeOf(s)] = s
	}
	d.moves = d.readMoves()
	for _, u := range d.set.Unknown {
		d.left[u.Resource] = u.Err
	}
	for _, u := range d.set.Unknown {
		switch u.Type {
		case "AWS::S3::BucketPolicy":
			d.doubtBucketPolicy(u)
		case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy":
			d.doubtRolePolicy(u)
		}
	}
	for _, r := range d.set.Roles {
		d.readAttached(r)
	}
	d.addRolePolicies()
	return d
}

// doubtBucketPolicy keeps of a policy that couldn't be read the statements that
// could: a Deny among them holds whatever the others say.
func (d *deployment) doubtBucketPolicy(u resource.Unknown) {
	for _, b := range d.set.Buckets {
		if !concerns(u.Resource, "Bucket", b) {
			continue
		}
		d.doubt(b.Resource, u.Err)
		if b.Policy != nil {
			continue
		}
		for _, p := range d.policies {
			if p.resource == u.Resource {
				b.Policy = &iam.Source{Name: "policy of bucket " + b.Name, Document: p.known()}
			}
		}
	}
}

// concerns says whether a policy resource may be the bucket's: the property
// names it, or can't be resolved and doesn't name another.
func concerns(policy *template.Resource, property string, b *resource.Bucket) bool {
	v := policy.Properties().Get(property)
	if name, err := v.String(); err == nil {
		return name == b.Name
	}
	if ref, ok := policy.RawProperties[property].(map[string]any); ok {
		if id, ok := ref["Ref"].(string); ok && policy.Stack().Resource(id) != nil {
			return policy.Stack() == b.Stack() && id == b.LogicalID
		}
	}
	return policy.Stack().Account == b.Account
}

func (d *deployment) doubtRolePolicy(u resource.Unknown) {
	names, err := u.Properties().Get("Roles").Strings()
	if errors.Is(err, template.ErrMissing) {
		return
	}
	for _, r := range d.set.Roles {
		if r.Account == u.Stack().Account && (err != nil || slices.Contains(names, r.Name)) {
			d.doubt(r.Resource, u.Err)
		}
	}
}

// readAttached finds the managed policies that a role names among the stacks'
// own; what the others allow isn't known.
func (d *deployment) readAttached(role *resource.Role) {
	for _, arn := range role.Managed {
		document := d.managedPolicy(arn)
		if document == nil {
			d.doubt(role.Resource, fmt.Errorf("what the attached policy %s allows", arn))
			continue
		}
		role.Policies = append(role.Policies, iam.Source{Name: "policy " + arn, Document: *document})
	}
	if _, err := role.Properties().Get("PermissionsBoundary").String(); !errors.Is(err, template.ErrMissing) {
		d.doubt(role.Resource, errors.New("what the permissions boundary of the role leaves of its policies"))
	}
}

func (d *deployment) managedPolicy(arn string) *iam.Document {
	for _, p := range d.policies {
		if p.resource.Type != "AWS::IAM::ManagedPolicy" || p.err != nil {
			continue
		}
		if own, err := p.resource.Ref(); err == nil && own == arn {
			document := p.known()
			return &document
		}
	}
	return nil
}

// addRolePolicies attaches policies of the type AWS::IAM::RolePolicy.
func (d *deployment) addRolePolicies() {
	for _, p := range d.policies {
		if p.resource.Type != "AWS::IAM::RolePolicy" {
			continue
		}
		name, err := p.resource.Properties().Get("RoleName").String()
		if err == nil {
			err = p.err
		}
		for _, role := range d.set.Roles {
			switch {
			case role.Account != p.resource.Stack().Account || name != "" && role.Name != name:
			case err != nil:
				d.doubt(role.Resource, err)
			default:
				role.Policies = append(role.Policies, iam.Source{Name: "policy " + p.resource.LogicalID, Document: p.known()})
			}
		}
	}
}

// doubt keeps the first reason.
func (d *deployment) doubt(r *template.Resource, why error) {
	if d.doubts[r] == nil {
		d.doubts[r] = why
	}
}

// policyDoubt says why a bucket may have a policy, or statements, that aren't in
// the set; nil when they are all known. A bucket without any may still get one
// from what the stack hands it to.
func (d *deployment) policyDoubt(b *resource.Bucket) error {
	if why := d.doubts[b.Resource]; why != nil || b.Policy != nil {
		return why
	}
	s := b.Stack()
	for _, at := range s.Template.Unexpanded {
		if !strings.HasSuffix(at, "Policy") { // DeletionPolicy and its like make nothing
			return fmt.Errorf("what CloudFormation makes of %s", at)
		}
	}
	for _, macro := range s.Template.Transforms {
		if !slices.Contains(transparent, macro) {
			return fmt.Errorf("what the macro %s adds to the template", macro)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.Template.Resources)) {
		r := s.Template.Resources[id]
		if handsOn(r) && mentions(r.RawProperties, b.LogicalID) {
			return fmt.Errorf("what %s (%s) does with the bucket", id, r.Type)
		}
	}
	return nil
}

// transparent are the macros that add no policy to a bucket that is written out
// in the template.
var transparent = []string{"AWS::LanguageExtensions", "AWS::Serverless-2016-10-31", "AWS::SecretsManager-2020-07-23", "AWS::SecretsManager-2024-09-16"}

// handsOn: nested stacks and custom resources may do anything with what they
// are given.
func handsOn(r *template.Resource) bool {
	return r.Type == "AWS::CloudFormation::Stack" || r.Type == "AWS::CloudFormation::CustomResource" || strings.HasPrefix(r.Type, "Custom::")
}

// mentions says whether the template text v refers to a logical id.
func mentions(v any, logicalID string) bool {
	switch v := v.(type) {
	case string:
		return v == logicalID || strings.Contains(v, "${"+logicalID+"}") || strings.Contains(v, "${"+logicalID+".") || strings.HasPrefix(v, logicalID+".")
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return mentions(e, logicalID) })
	case map[string]any:
		for _, e := range v {
			if mentions(e, logicalID) {
				return true
			}
		}
	}
	return false
}

// bucket is what the set knows of a bucket resource; why says what it doesn't.
func (d *deployment) bucket(r *template.Resource) (b *resource.Bucket, why error) {
	for _, b := range d.set.Buckets {
		if b.Resource == r {
			if b.Account == "" {
				return nil, errors.New("the account of the stack: it isn't given")
			}
			return b, nil
		}
	}
	if why = d.left[r]; why == nil {
		why = errors.New("whether the bucket is created")
	}
	return nil, why
}
