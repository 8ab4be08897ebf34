package query

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/spelling"
)

// target is a resource that is asked about, or an object of a bucket.
type target struct {
	name     string // "bucket Data/KEY"
	arn      string // of it
	resource access.Resource
	bucket   *resource.Bucket // nil for all else
	key      string           // of the object; "object" when none is given
	isObject bool             // a key is given
}

// targets are what a name or ARN means; all that the tables have for "".
func targets(set *resource.Set, name, action string) ([]target, error) {
	var list []target
	var names []string
	for _, r := range access.Resources(set) {
		names = append(names, r.Name)
		t := target{name: r.Name, arn: r.ARN, resource: r, key: "object"}
		if i := slices.IndexFunc(set.Buckets, func(b *resource.Bucket) bool { return b.ARN == r.ARN }); i >= 0 {
			t.bucket = set.Buckets[i]
		}
		if name == "" {
			list = append(list, t)
			continue
		}
		for _, given := range []string{r.Name, r.ARN, strings.TrimSuffix(r.ARN, ":*")} {
			if name == given {
				return []target{t}, t.check(name, action)
			}
			if key, ok := strings.CutPrefix(name, given+"/"); ok && t.hasObjects() {
				if given == r.ARN && t.bucket == nil {
					key = strings.TrimPrefix(key, "object/")
				}
				t.name, t.key, t.isObject = r.Name+"/"+key, key, true
				t.arn = t.object()
				return []target{t}, t.check(name, action)
			}
		}
	}
	switch why := leftOutOf(set, name); {
	case name == "":
		return list, nil
	case why != nil:
		return nil, fmt.Errorf("%s: unknown: %w", name, why)
	case strings.HasPrefix(name, "arn:"):
		return nil, fmt.Errorf("%s: unknown: no such %s in these stacks", name, kind(name))
	}
	return nil, fmt.Errorf("--on %q: no resource of that name: write an ARN, or a name of the table, such as %s", name, spelling.Nearest(withoutKey(name), names))
}

// withoutKey is a name that may be one of an object, without the object's key.
func withoutKey(name string) string {
	bucket, _, _ := strings.Cut(name, "/")
	return bucket
}

// check says why an action is not about a target.
func (t target) check(name, action string) error {
	switch {
	case t.isObject && strings.ContainsAny(t.key, "*?"):
		return fmt.Errorf("--on %q: an object's key, and no pattern: a request is about one object, such as %s/KEY", name, strings.TrimSuffix(t.name, "/"+t.key))
	case action == "" || !isAction(action):
		if action != "" && t.bucket == nil {
			return fmt.Errorf("--on %q: %s is about an object of a bucket", name, action)
		}
		return nil
	case !t.takes(action):
		return fmt.Errorf("--on %q: %s is not about a %s: it is about %s", name, action, t.kind(), subjects(action))
	case t.needsKey(action):
		return fmt.Errorf("--on %q: %s is about an object: write its key behind the %s: %s/KEY", name, action, t.kind(), name)
	case t.isObject && !ofObjects(action):
		return fmt.Errorf("--on %q: %s is about a bucket: leave out /%s", name, action, t.key)
	}
	return nil
}

// hasObjects tells a bucket, and an access point to one.
func (t target) hasObjects() bool { return t.bucket != nil || t.kind() == accessPoint }

// object is the ARN of its object.
func (t target) object() string {
	if t.bucket == nil {
		return t.resource.ARN + "/object/" + t.key
	}
	return t.resource.ARN + "/" + t.key
}

// needsKey says that an action is about an object, and none is given.
func (t target) needsKey(action string) bool {
	return t.hasObjects() && !t.isObject && ofObjects(action) && !ofBuckets(action)
}

const accessPoint = "access point"

func (t target) kind() string {
	if strings.HasPrefix(t.resource.Name, accessPoint+" ") {
		return accessPoint
	}
	what, _, _ := strings.Cut(t.resource.Name, " ")
	return what
}

// arnFor is the ARN that a request is about: of an action on objects an object.
func (t target) arnFor(action string) string {
	if t.needsKey(action) {
		return t.object()
	}
	return t.arn
}

// place is operations of the tables about the target: about its object where a
// key is given, and then no others.
func (t target) place(operations []access.Operation) []access.Operation {
	list := slices.Clone(operations)
	if !t.isObject {
		return list
	}
	list = slices.DeleteFunc(list, func(o access.Operation) bool { return o.Resource == t.resource.ARN })
	for i := range list {
		list[i].Resource = t.arn
	}
	return list
}

// leftOutOf says what of a resource could not be read, so that it is in no table.
func leftOutOf(set *resource.Set, arn string) error {
	if parts := resource.ARN(arn); parts.Service == "s3" {
		arn, _, _ = strings.Cut(parts.Resource, "/")
	}
	return set.LeftOut(arn)
}

// kind is what an ARN is of.
func kind(arn string) string {
	parts := resource.ARN(arn)
	switch what, _, _ := strings.Cut(parts.Resource, "/"); parts.Service {
	case "s3":
		return "bucket"
	case "kms":
		return "key"
	case "secretsmanager":
		return "secret"
	case "iam":
		return what
	case "logs":
		return "log group"
	}
	return "resource"
}
