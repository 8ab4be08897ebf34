package problem

import "github.com/s3seal/s3seal/iam/authorization"

// principals: a resource policy says for whom a statement is, and an identity
// policy is for whoever has it.
//
// Source: IAM user guide, reference_policies_elements_principal.
func (c *checker) principals() {
	s := c.statement
	named := s.Principal != nil || s.NotPrincipal != nil
	switch {
	case !named && c.is(Bucket, AccessPoint, Key, Trust, Secret):
		c.wrong(PrincipalMissing, "Principal", "", "the statement has no Principal; say for whom it is")
	case named && c.is(Identity):
		c.wrong(PrincipalProhibited, "Principal", "", "a policy of a user, group or role is for whoever has it; remove Principal")
	}
	if s.Principal == nil || !c.is(Bucket, AccessPoint, Key, Trust, Secret) {
		return
	}
	for _, name := range s.Principal.Service {
		if meant := meantService(name); meant != "" {
			c.wrong(PrincipalMisspelt, "Principal.Service", name, "%q is no service principal; did you mean %q?", name, meant)
		} else if near := nearService(name); near != "" {
			c.ignored(PrincipalMisspelt, "Principal.Service", "no service principal %q is known by %s; did you mean %q?", name, authorization.Date(), near)
		}
	}
	c.federated()
}
