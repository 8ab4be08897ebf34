package identity

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Role is what STS needs to know of a role.
type Role struct {
	Account    string
	Trust      iam.Document
	MaxSession time.Duration
}

// Role finds a role by its ARN.
func (d *Directory) Role(arn string) (Role, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	e := d.find(arn)
	if e == nil || !strings.Contains(arn, ":role/") {
		return Role{}, false
	}
	return Role{Account: AccountOf(arn), Trust: e.trust.document, MaxSession: e.maxSession}, true
}

// AccountOf is the account of a user or role ARN; "" if it isn't one.
func AccountOf(s string) string {
	a, ok := parseARN(s)
	if !ok || a.Service != "iam" || !isAccountID(a.AccountID) || !strings.Contains(a.Resource, "/") {
		return ""
	}
	return a.AccountID
}

// UserID is the unique identifier of a caller as GetCallerIdentity shows it:
// AIDA... of a user, AROA...:session of a role session.
//
// Source: IAM user guide, reference_policies_variables, table of principal
// keys.
func (d *Directory) UserID(c iam.Caller) (string, error) {
	id, _, ok := d.principal(c.PrincipalARN())
	if !ok {
		return "", noSuchEntity("The caller %s cannot be found.", c)
	}
	if c.RoleARN() != "" {
		id += ":" + sessionName(c)
	}
	return id, nil
}

// SessionPolicy reads an inline session policy. STS refuses incomplete ARNs in it,
// which identity policies may have.
//
// Source: IAM user guide, reference_policies_grammar.
func SessionPolicy(text string) (iam.Source, error) {
	if size(text) > maxTrust {
		return iam.Source{}, api.Errorf(http.StatusBadRequest, "PackedPolicyTooLarge", "the session policy has more than %d characters", maxTrust)
	}
	p, err := identityPolicy(text)
	if err != nil {
		return iam.Source{}, err
	}
	for _, s := range p.document.Statement {
		for _, r := range slices.Concat(s.Resource, s.NotResource) {
			if strings.HasPrefix(r, "arn:") && strings.Count(r, ":") < 5 {
				return iam.Source{}, malformed("Resource %s is an incomplete ARN.", r)
			}
		}
	}
	return iam.Source{Name: "inline session policy", Document: p.document}, nil
}

// ManagedSource is a managed policy of AWS or of the account, for use as a
// session policy.
func (d *Directory) ManagedSource(account, arn string) (iam.Source, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	a, _ := parseARN(arn)
	p := d.managed(arn)
	if p == nil || a.AccountID != "aws" && a.AccountID != account {
		return iam.Source{}, noSuchEntity("Policy %s does not exist or is not attachable.", arn)
	}
	return iam.Source{Name: p.arn, Document: p.policy.document}, nil
}
