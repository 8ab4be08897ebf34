package access

import (
	"slices"
	"strings"
)

// group is operations that a table names together, wherever a resource has them.
type group struct {
	name string
	has  func(Operation) bool
}

// groups are in the order in which they shorten a list.
var groups = []group{
	{"all puts", called("put without a header", "put as *", "put with *")},
	{"all replicas", called("replicate without a header", "replicate as *")},
	{"all updates of encryption", called("update the encryption to *")},
	{"writes under a foreign key", called("*S, a stranger's key", "*S, a key id", "*S, an alias", "*S, aws/s3 of a stranger", "*S, a key of another Region", "update * to a stranger's key")},
	{"writes under another key of the account", called("*S, another key of the account", "*S, aws/s3 of the account", "update * to another key of the account", "update * to aws/s3 of the account")},
	{"writes under the bucket's key", called("*S, the bucket's key", "update * to the bucket's key")},
	{"puts under another key of the account", called("put as *, another key of the account", "put as *, aws/s3 of the account")},
	{"replicas under another key of the account", called("replicate as *, another key of the account", "replicate as *, aws/s3 of the account")},
	{"writes that name no key", called("put as *, no key named", "replicate as *, no key named")},
	{"puts that name no key", called("put as *, no key named")},
	{"replicas that name no key", called("replicate as *, no key named")},
	{"writes as SSE-C", called("put as SSE-C", "replicate as SSE-C")},
	{"writes as SSE-S3", called("put as SSE-S3", "replicate as SSE-S3")},
	{"updates that S3 refuses", called("update the encryption to SSE-*", "update * to aws/s3 of the account")},
	{"gets", called("get", "get a version", "get over TLS 1.2")},
	{"reads of tags", called("get tags", "get a version's tags")},
	{"requests over TLS 1.1", called("* over TLS 1.1")},
	{"requests over http", called("* over http")},
	{"reads to replicate", called("read a version*")},
	{"changes of objects", called("put tags", "delete", "delete a version", "replicate tags", "replicate a delete marker")},
	{"reads of settings", called("list", "read the *")},
	{"changes of settings", called("change the *", "suspend versioning", "delete the bucket")},
	{"decrypting in any way", called("decrypt directly", "decrypt through S3*")},
	{"data keys in any way", called("make a data key *")},
	{"wrapped data keys in any way", called("make a wrapped data key *")},
	{"encrypting in any way", called("encrypt directly", "encrypt through S3*")},
	{"direct uses", called("* directly")},
	{"decrypting through S3", called("decrypt through S3, with *", "decrypt through S3, for an object*")},
	{"data keys through S3", called("make a data key through S3, with *", "make a data key through S3, for an object*")},
	{"wrapped data keys through S3", called("make a wrapped data key through S3, with *", "make a wrapped data key through S3, for an object*")},
	{"encrypting through S3", called("encrypt through S3, with *", "encrypt through S3, for an object*")},
	{"uses for another bucket", called("* for another bucket*")},
	{"uses in another Region", called("* through S3 of another Region*")},
	{"administration", called("kms:*")},
}

// called is a group by the names of its operations. What only policies speak of
// is in none: a group means the same on each page.
func called(patterns ...string) func(Operation) bool {
	return func(o Operation) bool {
		return (!o.further || o.beside != "") && slices.ContainsFunc(patterns, func(p string) bool { return glob(p, o.Name) })
	}
}

// glob matches "*" alone: the names have characters that other patterns know.
func glob(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	text, ok := strings.CutPrefix(text, parts[0])
	for i, part := range parts[1:] {
		at := strings.Index(text, part)
		if i == len(parts)-2 {
			at = strings.LastIndex(text, part)
			ok = ok && strings.HasSuffix(text, part)
		}
		if !ok || at < 0 {
			return false
		}
		text = text[at+len(part):]
	}
	return ok && (len(parts) > 1 || text == "")
}

// grouped are the operations that each of the groups has: many lines ask.
func (a *asking) grouped() []operations {
	if a.inGroups != nil {
		return a.inGroups
	}
	for _, g := range groups {
		in := make(operations, len(a.Operations))
		for i, o := range a.Operations {
			in[i] = g.has(o)
		}
		a.inGroups = append(a.inGroups, in)
	}
	return a.inGroups
}

// everything is all that nothing refuses.
const everything = "everything"

// operations is some of a resource's operations, by their place.
type operations []bool

// summary names operations in few words. A group, and everything, may have some
// of refused too: what is refused to somebody is told elsewhere.
func (a *asking) summary(some, refused operations) []string {
	all := a.Operations
	covered := make(operations, len(all))
	within := func(group operations) bool {
		any := false
		for i := range all {
			switch {
			case group != nil && !group[i]:
			case some[i]:
				any = any || !covered[i]
			case !refused[i]:
				return false
			}
		}
		return any
	}
	if len(all) > 1 && within(nil) {
		return []string{everything}
	}
	var names []string
	for of, group := range a.grouped() {
		if !within(group) {
			continue
		}
		names = append(names, groups[of].name)
		for i := range all {
			covered[i] = covered[i] || group[i]
		}
	}
	for i, o := range all {
		if some[i] && !covered[i] {
			names = append(names, o.Name)
		}
	}
	return names
}
