package identity

import (
	"slices"
	"strconv"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// managedPolicyType makes AWS::IAM::ManagedPolicy.
//
// Source: CloudFormation template reference, aws-resource-iam-managedpolicy.
type managedPolicyType struct{ *Service }

type managedProperties struct {
	ManagedPolicyName string
	Description       string
	Path              string
	PolicyDocument    api.Policy
	holders
}

// Validate implements api.Validator.
func (p *managedProperties) Validate() error { return checkGiven(p.PolicyDocument) }

func (t managedPolicyType) Check(want managedProperties) error {
	if err := checkKnownName("ManagedPolicyName", want.ManagedPolicyName, 128); err != nil {
		return err
	}
	if _, err := managedDocument(want.PolicyDocument.Known()); err != nil {
		return api.At("PolicyDocument", err)
	}
	return nil
}

func (t managedPolicyType) Create(s api.StackContext, logicalID string, want managedProperties) (api.Resource, error) {
	n := newManaged{name: want.ManagedPolicyName, path: want.Path, description: want.Description, text: string(want.PolicyDocument)}
	if n.name == "" {
		n.name = api.GeneratedName(s, logicalID, 128)
	}
	made, err := t.createManaged(s.Call, n)
	if err != nil {
		return api.Resource{}, err
	}
	if err := t.attachments(s.Call, made.arn, nil, want.all()); err != nil {
		_ = t.change(s.Call.Account, func(a *account) error {
			a.drop(made.arn)
			return nil
		})
		return api.Resource{}, err
	}
	return t.resource(s.Call, made.arn)
}

// attachments turns the roles and users of before into those of after.
func (t managedPolicyType) attachments(c api.Call, arn string, before, after []holder) error {
	for _, h := range minus(after, before) {
		if err := t.attachPolicy(c, h.kind, h.name, arn); err != nil {
			return err
		}
	}
	for _, h := range minus(before, after) {
		if err := gone(t.detachPolicy(c, h.kind, h.name, arn)); err != nil {
			return err
		}
	}
	return nil
}

func (t managedPolicyType) resource(c api.Call, arn string) (r api.Resource, err error) {
	err = t.change(c.Account, func(a *account) error {
		m := a.policies[arn]
		if m == nil {
			return noSuchEntity("Policy %s was not found.", arn)
		}
		r = api.Resource{PhysicalID: arn, Attributes: map[string]string{
			"PolicyArn": arn, "PolicyId": m.id, "DefaultVersionId": "v1", "IsAttachable": "true",
			"AttachmentCount": strconv.Itoa(a.attachments(arn)), "CreateDate": timestamp(m.created), "UpdateDate": timestamp(m.created),
		}}
		return nil
	})
	return r, err
}

// Update makes a new policy for a new name, path or description; a new document
// is a new default version, which has the name v1 again here.
func (t managedPolicyType) Update(s api.StackContext, logicalID string, r api.Resource, old, want managedProperties) (api.Resource, error) {
	if old.ManagedPolicyName != want.ManagedPolicyName || old.Path != want.Path || old.Description != want.Description {
		return t.Create(s, logicalID, want)
	}
	if old.PolicyDocument != want.PolicyDocument {
		doc, err := managedDocument(string(want.PolicyDocument))
		if err != nil {
			return api.Resource{}, err
		}
		err = t.withManaged(s.Call, "CreatePolicyVersion", r.PhysicalID, func(_ *account, m *managedPolicy) error {
			m.policy = doc
			return nil
		})
		if err != nil {
			return api.Resource{}, err
		}
	}
	if err := t.attachments(s.Call, r.PhysicalID, old.all(), want.all()); err != nil {
		return api.Resource{}, err
	}
	return t.resource(s.Call, r.PhysicalID)
}

// Delete removes the attachments together with the policy, as CloudFormation
// does.
func (t managedPolicyType) Delete(s api.StackContext, r api.Resource) error {
	var attached []holder
	err := t.change(s.Call.Account, func(a *account) error {
		for _, kind := range []string{"Role", "User"} {
			for _, e := range sorted(a.entities(kind), "") {
				if slices.Contains(e.attached, r.PhysicalID) {
					attached = append(attached, holder{kind, e.name})
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := t.attachments(s.Call, r.PhysicalID, attached, nil); err != nil {
		return err
	}
	return gone(t.deleteManaged(s.Call, r.PhysicalID))
}

// drop removes a managed policy and all its attachments.
func (a *account) drop(arn string) {
	for _, m := range []map[string]*entity{a.users, a.roles} {
		for _, e := range m {
			_ = e.detach(arn) // not attached is as well
		}
	}
	delete(a.policies, arn)
}
