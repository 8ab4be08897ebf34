package query

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/authorization"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/spelling"
)

// keysNamed are the condition keys of a question in AWS's spelling. The error
// says which one AWS doesn't have, or not in requests of the action, or not with
// such a value: it would match nothing, and the answer be to another question.
func keysNamed(action string, with question.Context) (question.Context, error) {
	named := question.Context{}
	for _, key := range slices.Sorted(maps.Keys(with)) {
		k, ok := authorization.KeyNamed(key)
		if !ok {
			return nil, fmt.Errorf("--with %s: AWS has no such condition key: did you mean %s?", key, spelling.Nearest(key, keyNames("")))
		}
		if a, ok := authorization.Lookup(actionOf(action)); ok && !a.Applies(key) {
			return nil, fmt.Errorf("--with %s: a request of %s has no such key: did you mean %s?", key, a, spelling.Nearest(key, keyNames(a.String())))
		}
		if len(with[key]) > 1 && !k.Multivalued {
			return nil, fmt.Errorf("--with %s: a request has one value of it, and %d are given", key, len(with[key]))
		}
		for _, value := range with[key] {
			if !iam.IsValue(k.Type, value) {
				return nil, fmt.Errorf("--with %s=%s: the key has no such value: write %s", key, value, written[k.Type])
			}
		}
		name := k.Name
		if strings.Contains(name, "${") { // a part of it is one's own
			name = key
		}
		named[name] = with[key]
	}
	return named, nil
}

// contradicts says which condition key is none of a request of somebody, or has
// another value in all of them. Whoever else is asked about just makes no such
// request.
func contradicts(set *resource.Set, q Query, who asking, on []target) error {
	for _, t := range on {
		action := actionOf(q.Action)
		if action == "" && len(t.resource.Operations) > 0 {
			action = t.resource.Operations[0].Action
		}
		d := access.Ask(set, who.Principal, access.Operation{Action: action, Resource: t.arn, Context: q.With}).Decision
		if why, ofContext := d.Malformed(); ofContext {
			return fmt.Errorf("--with: %s", why)
		}
	}
	return nil
}

// written says how the values of a type are written, if not every string is one.
var written = map[string]string{
	"Bool":      "true or false",
	"Numeric":   "a number",
	"Date":      "a date, such as 2026-01-31T12:00:00Z, or the seconds since 1970",
	"IPAddress": "one address, such as 203.0.113.7 or 2001:db8::1",
}

// keyNames are the condition keys that requests of an action may have; of every
// action for "".
func keyNames(action string) []string {
	a, one := authorization.Lookup(action)
	var names []string
	for _, k := range authorization.Keys() {
		if !one || a.Applies(k.Name) {
			names = append(names, k.Name)
		}
	}
	return names
}

// encryptionHeader tells the keys of an upload's encryption headers.
func encryptionHeader(key string) bool {
	return slices.Contains([]string{conditionkey.Encryption, conditionkey.KMSKeyID, conditionkey.CustomerAlgorithm}, key)
}

// ofPrincipal tells the keys about whoever asks, which all their requests have.
// Source: IAM user guide, reference_policies_condition-keys (properties of the
// principal and of a role session).
func ofPrincipal(key string) bool {
	return strings.HasPrefix(strings.ToLower(key), "aws:principal") ||
		slices.Contains([]string{"aws:userid", "aws:username", "aws:FederatedProvider", "aws:MultiFactorAuthAge", "aws:MultiFactorAuthPresent", "aws:SourceIdentity", "aws:TokenIssueTime"}, key)
}
