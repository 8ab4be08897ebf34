package identity

import "github.com/s3seal/s3seal/localaws/internal/api"

// policyType makes AWS::IAM::Policy: an inline policy in roles and users.
//
// Source: CloudFormation template reference, aws-resource-iam-policy.
type policyType struct{ *Service }

type policyProperties struct {
	PolicyName     string
	PolicyDocument api.Policy
	holders
}

// Validate implements api.Validator.
func (p *policyProperties) Validate() error {
	if len(p.all()) == 0 {
		return invalid("At least one of [Groups,Roles,Users] must be non-empty.")
	}
	return checkGiven(p.PolicyDocument)
}

func (t policyType) Check(want policyProperties) error {
	if err := checkKnownName("PolicyName", want.PolicyName, 128); err != nil {
		return err
	}
	if _, err := identityPolicy(want.PolicyDocument.Known()); err != nil {
		return api.At("PolicyDocument", err)
	}
	return nil
}

func (t policyType) Create(s api.StackContext, logicalID string, want policyProperties) (api.Resource, error) {
	id := api.GeneratedName(s, logicalID, 128)
	done, err := t.put(s.Call, want)
	if err == nil {
		err = t.place(s.Call, id, want)
	}
	if err != nil {
		// Without asking whether the caller may: nothing else would take the
		// policy back.
		_ = t.change(s.Call.Account, func(a *account) error {
			for _, h := range done {
				if e := a.entities(h.kind)[h.name]; e != nil {
					delete(e.inline, want.PolicyName)
				}
			}
			return nil
		})
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: id, Attributes: map[string]string{"Id": id}}, nil
}

// put writes the policy to all its roles and users and says where it has.
func (t policyType) put(c api.Call, want policyProperties) (done []holder, err error) {
	for _, h := range want.all() {
		if err := t.putPolicy(c, h.kind, h.name, want.PolicyName, string(want.PolicyDocument)); err != nil {
			return done, err
		}
		done = append(done, h)
	}
	return done, nil
}

func (t policyType) remove(c api.Call, policyName string, from []holder) error {
	for _, h := range from {
		if err := gone(t.deletePolicy(c, h.kind, h.name, policyName)); err != nil {
			return err
		}
	}
	return nil
}

// Update is in place, whatever changes.
func (t policyType) Update(s api.StackContext, _ string, r api.Resource, old, want policyProperties) (api.Resource, error) {
	if _, err := t.put(s.Call, want); err != nil {
		return api.Resource{}, err
	}
	from := old.all()
	if old.PolicyName == want.PolicyName {
		from = minus(from, want.all())
	}
	if err := t.remove(s.Call, old.PolicyName, from); err != nil {
		return api.Resource{}, err
	}
	return r, t.place(s.Call, r.PhysicalID, want)
}

func (t policyType) Delete(s api.StackContext, r api.Resource) error {
	from, ok := t.placement(s.Call, r.PhysicalID)
	if !ok {
		return nil
	}
	if err := t.remove(s.Call, from.PolicyName, from.all()); err != nil {
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
