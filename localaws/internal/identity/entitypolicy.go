package identity

import (
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// ofEntity is an operation on the policies of roles or of users. They are the
// same but for the word: PutRolePolicy and PutUserPolicy, and so on. kind is
// that word; f is given the parameters by their order.
func ofEntity(kind string, f func(c api.Call, kind, name string, p []string) (any, error), parameters ...string) api.QueryOperation {
	return func(c api.Call, form *api.Form) (any, error) {
		name, p := form.Text(kind+"Name"), make([]string, len(parameters))
		for i, parameter := range parameters {
			p[i] = form.Text(parameter)
		}
		if err := form.Done(); err != nil {
			return nil, err
		}
		return f(c, kind, name, p)
	}
}

// entityPolicies are the operations of ofEntity for one kind.
func (s *Service) entityPolicies(kind string) map[string]api.QueryOperation {
	change := func(f func(c api.Call, kind, name, policy string) error) func(api.Call, string, string, []string) (any, error) {
		return func(c api.Call, kind, name string, p []string) (any, error) { return nil, f(c, kind, name, p[0]) }
	}
	return map[string]api.QueryOperation{
		"Put" + kind + "Policy": ofEntity(kind, func(c api.Call, kind, name string, p []string) (any, error) {
			return nil, s.putPolicy(c, kind, name, p[0], p[1])
		}, "PolicyName", "PolicyDocument"),
		"Get" + kind + "Policy":            ofEntity(kind, s.getInlinePolicy, "PolicyName"),
		"List" + kind + "Policies":         ofEntity(kind, s.listInlinePolicies, "MaxItems"),
		"Delete" + kind + "Policy":         ofEntity(kind, change(s.deletePolicy), "PolicyName"),
		"Attach" + kind + "Policy":         ofEntity(kind, change(s.attachPolicy), "PolicyArn"),
		"Detach" + kind + "Policy":         ofEntity(kind, change(s.detachPolicy), "PolicyArn"),
		"ListAttached" + kind + "Policies": ofEntity(kind, s.listAttached, "MaxItems"),
	}
}

func (s *Service) putPolicy(c api.Call, kind, name, policyName, text string) error {
	p, err := identityPolicy(text)
	if err != nil {
		return err
	}
	return s.with(c, "Put"+kind+"Policy", kind, name, s.boundaryKeys(c, kind, name), func(_ *account, e *entity) error {
		return e.put(policyName, p)
	})
}

func (s *Service) getInlinePolicy(c api.Call, kind, name string, p []string) (any, error) {
	out := struct {
		RoleName                   string `xml:",omitempty"`
		UserName                   string `xml:",omitempty"`
		PolicyName, PolicyDocument string
	}{PolicyName: p[0]}
	if kind == "Role" {
		out.RoleName = name
	} else {
		out.UserName = name
	}
	return &out, s.with(c, "Get"+kind+"Policy", kind, name, nil, func(_ *account, e *entity) error {
		policy, ok := e.inline[p[0]]
		if !ok {
			return noSuchPolicy(kind, p[0])
		}
		out.PolicyDocument = urlEncoded(policy.text)
		return nil
	})
}

func (s *Service) listInlinePolicies(c api.Call, kind, name string, _ []string) (any, error) {
	var out struct {
		PolicyNames []string `xml:"PolicyNames>member"`
		IsTruncated bool
	}
	return &out, s.with(c, "List"+kind+"Policies", kind, name, nil, func(_ *account, e *entity) error {
		out.PolicyNames = slices.Sorted(maps.Keys(e.inline))
		return nil
	})
}

func (s *Service) deletePolicy(c api.Call, kind, name, policyName string) error {
	return s.with(c, "Delete"+kind+"Policy", kind, name, s.boundaryKeys(c, kind, name), func(_ *account, e *entity) error {
		if _, ok := e.inline[policyName]; !ok {
			return noSuchPolicy(kind, policyName)
		}
		delete(e.inline, policyName)
		return nil
	})
}

func (s *Service) attachPolicy(c api.Call, kind, name, arn string) error {
	return s.with(c, "Attach"+kind+"Policy", kind, name, s.attachKeys(c, kind, name, arn), func(_ *account, e *entity) error {
		return s.opt.Directory.attach(e, arn)
	})
}

func (s *Service) detachPolicy(c api.Call, kind, name, arn string) error {
	return s.with(c, "Detach"+kind+"Policy", kind, name, s.attachKeys(c, kind, name, arn), func(_ *account, e *entity) error {
		return e.detach(arn)
	})
}

func (s *Service) listAttached(c api.Call, kind, name string, _ []string) (any, error) {
	type attached struct{ PolicyName, PolicyArn string }
	var out struct {
		AttachedPolicies []attached `xml:"AttachedPolicies>member"`
		IsTruncated      bool
	}
	return &out, s.with(c, "ListAttached"+kind+"Policies", kind, name, nil, func(_ *account, e *entity) error {
		for _, arn := range e.attached {
			out.AttachedPolicies = append(out.AttachedPolicies, attached{arn[strings.LastIndexByte(arn, '/')+1:], arn})
		}
		return nil
	})
}

func (s *Service) attachKeys(c api.Call, kind, name, arn string) map[string]iam.Strings {
	keys := s.boundaryKeys(c, kind, name)
	keys["iam:PolicyARN"] = iam.Strings{arn}
	return keys
}

func noSuchPolicy(kind, policyName string) *api.Error {
	return noSuchEntity("The %s policy with name %s cannot be found.", strings.ToLower(kind), policyName)
}
