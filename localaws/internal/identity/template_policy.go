package identity

import (
	"context"
	"encoding/json"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// PolicyProvider makes AWS::IAM::Policy: an inline policy in roles and users.
//
// Source: CloudFormation template reference, aws-resource-iam-policy.
type PolicyProvider struct{ service *Service }

// PolicyProvider is the service's provider of inline policies.
func (s *Service) PolicyProvider() PolicyProvider { return PolicyProvider{s} }

// policyProperties has no Groups: there are none here.
type policyProperties struct {
	PolicyName     string
	PolicyDocument json.RawMessage
	Roles          []string
	Users          []string
}

func decodePolicy(raw json.RawMessage) (p policyProperties, text string, err error) {
	if err = api.DecodeProperties(raw, &p); err != nil {
		return p, "", err
	}
	if len(p.Roles) == 0 && len(p.Users) == 0 {
		return p, "", invalid("At least one of [Groups,Roles,Users] must be non-empty.")
	}
	text, err = compact(p.PolicyDocument)
	return p, text, err
}

// Create implements api.Provider.
func (p PolicyProvider) Create(_ context.Context, s api.StackContext, logicalID string, raw json.RawMessage) (api.Resource, error) {
	want, text, err := decodePolicy(raw)
	if err != nil {
		return api.Resource{}, err
	}
	var done policyProperties
	id := generatedName(s, logicalID, 128)
	if err = p.put(s.Call, want, text, &done); err == nil {
		err = p.place(s.Call, id, want)
	}
	if err != nil {
		p.undo(s.Call, want.PolicyName, done)
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: id, Attributes: map[string]string{"Id": id}}, nil
}

// put writes the policy to all its roles and users and notes where it has.
func (p PolicyProvider) put(c api.Call, want policyProperties, text string, done *policyProperties) error {
	for _, name := range want.Roles {
		if err := p.service.putPolicy(c, "Role", name, want.PolicyName, text); err != nil {
			return err
		}
		done.Roles = append(done.Roles, name)
	}
	for _, name := range want.Users {
		if err := p.service.putPolicy(c, "User", name, want.PolicyName, text); err != nil {
			return err
		}
		done.Users = append(done.Users, name)
	}
	return nil
}

// undo takes a policy back that a failed Create has put, without asking
// whether the caller may: nothing else would.
func (p PolicyProvider) undo(c api.Call, name string, done policyProperties) {
	_ = p.service.change(c.Account, func(a *account) error {
		for _, role := range done.Roles {
			if e := a.roles[role]; e != nil {
				delete(e.inline, name)
			}
		}
		for _, user := range done.Users {
			if e := a.users[user]; e != nil {
				delete(e.inline, name)
			}
		}
		return nil
	})
}

func (p PolicyProvider) remove(c api.Call, from policyProperties) error {
	for _, name := range from.Roles {
		if err := gone(p.service.deletePolicy(c, "Role", name, from.PolicyName)); err != nil {
			return err
		}
	}
	for _, name := range from.Users {
		if err := gone(p.service.deletePolicy(c, "User", name, from.PolicyName)); err != nil {
			return err
		}
	}
	return nil
}

// Update implements api.Provider: in place, whatever changes.
func (p PolicyProvider) Update(_ context.Context, s api.StackContext, _ string, r api.Resource, before, after json.RawMessage) (api.Resource, error) {
	old, _, err := decodePolicy(before)
	if err != nil {
		return api.Resource{}, err
	}
	want, text, err := decodePolicy(after)
	if err != nil {
		return api.Resource{}, err
	}
	var done policyProperties
	if err := p.put(s.Call, want, text, &done); err != nil {
		return api.Resource{}, err
	}
	if old.PolicyName == want.PolicyName {
		old.Roles, old.Users = minus(old.Roles, want.Roles), minus(old.Users, want.Users)
	}
	if err := p.remove(s.Call, old); err != nil {
		return api.Resource{}, err
	}
	if err := p.place(s.Call, r.PhysicalID, want); err != nil {
		return api.Resource{}, err
	}
	return r, nil
}

// Delete implements api.Provider.
func (p PolicyProvider) Delete(_ context.Context, s api.StackContext, _ string, r api.Resource) error {
	from, ok := p.placement(s.Call, r.PhysicalID)
	if !ok {
		return nil
	}
	if err := p.remove(s.Call, from); err != nil {
		return err
	}
	return p.service.change(s.Call.Account, func(a *account) error {
		delete(a.placements, r.PhysicalID)
		return nil
	})
}

// place remembers where the policy of a physical id is: Delete isn't told the
// properties.
func (p PolicyProvider) place(c api.Call, physicalID string, at policyProperties) error {
	return p.service.change(c.Account, func(a *account) error {
		a.placements[physicalID] = at
		return nil
	})
}

func (p PolicyProvider) placement(c api.Call, physicalID string) (at policyProperties, ok bool) {
	_ = p.service.change(c.Account, func(a *account) error {
		at, ok = a.placements[physicalID]
		return nil
	})
	return at, ok
}
