package identity

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"time"
	"unicode"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/problem"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Sizes in characters without white space.
//
// Source: IAM user guide, reference_iam-quotas.
const (
	maxTrust       = 2048
	maxManaged     = 6144
	maxInlineUser  = 2048  // all inline policies of a user together
	maxInlineRole  = 10240 // all inline policies of a role together
	minRoleSession = time.Hour
	maxRoleSession = 12 * time.Hour
)

// parse reads a policy of a kind.
func parse(text string, kind problem.Kind) (policy, error) {
	doc, err := problem.Read([]byte(text), problem.Subject{Kind: kind})
	if err != nil {
		return policy{}, api.RefusedPolicy(http.StatusBadRequest, "MalformedPolicyDocument", err)
	}
	return policy{text: text, document: doc}, nil
}

// identityPolicy reads a policy for a user or role.
func identityPolicy(text string) (policy, error) { return parse(text, problem.Identity) }

// trustPolicy reads a role trust policy and checks that whom it names exists.
func (d *Directory) trustPolicy(text string) (policy, error) {
	p, err := readTrust(text)
	if err != nil {
		return policy{}, err
	}
	if bad := api.InvalidPrincipal(d, p.document); bad != "" {
		return policy{}, api.NoPrincipal(malformed(`Invalid principal in policy: "AWS":"%s"`, bad), bad)
	}
	return p, nil
}

// readTrust is trustPolicy without the question who exists.
func readTrust(text string) (policy, error) {
	trust, err := parse(text, problem.Trust)
	if err != nil {
		return policy{}, err
	}
	for _, s := range trust.document.Statement {
		if slices.Contains(s.Action, "*") { // of which no page says whether IAM accepts it
			return policy{}, malformed("AssumeRole policy may only specify STS AssumeRole actions.")
		}
		if p := s.Principal; p != nil {
			for _, name := range p.Service {
				if !servicePrincipal.MatchString(name) {
					return policy{}, malformed(`Invalid principal in policy: "SERVICE":"%s"`, name)
				}
			}
			if len(p.Federated) > 0 || len(p.CanonicalUser) > 0 {
				return policy{}, malformed("the local AWS has no federated principals and no canonical users; trust an account, role or service")
			}
		}
	}
	if size(text) > maxTrust {
		return policy{}, tooLarge("Cannot exceed quota for ACLSizePerRole: %d", maxTrust)
	}
	return trust, nil
}

// AWS has a list of its service principals; here the form has to do.
var servicePrincipal = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$`)

var (
	nameForm = regexp.MustCompile(`^[\w+=,.@-]+$`)
	pathForm = regexp.MustCompile(`^/([!-~]+/)?$`)
)

// checkName checks a name against the longest length that IAM allows for this kind of name.
func checkName(parameter, name string, longest int) error {
	if !nameForm.MatchString(name) || len(name) > longest {
		return invalid("The specified value for %s is invalid. It must be 1 to %d characters of alphanumerics and +=,.@_-", parameter, longest)
	}
	return nil
}

func checkPath(path string) (string, error) {
	if path == "" {
		return "/", nil
	}
	if !pathForm.MatchString(path) || len(path) > 512 {
		return "", invalid("The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	}
	return path, nil
}

// size is the number of characters that IAM counts.
func size(text string) int {
	n := 0
	for _, r := range text {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

func documentText(d iam.Document) string {
	b, err := json.Marshal(d)
	if err != nil {
		// Documents are strings throughout; encoding them can't fail.
		panic("identity: " + err.Error())
	}
	return string(b)
}

func malformed(format string, args ...any) *api.Error {
	return api.Errorf(http.StatusBadRequest, "MalformedPolicyDocument", format, args...)
}

func invalid(format string, args ...any) *api.Error {
	return api.Errorf(http.StatusBadRequest, "ValidationError", format, args...)
}

func tooLarge(format string, args ...any) *api.Error {
	return api.Errorf(http.StatusConflict, "LimitExceeded", format, args...)
}
