package authorization

import (
	"slices"
	"strings"
	"sync"
)

// global is the section of the data with the condition keys of every service.
const global = "aws"

// Key is a condition key.
type Key struct {
	Name        string // in AWS's case; a template such as "aws:PrincipalTag/${TagKey}" for all that fit it
	Type        string // "String", "ARN", "Bool", "Numeric", "Date" or "IPAddress"
	Multivalued bool   // a request can have several values
}

type keyTable struct {
	keys      []Key
	byName    map[string]Key // in lower case, without the templates
	templates []keyTemplate
}

type keyTemplate struct {
	Key
	start string  // before the first variable, in lower case
	names []token // likewise
}

// keys are the condition keys of all services; a key is there once for each
// service that has it, and the global ones come first, since they win.
var keys = sync.OnceValue(readKeys)

func readKeys() keyTable {
	const mark = "\n key "
	t := keyTable{byName: map[string]Key{}}
	seen := map[string]bool{}
	for _, section := range append([]string{sections()[global]}, text) {
		for _, line := range strings.Split(section, mark)[1:] {
			line, _, _ = strings.Cut(line, "\n")
			name, kind, _ := strings.Cut(line, " ")
			lower := strings.ToLower(name)
			if seen[lower] {
				continue
			}
			seen[lower] = true
			k := Key{Name: name}
			k.Type, k.Multivalued = strings.CutPrefix(kind, "ArrayOf")
			t.keys = append(t.keys, k)
			if strings.Contains(name, "${") {
				start, _, _ := strings.Cut(lower, "${")
				t.templates = append(t.templates, keyTemplate{k, start, template(lower)})
			} else {
				t.byName[lower] = k
			}
		}
	}
	return t
}

// KeyNamed finds a condition key. IAM ignores its case.
func KeyNamed(name string) (Key, bool) {
	lower := strings.ToLower(name)
	if k, ok := keys().byName[lower]; ok {
		return k, true
	}
	for _, t := range keys().templates {
		if strings.HasPrefix(lower, t.start) && overlap(t.names, literal(lower)) {
			return t.Key, true
		}
	}
	return Key{}, false
}

// Keys are all condition keys, in the order of their names.
func Keys() []Key {
	return slices.SortedFunc(slices.Values(keys().keys), func(a, b Key) int { return strings.Compare(a.Name, b.Name) })
}

// Global tells whether requests of every service can carry a key: those that begin
// with "aws:", and a few that a service puts into the credentials it gives.
func Global(key string) bool {
	k, ok := KeyNamed(key)
	return ok && globalNames()[k.Name]
}

var globalNames = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, line := range strings.Split(sections()[global], "\n key ")[1:] {
		name, _, _ := strings.Cut(line, " ")
		all[name] = true
	}
	return all
})

// Applies tells whether a request for the action can carry a key: a global one, or
// one of the action or of what it works on. It is true if the data doesn't tell.
func (a Action) Applies(key string) bool {
	if !a.Whole() || Global(key) {
		return true
	}
	k, ok := KeyNamed(key)
	if !ok {
		return false
	}
	has := func(keys []string) bool {
		return slices.ContainsFunc(keys, func(name string) bool { return strings.EqualFold(name, k.Name) })
	}
	return has(a.Keys) || slices.ContainsFunc(a.Resources, func(u ResourceUse) bool {
		t, _ := Type(a.Service, u.Type)
		return has(u.Keys) || has(t.Keys)
	})
}
