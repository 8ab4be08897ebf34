package stage

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/s3seal/s3seal/internal/bucketname"
)

// placeholders are what a bucket's name may hold.
var placeholders = []string{"{prefix}", "{account}", "{region}"}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// defaultName is a bucket's name where the file gives none; kind is the pattern,
// "source", "replica", "logs" or "inventory".
func defaultName(kind string, n Namespace) string {
	if n == AccountRegional {
		return "{prefix}-" + kind + namespaceEnding
	}
	return "{prefix}-" + kind + "-{account}-{region}"
}

// expand replaces the placeholders of a bucket's name in an environment.
func (s *Stage) expand(name string, e Environment) string {
	if !strings.Contains(name, "{") {
		return name
	}
	for i, value := range []string{s.Prefix, e.Account, e.Region} {
		name = strings.ReplaceAll(name, placeholders[i], value) // values with placeholders are refused
	}
	return name
}

// expandNames sets the stage's bucket names to what they are in AWS, and checks
// them.
func (d *document) expandNames(s *Stage) {
	var tooLong overlong
	expand := func(path, kind string, name *string, e Environment) {
		given := d.has(path)
		if !given {
			*name = defaultName(kind, s.Namespace(e))
		}
		if given && !d.knownPlaceholders(path, *name, placeholders) || d.failed(path) || d.namesFailed(s, e) {
			return
		}
		text := *name
		*name = s.expand(text, e)
		wrong, instead := bucketNameFault(*name)
		if wrong == "" && !strings.HasSuffix(path, ".existing.name") && !(kind == "replica" && s.Replica.Existing) {
			wrong, instead = s.namespaceFault(text, e)
		}
		switch {
		case wrong == "":
		case given:
			d.report(path, "bucket name %s %s: %s", quote(*name), wrong, instead)
		case len(*name) > bucketname.MaxLength:
			tooLong.add(*name, kind)
		default:
			d.report(fieldPath(s, "prefix"), "prefix %s makes the bucket name %s, which %s: %s", quote(s.Prefix), quote(*name), wrong, instead)
		}
	}
	for p, o := range s.bucketOptions() {
		if s.Has(p) {
			name := o.name
			if e := *o.existing; e != nil {
				name = &e.Name
			}
			expand(o.nameOfBucket(s, p), p.Traits().BucketName, name, s.Source)
			*o.name = *name // whoever made the bucket
		}
	}
	if r := s.Replica; r != nil {
		expand(fieldPath(s, "replica.sourceBucket"), "source", &r.SourceBucket, s.Source)
		expand(fieldPath(s, "replica.replicaBucket"), "replica", &r.ReplicaBucket, r.Environment)
	}
	for _, l := range s.logBuckets() {
		expand(fieldPath(s, "logs.name"), l.kind, &l.name, l.Environment) // which is no field, so nothing but the prefix can be at fault
	}
	if tooLong.names > 0 {
		d.report(fieldPath(s, "prefix"), "prefix %s makes the bucket name %s of %d characters, and S3 allows %d: %s",
			quote(s.Prefix), quote(tooLong.longest), len(tooLong.longest), bucketname.MaxLength, tooLong.instead())
	}
}

// overlong collects the default names of a stage that are too long. The longest
// says by how much the prefix is too long for all.
type overlong struct {
	names         int
	longest, kind string // kind is that of the longest
}

func (o *overlong) add(name, kind string) {
	o.names++
	if len(name) > len(o.longest) {
		o.longest, o.kind = name, kind
	}
}

// instead says what to do: a name of its own is a way out for one bucket alone,
// and not for the log buckets, which can't be given a name.
func (o *overlong) instead() string {
	shorten := fmt.Sprintf("shorten the prefix by %d", len(o.longest)-bucketname.MaxLength)
	if o.names == 1 && o.kind != "logs" && o.kind != "inventory" {
		return shorten + ", or give that bucket a name"
	}
	return shorten
}

// namesFailed reports whether anything is wrong with what the stage's names in
// an environment are made of.
func (d *document) namesFailed(s *Stage, e Environment) bool {
	return d.failed(fieldPath(s, "prefix")) || d.failed(fieldPath(s, "bucketNamespace")) || d.environmentFailed(s, e)
}

// bucketNameFault says what is wrong with a name in any namespace, and what to
// write instead; "" for a good name. A dot is legal but refused here: the
// certificate *.s3.<region>.amazonaws.com doesn't match a host name with a
// further dot, and these buckets accept TLS only.
func bucketNameFault(name string) (wrong, instead string) {
	wrong, instead = bucketname.Fault(name)
	switch {
	case wrong == bucketname.IllegalCharacters:
		instead += ", and the placeholders " + oneOf(placeholders)
	case wrong == "" && strings.Contains(name, "."):
		return "has a dot, which S3's TLS certificate doesn't match in a host name", "write a hyphen"
	}
	return wrong, instead
}
