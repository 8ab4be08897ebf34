package identity

import (
	"encoding/json"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// policyType makes AWS::IAM::Policy: an inline policy in roles and users.
//
// Source: CloudFormation template reference, aws-resource-iam-policy.
type policyType struct{ *Service }

// policyProperties has no Groups: there are none here.
type policyProperties struct {
	PolicyName     string
	PolicyDocument json.RawMessage
	Roles          []string
	Users          []string

	text string // the document as one line
}

// Validate implements api.Validator.
func (p *policyProperties) Validate() (err error) {
	if len(p.Roles) == 0 && len(p.Users) == 0 {
		return invalid("At least one of [Groups,Roles,Users] must be non-empty.")
	}
	p.text, err = compact(p.PolicyDocument)
	return err
}

func (t policyType) Check(want policyProperties) error {
	if err := checkKnownName("PolicyName", want.PolicyName, 128); err != nil {
		return err
	}
	if _, err := identityPolicy(knownText(want.text)); err != nil {
		return api.At("PolicyDocument", err)
	}
	return nil
}

func (t policyType) Create(s api.StackContext, logicalID string, want policyProperties) (api.Resource, error) {
	var done policyProperties
	id := api.GeneratedName(s, logicalID, 128)
	err := t.put(s.Call, want, &done)
	if err == nil {
		err = t.place(s.Call, id, want)
	}
	if err != nil {
		t.undo(s.Call, want.PolicyName, done)
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: id, Attributes: map[string]string{"Id": id}}, nil
}

// put writes the policy to all its roles and users and notes where it has.
func (t policyType) put(c api.Call, want policyProperties, done *policyProperties) error {
	for _, name := range want.Roles {
		if err := t.putPolicy(c, "Role", name, want.PolicyName, want.text); err != nil {
			return err
		}
		done.Roles = append(done.Roles, name)
	}
	for _, name := range want.Users {
		if err := t.putPolicy(c, "User", name, want.PolicyName, want.text); err != nil {
			return err
		}
		done.Users = append(done.Users, name)
	}
	return nil
}

// undo takes a policy back that a failed Create has put, without asking
// whether the caller may: nothing else would.
func (t policyType) undo(c api.Call, name string, done policyProperties) {
	_ = t.change(c.Account, func(a *account) error {
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

func (t policyType) remove(c api.Call, from policyProperties) error {
	for _, name := range from.Roles {
		if err := gone(t.deletePolicy(c, "Role", name, from.PolicyName)); err != nil {
			return err
		}
	}
	for _, name := range from.Users {
		if err := gone(t.deletePolicy(c, "User", name, from.PolicyName)); err != nil {
			return err
		}
	}
	return nil
}

// Update is in place, whatever changes.
func (t policyType) Update(s api.StackContext, _ string, r api.Resource, old, want policyProperties) (api.Resource, error) {
	var done policyProperties
	if err := t.put(s.Call, want, &done); err != nil {
		return api.Resource{}, err
	}
	if old.PolicyName == want.PolicyName {
		old.Roles, old.Users = minus(old.Roles, want.Roles), minus(old.Users, want.Users)
	}
	if err := t.remove(s.Call, old); err != nil {
		return api.Resource{}, err
	}
	if err := t.place(s.Call, r.PhysicalID, want); err != nil {
		return api.Resource{}, err
	}
	return r, nil
}

func (t policyType) Delete(s api.StackContext, r api.Resource) error {
	from, ok := t.placement(s.Call, r.PhysicalID)
	if !ok {
		return nil
	}
	if err := t.remove(s.Call, from); err != nil {
		return err
	}
	return t.change(s.Call.Account, func(a *account) error {
		delete(a.placements, r.PhysicalID)
		return nil
	})
}

// place remembers where the policy of a physical id is: Delete isn't told the
// properties.
func (t policyType) place(c api.Call, physicalID string, at policyProperties) error {
	return t.change(c.Account, func(a *account) error {
		a.placements[physicalID] = at
		return nil
	})
}

func (t policyType) placement(c api.Call, physicalID string) (at policyProperties, ok bool) {
	_ = t.change(c.Account, func(a *account) error {
		at, ok = a.placements[physicalID]
		return nil
	})
	return at, ok
}
