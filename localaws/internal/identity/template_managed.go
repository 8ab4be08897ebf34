package identity

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// ManagedPolicyProvider makes AWS::IAM::ManagedPolicy.
//
// Source: CloudFormation template reference, aws-resource-iam-managedpolicy.
type ManagedPolicyProvider struct{ service *Service }

// ManagedPolicyProvider is the service's provider of managed policies.
func (s *Service) ManagedPolicyProvider() ManagedPolicyProvider { return ManagedPolicyProvider{s} }

// managedProperties has no Groups: there are none here.
type managedProperties struct {
	ManagedPolicyName string
	Description       string
	Path              string
	PolicyDocument    json.RawMessage
	Roles             []string
	Users             []string
}

func decodeManaged(raw json.RawMessage) (p managedProperties, text string, err error) {
	if err = api.DecodeProperties(raw, &p); err != nil {
		return p, "", err
	}
	text, err = compact(p.PolicyDocument)
	return p, text, err
}

// Create implements api.Provider.
func (p ManagedPolicyProvider) Create(_ context.Context, s api.StackContext, logicalID string, raw json.RawMessage) (api.Resource, error) {
	want, text, err := decodeManaged(raw)
	if err != nil {
		return api.Resource{}, err
	}
	n := newManaged{name: want.ManagedPolicyName, path: want.Path, description: want.Description, text: text}
	if n.name == "" {
		n.name = generatedName(s, logicalID, 128)
	}
	made, err := p.service.createManaged(s.Call, n)
	if err != nil {
		return api.Resource{}, err
	}
	if err := p.attachments(s.Call, made.arn, managedProperties{}, want); err != nil {
		_ = p.service.change(s.Call.Account, func(a *account) error {
			a.drop(made.arn)
			return nil
		})
		return api.Resource{}, err
	}
	return p.resource(s.Call, made.arn)
}

// attachments turns the roles and users of before into those of after.
func (p ManagedPolicyProvider) attachments(c api.Call, arn string, before, after managedProperties) error {
	for kind, names := range map[string][2][]string{"Role": {before.Roles, after.Roles}, "User": {before.Users, after.Users}} {
		for _, name := range minus(names[1], names[0]) {
			if err := p.service.attachPolicy(c, kind, name, arn); err != nil {
				return err
			}
		}
		for _, name := range minus(names[0], names[1]) {
			if err := gone(p.service.detachPolicy(c, kind, name, arn)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p ManagedPolicyProvider) resource(c api.Call, arn string) (r api.Resource, err error) {
	err = p.service.change(c.Account, func(a *account) error {
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

// Update implements api.Provider. A new name, path or description is a new
// policy; a new document is a new default version, which has the name v1 again
// here.
func (p ManagedPolicyProvider) Update(ctx context.Context, s api.StackContext, logicalID string, r api.Resource, before, after json.RawMessage) (api.Resource, error) {
	old, oldText, err := decodeManaged(before)
	if err != nil {
		return api.Resource{}, err
	}
	want, text, err := decodeManaged(after)
	if err != nil {
		return api.Resource{}, err
	}
	if old.ManagedPolicyName != want.ManagedPolicyName || old.Path != want.Path || old.Description != want.Description {
		return p.Create(ctx, s, logicalID, after)
	}
	if oldText != text {
		doc, err := managedDocument(text)
		if err != nil {
			return api.Resource{}, err
		}
		err = p.service.withManaged(s.Call, "CreatePolicyVersion", r.PhysicalID, func(_ *account, m *managedPolicy) error {
			m.policy = doc
			return nil
		})
		if err != nil {
			return api.Resource{}, err
		}
	}
	if err := p.attachments(s.Call, r.PhysicalID, old, want); err != nil {
		return api.Resource{}, err
	}
	return p.resource(s.Call, r.PhysicalID)
}

// Delete implements api.Provider. The attachments go with the policy, as in
// CloudFormation.
func (p ManagedPolicyProvider) Delete(_ context.Context, s api.StackContext, _ string, r api.Resource) error {
	var attached managedProperties
	err := p.service.change(s.Call.Account, func(a *account) error {
		attached.Roles, attached.Users = holders(a.roles, r.PhysicalID), holders(a.users, r.PhysicalID)
		return nil
	})
	if err != nil {
		return err
	}
	if err := p.attachments(s.Call, r.PhysicalID, attached, managedProperties{}); err != nil {
		return err
	}
	return gone(p.service.deleteManaged(s.Call, r.PhysicalID))
}

// holders are the names of the users or roles that a policy is attached to.
func holders(m map[string]*entity, arn string) []string {
	var names []string
	for _, e := range sorted(m, "") {
		if len(minus([]string{arn}, e.attached)) == 0 {
			names = append(names, e.name)
		}
	}
	return names
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
