package problem

import (
	"strings"

	"github.com/s3seal/s3seal/internal/spelling"
)

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
		}
	}
}

// serviceSuffix ends the names of most service principals. A few end otherwise, so
// that a name is wrong only if it has no suffix, or one that is nearly this.
//
// Source: IAM user guide, reference_policies_elements_principal, "AWS service
// principals".
const serviceSuffix = "amazonaws.com"

func meantService(name string) string {
	labels := strings.Split(name, ".")
	n := len(labels)
	if n == 1 {
		if strings.Contains(name, "${") || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return "" // not even a name that a suffix would complete
		}
		return name + "." + serviceSuffix
	}
	if labels[n-1] == "amazonaws" || labels[n-1] == "amazon" {
		return strings.Join(labels[:n-1], ".") + "." + serviceSuffix
	}
	suffix := strings.Join(labels[n-2:], ".")
	if d := spelling.Distance(suffix, serviceSuffix); n > 2 && d > 0 && d <= 2 {
		return strings.Join(labels[:n-2], ".") + "." + serviceSuffix
	}
	return ""
}
