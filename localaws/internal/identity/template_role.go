package identity

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// RoleProvider makes AWS::IAM::Role.
//
// Source: CloudFormation template reference, aws-resource-iam-role.
type RoleProvider struct{ service *Service }

// RoleProvider is the service's provider of roles.
func (s *Service) RoleProvider() RoleProvider { return RoleProvider{s} }

type roleProperties struct {
	AssumeRolePolicyDocument json.RawMessage
	Description              string
	ManagedPolicyArns        []string
	MaxSessionDuration       json.Number // CloudFormation also takes "3600"
	Path                     string
	PermissionsBoundary      string
	Policies                 []struct {
		PolicyName     string
		PolicyDocument json.RawMessage
	}
	RoleName string
	Tags     []templateTag
}

// roleTemplate is a role as a template has it, checked.
type roleTemplate struct {
	newRole
	inline   map[string]string // document by policy name
	attached []string
}

func decodeRole(s api.StackContext, raw json.RawMessage) (t roleTemplate, err error) {
	var p roleProperties
	if err = api.DecodeProperties(raw, &p); err != nil {
		return t, err
	}
	t.newEntity = newEntity{name: p.RoleName, path: p.Path, boundary: p.PermissionsBoundary, tags: mergedTags(s.Tags, p.Tags)}
	t.description, t.attached, t.inline = p.Description, p.ManagedPolicyArns, map[string]string{}
	if p.MaxSessionDuration != "" {
		seconds, err := strconv.Atoi(p.MaxSessionDuration.String())
		if err != nil {
			return t, invalid("MaxSessionDuration %q: want a whole number of seconds", p.MaxSessionDuration)
		}
		t.maxSession = time.Duration(seconds) * time.Second
	}
	if t.trust, err = compact(p.AssumeRolePolicyDocument); err != nil {
		return t, err
	}
	for _, policy := range p.Policies {
		if _, twice := t.inline[policy.PolicyName]; twice && !strings.Contains(policy.PolicyName, api.NotYetKnown) {
			return t, invalid("Policies has the name %q twice", policy.PolicyName)
		}
		if t.inline[policy.PolicyName], err = compact(policy.PolicyDocument); err != nil {
			return t, err
		}
	}
	return t, nil
}

// Create implements api.Provider. A role that can't be made whole is not made.
func (p RoleProvider) Create(_ context.Context, s api.StackContext, logicalID string, raw json.RawMessage) (api.Resource, error) {
	t, err := decodeRole(s, raw)
	if err != nil {
		return api.Resource{}, err
	}
	if t.name == "" {
		t.name = generatedName(s, logicalID, 64)
	}
	shape, err := p.service.createRole(s.Call, t.newRole)
	if err != nil {
		return api.Resource{}, err
	}
	if err := p.policies(s.Call, t.name, roleTemplate{}, t); err != nil {
		// Without asking whether the caller may delete roles: CloudFormation
		// would leave half a role behind, this doesn't.
		_ = p.service.change(s.Call.Account, func(a *account) error { delete(a.roles, t.name); return nil })
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: t.name, Attributes: map[string]string{"Arn": shape.Arn, "RoleId": shape.RoleId}}, nil
}

// policies turns the inline and attached policies of before into those of
// after, and remembers which policies are the template's.
func (p RoleProvider) policies(c api.Call, name string, before, after roleTemplate) error {
	for _, n := range slices.Sorted(maps.Keys(after.inline)) {
		if before.inline[n] == after.inline[n] {
			continue
		}
		if err := p.service.putPolicy(c, "Role", name, n, after.inline[n]); err != nil {
			return err
		}
	}
	for _, n := range slices.Sorted(maps.Keys(before.inline)) {
		if _, stays := after.inline[n]; !stays {
			if err := gone(p.service.deletePolicy(c, "Role", name, n)); err != nil {
				return err
			}
		}
	}
	for _, arn := range minus(after.attached, before.attached) {
		if err := p.service.attachPolicy(c, "Role", name, arn); err != nil {
			return err
		}
	}
	for _, arn := range minus(before.attached, after.attached) {
		if err := gone(p.service.detachPolicy(c, "Role", name, arn)); err != nil {
			return err
		}
	}
	return p.service.change(c.Account, func(a *account) error {
		e, err := a.lookup("Role", name)
		if err != nil {
			return err
		}
		e.templateInline, e.templateAttached = slices.Collect(maps.Keys(after.inline)), after.attached
		return nil
	})
}

// Update implements api.Provider. A new name or path is a new role.
func (p RoleProvider) Update(ctx context.Context, s api.StackContext, logicalID string, r api.Resource, before, after json.RawMessage) (api.Resource, error) {
	old, err := decodeRole(s, before)
	if err != nil {
		return api.Resource{}, err
	}
	want, err := decodeRole(s, after)
	if err != nil {
		return api.Resource{}, err
	}
	if old.name != want.name || old.path != want.path {
		return p.Create(ctx, s, logicalID, after)
	}
	name := r.PhysicalID
	if old.trust != want.trust {
		if err := p.service.updateTrust(s.Call, name, want.trust); err != nil {
			return api.Resource{}, err
		}
	}
	if old.description != want.description || old.maxSession != want.maxSession {
		if err := p.service.updateRole(s.Call, name, want.description, want.maxSession); err != nil {
			return api.Resource{}, err
		}
	}
	if old.boundary != want.boundary {
		if err := p.service.setBoundary(s.Call, name, want.boundary); err != nil {
			return api.Resource{}, err
		}
	}
	if !maps.Equal(old.tags, want.tags) {
		if err := p.service.setRoleTags(s.Call, name, want.tags); err != nil {
			return api.Resource{}, err
		}
	}
	if err := p.policies(s.Call, name, old, want); err != nil {
		return api.Resource{}, err
	}
	return r, nil
}

// Delete implements api.Provider. The policies that the template gave go with
// the role; one that someone else attached keeps it from being deleted.
func (p RoleProvider) Delete(_ context.Context, s api.StackContext, _ string, r api.Resource) error {
	var mine roleTemplate
	err := p.service.change(s.Call.Account, func(a *account) error {
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
	if err := p.policies(s.Call, r.PhysicalID, mine, roleTemplate{}); err != nil {
		return err
	}
	return gone(p.service.deleteRole(s.Call, r.PhysicalID))
}
