package reach

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// Ask is access.Ask, but leaves open what is denied for want of a condition key
// that AWS puts into the request by itself, and that no template tells: of which
// organization somebody is, which tags they have, what time it is. A key that
// says how a request comes, such as aws:SourceIp, is a part of the question: a
// request without it is asked about as it is.
//
// Source: IAM user guide, reference_policies_condition-keys (availability).
func Ask(set *resource.Set, p access.Principal, o access.Operation) access.Answer {
	a := access.Ask(set, p, o)
	if a.Allowed || a.Unknown != nil {
		return a
	}
	if why, ofContext := a.Decision.Malformed(); why != "" && !ofContext {
		return access.Answer{Decision: a.Decision, Unknown: errors.New(why)}
	}
	for _, key := range a.Decision.Lacking() {
		if untold(p.Caller, strings.ToLower(key)) {
			return access.Answer{Decision: a.Decision, Unknown: untoldKey(key)}
		}
	}
	return a
}

// ofOrganization are the keys, in lower case, that an account's principals have in
// common.
var ofOrganization = []string{"aws:principalorgid", "aws:principalorgpaths"}

// organizationOf is what is known of the organization of who becomes another.
func organizationOf(p, as access.Principal) question.Context {
	keys := question.Context{}
	for key, values := range p.Context {
		if as.Caller.Account() == p.Caller.Account() && slices.Contains(ofOrganization, strings.ToLower(key)) {
			keys[key] = values
		}
	}
	return keys
}

// untoldKey is a condition key whose value no template tells.
type untoldKey string

func (k untoldKey) Error() string {
	return fmt.Sprintf("the request's %s, which no template tells: a question gives it as --with %s=VALUE", string(k), string(k))
}

// untold tells a key, in lower case, whose value in a caller's requests isn't
// known. Nobody and services are of no organization and have no tags; the
// stranger is of no organization that a policy means.
func untold(c iam.Caller, key string) bool {
	if slices.Contains(ofOrganization, key) {
		return c.Account() != "" && c.Account() != question.Stranger
	}
	switch key {
	case "aws:requestedregion", "aws:currenttime", "aws:epochtime", "aws:resourceorgid", "aws:resourceorgpaths", "lambda:functionurlauthtype":
		return true
	}
	return strings.HasPrefix(key, "aws:resourcetag/") || c.Account() != "" && strings.HasPrefix(key, "aws:principaltag/")
}
