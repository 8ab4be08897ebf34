package access

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/resource"
)

// alike is the same text for principals whose answers about a resource are the
// same, so that one of them is asked. Services are many, one for each source,
// and have no policies but the resource's: what that doesn't mention can't tell
// two of them apart. Everybody else is like nobody.
func (p Principal) alike(policy string) string {
	if p.Caller.Service() == "" || p.open != nil || policy == "" {
		return "only " + p.Name
	}
	text := "service "
	if strings.Contains(policy, strings.ToLower(p.Caller.Service())) || strings.Contains(policy, "aws:principalservicename") {
		text += p.Caller.Service()
	}
	for _, key := range slices.Sorted(maps.Keys(p.Context)) {
		if strings.Contains(policy, strings.ToLower(key)) {
			text += "\n" + key + "\n" + strings.Join(p.Context[key], "\n")
		}
	}
	return text
}

// policyText is all that the policy of a resource says, in lower case; "" if
// more than the policy may decide about services.
func policyText(set *resource.Set, r Resource) string {
	text := "policy"
	if r.bucket != nil && (r.bucket.ACLsInForce() || r.bucket.ACL != "") {
		return ""
	}
	if strings.HasPrefix(resource.ARN(r.ARN).Resource, "accesspoint/") {
		return "" // its bucket's policy decides too
	}
	for _, h := range policiesOf(set) {
		if h.arn != r.ARN && h.arn != wholeAccount {
			continue
		}
		data, err := json.Marshal(h.document)
		if err != nil {
			return ""
		}
		text += strings.ToLower(string(data))
	}
	return text
}
