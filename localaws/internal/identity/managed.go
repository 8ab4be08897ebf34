package identity

import (
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type managedShape struct {
	PolicyName, PolicyId, Arn, Path, DefaultVersionId string
	AttachmentCount                                   int
	IsAttachable                                      bool
	Description                                       string `xml:",omitempty"`
	CreateDate, UpdateDate                            string
	Tags                                              []api.Tag `xml:"Tags>member,omitempty"`
}

func (p *managedPolicy) shape(attachments int) managedShape {
	return managedShape{
		PolicyName: p.name, PolicyId: p.id, Arn: p.arn, Path: p.path, DefaultVersionId: "v1",
		AttachmentCount: attachments, IsAttachable: true, Description: p.description,
		CreateDate: timestamp(p.created), UpdateDate: timestamp(p.created), Tags: api.TagList(p.tags),
	}
}

// newManaged is a CreatePolicy request.
type newManaged struct {
	name, path, description, text string
	tags                          map[string]string
}

type createPolicyInput struct {
	PolicyName, Path, Description, PolicyDocument string
	Tags                                          map[string]string
}

func (s *Service) createPolicy(c api.Call, in createPolicyInput) (any, error) {
	p, err := s.createManaged(c, newManaged{in.PolicyName, in.Path, in.Description, in.PolicyDocument, in.Tags})
	if err != nil {
		return nil, err
	}
	return struct{ Policy managedShape }{p.shape(0)}, nil
}

// createManaged is CreatePolicy for the API and for CloudFormation.
func (s *Service) createManaged(c api.Call, n newManaged) (*managedPolicy, error) {
	if err := checkName("policyName", n.name, 128); err != nil {
		return nil, err
	}
	path, err := checkPath(n.path)
	if err != nil {
		return nil, err
	}
	arn := api.ARN("iam", "", c.Account, "policy"+path+n.name)
	if err := s.authorize(c, "CreatePolicy", arn, creationKeys("", n.tags)); err != nil {
		return nil, err
	}
	doc, err := managedDocument(n.text)
	if err != nil {
		return nil, err
	}
	p := &managedPolicy{
		arn: arn, id: uniqueID("ANPA", 17), path: path, name: n.name, description: n.description,
		created: s.opt.Directory.now(), policy: doc, tags: n.tags,
	}
	err = s.change(c.Account, func(a *account) error {
		for _, other := range a.policies {
			if other.name == n.name { // whatever its path
				return exists("A policy called %s already exists. Duplicate names are not allowed.", n.name)
			}
		}
		a.policies[arn] = p
		return nil
	})
	return p, err
}

func managedDocument(text string) (policy, error) {
	if size(text) > maxManaged {
		return policy{}, tooLarge("Cannot exceed quota for PolicySize: %d", maxManaged)
	}
	return identityPolicy(text)
}

// withManaged authorizes an action on a managed policy and runs f on it.
func (s *Service) withManaged(c api.Call, action, arn string, f func(*account, *managedPolicy) error) error {
	if err := s.authorize(c, action, arn, nil); err != nil {
		return err
	}
	return s.change(c.Account, func(a *account) error {
		p := awsManaged(arn)
		if p == nil {
			p = a.policies[arn]
		}
		if p == nil {
			return noSuchEntity("Policy %s was not found.", arn)
		}
		return f(a, p)
	})
}

func (s *Service) getPolicy(c api.Call, in struct{ PolicyArn string }) (any, error) {
	var out struct{ Policy managedShape }
	return &out, s.withManaged(c, "GetPolicy", in.PolicyArn, func(a *account, p *managedPolicy) error {
		out.Policy = p.shape(a.attachments(in.PolicyArn))
		return nil
	})
}

func (s *Service) getPolicyVersion(c api.Call, in struct{ PolicyArn, VersionId string }) (any, error) {
	var out struct {
		PolicyVersion struct {
			Document, VersionId string
			IsDefaultVersion    bool
			CreateDate          string
		}
	}
	return &out, s.withManaged(c, "GetPolicyVersion", in.PolicyArn, func(_ *account, p *managedPolicy) error {
		if in.VersionId != "v1" {
			return noSuchEntity("Policy %s version %s does not exist or is not attachable.", in.PolicyArn, in.VersionId)
		}
		v := &out.PolicyVersion
		v.Document, v.VersionId, v.IsDefaultVersion, v.CreateDate = urlEncoded(p.policy.text), "v1", true, timestamp(p.created)
		return nil
	})
}

func (s *Service) opDeletePolicy(c api.Call, in struct{ PolicyArn string }) (any, error) {
	return nil, s.deleteManaged(c, in.PolicyArn)
}

func (s *Service) deleteManaged(c api.Call, arn string) error {
	return s.withManaged(c, "DeletePolicy", arn, func(a *account, p *managedPolicy) error {
		if a.policies[arn] == nil {
			return invalid("%s is a policy of AWS and can't be deleted", arn)
		}
		if a.attachments(arn) > 0 {
			return conflict("Cannot delete a policy attached to entities.")
		}
		delete(a.policies, arn)
		return nil
	})
}

// attachments is how often a managed policy is attached or is a boundary.
func (a *account) attachments(arn string) int {
	n := 0
	for _, m := range []map[string]*entity{a.users, a.roles} {
		for _, e := range m {
			if slices.Contains(e.attached, arn) {
				n++
			}
			if e.boundary == arn {
				n++
			}
		}
	}
	return n
}
