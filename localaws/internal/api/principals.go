package api

import (
	"fmt"

	"github.com/s3seal/s3seal/iam"
)

// Principals knows the accounts, users and roles that exist. AWS resolves the
// principals of a resource policy when the policy is put, and refuses a policy
// that names one that doesn't exist.
//
// Source: IAM user guide, reference_policies_elements_principal.
type Principals interface {
	// PrincipalExists gets the text of one AWS principal: "*", an account
	// as 12 digits or root ARN, a user, role or assumed-role ARN.
	PrincipalExists(principal string) bool
}

// InvalidPrincipal is the first AWS principal of the policy that doesn't
// exist; "" if all do. Each service words its own refusal: S3 MalformedPolicy
// "Invalid principal in policy", KMS MalformedPolicyDocumentException "Policy
// contains a statement with one or more invalid principals.".
func InvalidPrincipal(known Principals, policy iam.Document) string {
	for _, s := range policy.Statement {
		for _, p := range []*iam.Principal{s.Principal, s.NotPrincipal} {
			if p == nil {
				continue
			}
			for _, a := range p.AWS {
				if !known.PrincipalExists(a) {
					return a
				}
			}
		}
	}
	return ""
}

// NoPrincipal is the refusal of a policy, with a cause that names the principal:
// of all services only IAM and S3 tell the client which one it is.
func NoPrincipal(refusal error, principal string) error {
	e := *AsError(refusal)
	e.Cause = fmt.Sprintf("%q is no account, user or role of this local AWS", principal)
	return &e
}
