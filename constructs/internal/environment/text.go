package environment

import (
	"fmt"
	"regexp"

	"github.com/s3seal/s3seal/internal/bucketname"
)

var principal = regexp.MustCompile(`^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/[\w+=,.@/-]+$`)

// PrincipalFault says which of a prop's texts is no ARN of a role or user, or "".
// One with a wildcard would admit whom nobody has reviewed, and "*" everybody.
// Source: IAM/latest/UserGuide/reference_identifiers.html.
func PrincipalFault(prop string, arns []string) string {
	for i, arn := range arns {
		if !IsToken(arn) && !principal.MatchString(arn) {
			return fmt.Sprintf("%s[%d] %q is no ARN of a role or user: write one, such as arn:aws:iam::111122223333:role/name", prop, i, arn)
		}
	}
	return ""
}

// NameFault says why a prop's text is no bucket's name, or "". An empty one and a
// token are not looked into.
func NameFault(prop, name string) string {
	if name == "" || IsToken(name) {
		return ""
	}
	wrong, instead := bucketname.Fault(name)
	if wrong == "" {
		return ""
	}
	return fmt.Sprintf("%s %q %s: %s", prop, name, wrong, instead)
}
