package identity

import (
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// The operations on the policies of roles and of users are the same but for
// the word: PutRolePolicy and PutUserPolicy, and so on. Kind is that word.

func (s *Service) opPutInlinePolicy(kind string) api.QueryOperation {
	return func(c api.Call, f *api.Form) (any, error) {
		name, policyName, text := f.Text(kind+"Name"), f.Text("PolicyName"), f.Text("PolicyDocument")
		if err := f.Done(); err != nil {
			return nil, err
		}
		return nil, s.putPolicy(c, kind, name, policyName, text)
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

func (s *Service) opGetInlinePolicy(kind string) api.QueryOperation {
	return func(c api.Call, f *api.Form) (any, error) {
		name, policyName := f.Text(kind+"Name"), f.Text("PolicyName")
		if err := f.Done(); err != nil {
			return nil, err
		}
		out := struct {
			RoleName                   string `xml:",omitempty"`
			UserName                   string `xml:",omitempty"`
			PolicyName, PolicyDocument string
		}{PolicyName: policyName}
		if kind == "Role" {
			out.RoleName = name
		} else {
			out.UserName = name
		}
		err := s.with(c, "Get"+kind+"Policy", kind, name, nil, func(_ *account, e *entity) error {
			p, ok := e.inline[policyName]
			if !ok {
				return noSuchPolicy(kind, policyName)
			}
			out.PolicyDocument = urlEncoded(p.text)
			return nil
		})
		return out, err
	}
}

func (s *Service) opListInlinePolicies(kind string) api.QueryOperation {
	return func(c api.Call, f *api.Form) (any, error) {
		f.Text("MaxItems")
		name := f.Text(kind + "Name")
		if err := f.Done(); err != nil {
			return nil, err
		}
		var out struct {
			PolicyNames []string `xml:"PolicyNames>member"`
			IsTruncated bool
		}
		err := s.with(c, "List"+kind+"Policies", kind, name, nil, func(_ *account, e *entity) error {
			out.PolicyNames = slices.Sorted(maps.Keys(e.inline))
			return nil
		})
		return out, err
	}
}

func (s *Service) opDeleteInlinePolicy(kind string) api.QueryOperation {
	return func(c api.Call, f *api.Form) (any, error) {
		name, policyName := f.Text(kind+"Name"), f.Text("PolicyName")
		if err := f.Done(); err != nil {
			return nil, err
		}
		return nil, s.deletePolicy(c, kind, name, policyName)
	}
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

func (s *Service) opAttach(kind string) api.QueryOperation {
	return func(c api.Call, f *api.Form) (any, error) {
		name, arn := f.Text(kind+"Name"), f.Text("PolicyArn")
		if err := f.Done(); err != nil {
			return nil, err
		}
		return nil, s.attachPolicy(c, kind, name, arn)
	}
}

func (s *Service) attachPolicy(c api.Call, kind, name, arn string) error {
	return s.with(c, "Attach"+kind+"Policy", kind, name, s.attachKeys(c, kind, name, arn), func(_ *account, e *entity) error {
		return s.opt.Directory.attach(e, arn)
	})
}

func (s *Service) opDetach(kind string) api.QueryOperation {
	return func(c api.Call, f *api.Form) (any, error) {
		name, arn := f.Text(kind+"Name"), f.Text("PolicyArn")
		if err := f.Done(); err != nil {
			return nil, err
		}
		return nil, s.detachPolicy(c, kind, name, arn)
	}
}

func (s *Service) detachPolicy(c api.Call, kind, name, arn string) error {
	return s.with(c, "Detach"+kind+"Policy", kind, name, s.attachKeys(c, kind, name, arn), func(_ *account, e *entity) error {
		return e.detach(arn)
	})
}

func (s *Service) opListAttached(kind string) api.QueryOperation {
	return func(c api.Call, f *api.Form) (any, error) {
		f.Text("MaxItems")
		name := f.Text(kind + "Name")
		if err := f.Done(); err != nil {
			return nil, err
		}
		type attached struct{ PolicyName, PolicyArn string }
		var out struct {
			AttachedPolicies []attached `xml:"AttachedPolicies>member"`
			IsTruncated      bool
		}
		err := s.with(c, "ListAttached"+kind+"Policies", kind, name, nil, func(_ *account, e *entity) error {
			for _, arn := range e.attached {
				out.AttachedPolicies = append(out.AttachedPolicies, attached{arn[strings.LastIndexByte(arn, '/')+1:], arn})
			}
			return nil
		})
		return out, err
	}
}

func (s *Service) attachKeys(c api.Call, kind, name, arn string) map[string]iam.Strings {
	keys := s.boundaryKeys(c, kind, name)
	keys["iam:PolicyARN"] = iam.Strings{arn}
	return keys
}

func noSuchPolicy(kind, policyName string) *api.Error {
	return noSuchEntity("The %s policy with name %s cannot be found.", strings.ToLower(kind), policyName)
}
