package rule

import (
	"errors"
	"path"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

var keyPolicyRules = []Rule{
	{
		ID:       "key-policy-lockout",
		Severity: Error,
		Reason:   "Nobody may change the key's policy: the key can't be administered, and only AWS Support could help.",
		Source:   "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
		Fix:      "Allow kms:* to the account's root, as KMS's default key policy does.",
		check: func(c *checker) {
			for _, p := range c.set.Policies {
				if p.Kind == resource.KeyPolicy {
					c.checkLockout(p)
				}
			}
		},
	},
}

// checkLockout asks for kms:PutKeyPolicy as the account and as everybody whom
// the policy names.
func (c *checker) checkLockout(p *resource.Policy) {
	s := p.Resource.Stack()
	arn, err := p.Att("Arn")
	switch {
	case s.Account == "" || s.Region == "":
		c.unknown(p.Resource, p.At, errNowhere)
		return
	case err != nil:
		c.unknown(p.Resource, p.At, err)
		return
	}
	source := iam.Source{Name: "policy of key " + p.Resource.LogicalID, Document: p.Known()}
	for _, w := range administrators(p, resource.ARN(arn).Partition, s.Account) {
		d := iam.Evaluate(iam.Request{Caller: w, Action: "kms:PutKeyPolicy", Resource: arn, ResourceAccount: s.Account},
			iam.Policies{Identity: everything, Resource: &source})
		if d.Allowed {
			return
		}
	}
	switch {
	case template.IsUnknown(p.Err):
		c.unreadable(p)
	case conditional(p):
		c.unknown(p.Resource, p.At, errors.New("who fulfils the conditions under which the policy allows kms:PutKeyPolicy"))
	default:
		c.find(p.Resource, p.At, "neither the account nor anybody whom the policy names may do kms:PutKeyPolicy")
	}
}

// administrators are the callers who may be meant to administer the key.
func administrators(p *resource.Policy, partition, account string) []iam.Caller {
	list := []iam.Caller{question.Root(partition, account), question.Administrator(partition, account)}
	for _, s := range p.Statements {
		if s.Principal == nil {
			continue
		}
		for _, arn := range s.Principal.AWS {
			switch {
			case strings.Contains(arn, ":role/"), strings.Contains(arn, ":user/"):
				list = append(list, question.Caller(arn))
			case strings.HasSuffix(arn, ":root"):
				list = append(list, question.Administrator(resource.ARN(arn).Partition, resource.ARN(arn).AccountID))
			}
		}
	}
	return list
}

// conditional: a statement allows the action under conditions.
func conditional(p *resource.Policy) bool {
	for _, s := range p.Statements {
		for _, action := range s.Action {
			matched, _ := path.Match(strings.ToLower(action), "kms:putkeypolicy")
			if matched && s.Effect == iam.Allow && len(s.Condition) > 0 {
				return true
			}
		}
	}
	return false
}
