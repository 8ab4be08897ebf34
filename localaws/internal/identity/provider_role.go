package identity

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// roleType makes AWS::IAM::Role.
//
// Source: CloudFormation template reference, aws-resource-iam-role.
type roleType struct{ *Service }

type roleProperties struct {
	AssumeRolePolicyDocument api.Policy
	Description              string
	ManagedPolicyArns        []string
	MaxSessionDuration       int // seconds; 0: the default
	Path                     string
	PermissionsBoundary      string
	Policies                 []struct {
		PolicyName     string
		PolicyDocument api.Policy
	}
	RoleName string
	Tags     []api.Tag
}

// roleTemplate is a role as a template has it.
type roleTemplate struct {
	newRole
	inline   map[string]string // document by policy name
	attached []string
}

// Validate implements api.Validator.
func (p *roleProperties) Validate() error {
	names := map[string]bool{}
	for _, policy := range p.Policies {
		if err := checkGiven(policy.PolicyDocument); err != nil {
			return err
		}
		if names[policy.PolicyName] && !strings.Contains(policy.PolicyName, api.NotYetKnown) {
			return invalid("Policies has the name %q twice", policy.PolicyName)
		}
		names[policy.PolicyName] = true
	}
	return checkGiven(p.AssumeRolePolicyDocument)
}

func (p roleProperties) template(s api.StackContext) (t roleTemplate) {
	t.newEntity = newEntity{name: p.RoleName, path: p.Path, boundary: p.PermissionsBoundary, tags: s.WithTags(p.Tags)}
	t.description, t.attached, t.inline = p.Description, p.ManagedPolicyArns, map[string]string{}
	t.maxSession = time.Duration(p.MaxSessionDuration) * time.Second
	t.trust = string(p.AssumeRolePolicyDocument)
	for _, policy := range p.Policies {
		t.inline[policy.PolicyName] = string(policy.PolicyDocument)
	}
	return t
}

func (t roleType) Check(want roleProperties) error {
	if err := checkKnownName("RoleName", want.RoleName, 64); err != nil {
		return err
	}
	if _, err := readTrust(want.AssumeRolePolicyDocument.Known()); err != nil {
		return api.At("AssumeRolePolicyDocument", err)
	}
	for _, policy := range want.Policies {
		if _, err := identityPolicy(policy.PolicyDocument.Known()); err != nil {
			return api.At("Policies, "+policy.PolicyName, err)
		}
	}
	return nil
}

// Create makes no role that can't be made whole.
func (t roleType) Create(s api.StackContext, logicalID string, want roleProperties) (api.Resource, error) {
	role := want.template(s)
	if role.name == "" {
		role.name = api.GeneratedName(s, logicalID, 64)
	}
	shape, err := t.createRole(s.Call, role.newRole)
	if err != nil {
		return api.Resource{}, err
	}
	if err := t.policies(s.Call, role.name, roleTemplate{}, role); err != nil {
		// Without asking whether the caller may delete roles: CloudFormation
		// would leave half a role behind, this doesn't.
		_ = t.change(s.Call.Account, func(a *account) error { delete(a.roles, role.name); return nil })
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: role.name, Attributes: map[string]string{"Arn": shape.Arn, "RoleId": shape.RoleId}}, nil
}

// policies turns the inline and attached policies of before into those of
// after, and remembers which policies are the template's.
func (t roleType) policies(c api.Call, name string, before, after roleTemplate) error {
	for _, n := range slices.Sorted(maps.Keys(after.inline)) {
		if before.inline[n] == after.inline[n] {
			continue
		}
		if err := t.putPolicy(c, "Role", name, n, after.inline[n]); err != nil {
			return err
		}
	}
	for _, n := range slices.Sorted(maps.Keys(before.inline)) {
		if _, stays := after.inline[n]; !stays {
			if err := gone(t.deletePolicy(c, "Role", name, n)); err != nil {
				return err
			}
		}
	}
	for _, arn := range minus(after.attached, before.attached) {
		if err := t.attachPolicy(c, "Role", name, arn); err != nil {
			return err
		}
	}
	for _, arn := range minus(before.attached, after.attached) {
		if err := gone(t.detachPolicy(c, "Role", name, arn)); err != nil {
			return err
		}
	}
	return t.change(c.Account, func(a *account) error {
		e, err := a.lookup("Role", name)
		if err != nil {
			return err
		}
		e.templateInline, e.templateAttached = slices.Collect(maps.Keys(after.inline)), after.attached
		return nil
	})
}

// Update makes a new role for a new name or path.
func (t roleType) Update(s api.StackContext, logicalID string, r api.Resource, before, after roleProperties) (api.Resource, error) {
	old, want := before.template(s), after.template(s)
	if old.name != want.name || old.path != want.path {
		return t.Create(s, logicalID, after)
	}
	name := r.PhysicalID
	if old.trust != want.trust {
		if err := t.updateTrust(s.Call, name, want.trust); err != nil {
			return api.Resource{}, err
		}
	}
	if old.description != want.description || old.maxSession != want.maxSession {
		if err := t.updateRole(s.Call, name, want.description, want.maxSession); err != nil {
			return api.Resource{}, err
		}
	}
	if old.boundary != want.boundary {
		if err := t.setBoundary(s.Call, name, want.boundary); err != nil {
			return api.Resource{}, err
		}
	}
	if !maps.Equal(old.tags, want.tags) {
		if err := t.setRoleTags(s.Call, name, want.tags); err != nil {
			return api.Resource{}, err
		}
	}
	if err := t.policies(s.Call, name, old, want); err != nil {
		return api.Resource{}, err
	}
	return r, nil
}

// Delete removes the policies that the template gave with the role too; one that
// someone else attached keeps it from being deleted.
func (t roleType) Delete(s api.StackContext, r api.Resource) error {
	var mine roleTemplate
	err := t.change(s.Call.Account, func(a *account) error {
		e, err := a.lookup("Role", r.PhysicalID)
		if err != nil {
			return err
		}
		mine.attached, mine.inline = e.templateAttached, map[string]string{}
		for _, n := range e.templateInline {
			mine.inline[n] = ""
		}
		return nil
	})
	if err != nil {
		return gone(err)
	}
	if err := t.policies(s.Call, r.PhysicalID, mine, roleTemplate{}); err != nil {
		return err
	}
	return gone(t.deleteRole(s.Call, r.PhysicalID))
}
