package stage

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
)

// placeholders are what a bucket's name may hold.
var placeholders = []string{"{prefix}", "{account}", "{region}"}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// nameOf is a pattern in its bucket's default name. The longest is cut short, or
// it would leave a prefix no more than 15 characters.
func nameOf(p Pattern) string {
	if p == SSEKMSAWSManaged {
		return "sse-kms-aws"
	}
	return string(p)
}

// defaultName is a bucket's name where the file gives none; kind is the pattern,
// "source", "replica", "logs" or "inventory".
func defaultName(kind string) string { return "{prefix}-" + kind + "-{account}-{region}" }

// maxBucketName is the longest bucket name, in characters.
const maxBucketName = 63

// expandNames sets the stage's bucket names to what they are in AWS, and checks
// them.
func (d *document) expandNames(s *Stage) {
	longest := ""
	expand := func(path, kind string, name *string, e Environment) {
		given := d.has(path)
		if !given {
			*name = defaultName(kind)
		}
		d.checkPlaceholders(path, *name)
		if d.failed(path) || d.failed(fieldPath(s, "prefix")) || d.environmentFailed(s, e) {
			return
		}
		*name = strings.NewReplacer(
			"{prefix}", s.Prefix, "{account}", e.Account, "{region}", e.Region).Replace(*name)
		wrong, instead := bucketNameFault(*name)
		switch {
		case wrong == "":
		case given:
			d.report(path, "bucket name %s %s: %s", quote(*name), wrong, instead)
		case len(*name) > maxBucketName: // the longest says by how much the prefix is too long for all
			if len(*name) > len(longest) {
				longest = *name
			}
		default:
			d.report(fieldPath(s, "prefix"), "prefix %s makes the bucket name %s, which %s: %s", quote(s.Prefix), quote(*name), wrong, instead)
		}
	}
	for p, o := range s.bucketOptions() {
		if s.Has(p) {
			expand(fieldPath(s, "buckets."+string(p)+".name"), nameOf(p), o.name, s.Source)
		}
	}
	if r := s.Replica; r != nil {
		expand(fieldPath(s, "replica.sourceBucket"), "source", &r.SourceBucket, s.Source)
		expand(fieldPath(s, "replica.replicaBucket"), "replica", &r.ReplicaBucket, r.Environment)
	}
	for _, l := range s.logBuckets() {
		expand(fieldPath(s, "logs.name"), l.kind, &l.name, l.Environment) // which is no field, so nothing but the prefix can be at fault
	}
	if over := len(longest) - maxBucketName; over > 0 {
		d.report(fieldPath(s, "prefix"), "prefix %s makes the bucket name %s of %d characters, and S3 allows %d: shorten the prefix by %d, or give that bucket a name",
			quote(s.Prefix), quote(longest), len(longest), maxBucketName, over)
	}
}

// checkPlaceholders reports placeholders that there aren't.
func (d *document) checkPlaceholders(path, name string) {
	for _, p := range placeholder.FindAllString(name, -1) {
		known := false
		for _, k := range placeholders {
			known = known || p == k
		}
		if !known {
			d.report(path, "unknown placeholder %s: %s", quote(p), suggest(p, placeholders))
			return
		}
	}
}

// reserved begins and ends of bucket names.
var (
	reservedPrefixes = []string{"xn--", "sthree-", "amzn-s3-demo-"}
	reservedSuffixes = []struct{ suffix, of string }{
		{"-s3alias", "access point aliases"},
		{"--ol-s3", "Object Lambda access point aliases"},
		{"--x-s3", "directory buckets"},
		{"--table-s3", "table buckets"},
		{"-an", "buckets in an account regional namespace"},
	}
	bucketCharacters = regexp.MustCompile(`^[a-z0-9-]*$`)
)

// bucketNameFault says what S3's naming rules have against name, and what to
// write instead; "" for a good name.
//
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
// A dot is legal but refused here: the certificate *.s3.<region>.amazonaws.com
// doesn't match a host name with a further dot, and these buckets take TLS only.
// So the rules about dots ("..", ".mrap", addresses) need no case but a better
// message.
func bucketNameFault(name string) (wrong, instead string) {
	if _, err := netip.ParseAddr(name); err == nil {
		return "has the form of an IP address", "write a name with letters"
	}
	switch {
	case strings.Contains(name, ".."):
		return "has two dots in a row", "write a hyphen"
	case strings.HasSuffix(name, ".mrap"):
		return `ends in ".mrap", which is reserved for Multi-Region Access Points`, "write another ending"
	case strings.Contains(name, "."):
		return "has a dot, which S3's TLS certificate doesn't match in a host name", "write a hyphen"
	case strings.ToLower(name) != name:
		return "has capital letters", fmt.Sprintf("write %q", strings.ToLower(name))
	case !bucketCharacters.MatchString(name):
		return "has characters other than a-z, 0-9 and hyphen", "write only those, and the placeholders " + oneOf(placeholders)
	case len(name) < 3 || len(name) > maxBucketName:
		return fmt.Sprintf("has %d characters", len(name)), fmt.Sprintf("write 3 to %d", maxBucketName)
	case strings.HasPrefix(name, "-") || strings.HasSuffix(name, "-"):
		return "begins or ends with a hyphen", "begin and end it with a letter or digit"
	}
	for _, p := range reservedPrefixes {
		if strings.HasPrefix(name, p) {
			return fmt.Sprintf("begins with %q, which S3 reserves", p), "write another beginning"
		}
	}
	for _, r := range reservedSuffixes {
		if strings.HasSuffix(name, r.suffix) {
			return fmt.Sprintf("ends in %q, which is reserved for %s", r.suffix, r.of), "write another ending"
		}
	}
	return "", ""
}
