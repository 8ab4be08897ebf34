package access

import (
	"slices"
	"strings"
	"unicode"

	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/spelling"
)

// Actions are the actions that are known here, in order: those that the tables
// ask about and those that policies of the stacks name.
func Actions(set *resource.Set) []string {
	var list []string
	for _, o := range slices.Concat(
		bucketOperations(&resource.Bucket{}), keyOperations(&resource.Set{}, &resource.Key{}), secretOperations(""),
		roleOperations(""), logGroupOperations(""), stackOperations(""),
	) {
		list = append(list, o.Action)
	}
	for _, p := range set.Policies {
		for _, s := range p.Statements {
			for _, a := range s.Action {
				if !strings.ContainsAny(a, "*?") {
					list = append(list, a)
				}
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Meant is the one of the known actions that a misspelt one stands for. It is ""
// for one that is known and for one that may well be another: s3:PutBucketAcl
// is no mistake for s3:GetBucketAcl.
func Meant(action string, known []string) string {
	const mostEdits = 2
	if slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, action) }) {
		return ""
	}
	nearest, edits := "", mostEdits+1
	for _, k := range known {
		if d := spelling.Distance(strings.ToLower(action), strings.ToLower(k)); d < edits && (verb(k) == verb(action) || !isVerb(action, known)) {
			nearest, edits = k, d
		}
	}
	return nearest
}

// verb is "Get" of "s3:GetObject".
func verb(action string) string {
	_, name, _ := strings.Cut(action, ":")
	end := strings.IndexFunc(name[min(1, len(name)):], unicode.IsUpper)
	if end < 0 {
		return name
	}
	return name[:end+1]
}

func isVerb(action string, known []string) bool {
	return slices.ContainsFunc(known, func(k string) bool { return verb(k) == verb(action) })
}
