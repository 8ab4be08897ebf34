package stage

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/bucketname"
)

// Namespace says whose a bucket's name is.
type Namespace string

// The namespaces. Source:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
const (
	AccountRegional Namespace = bucketname.AccountRegional // "…-{account}-{region}-an", which only that account can use, in that Region
	Global          Namespace = bucketname.Global          // any name that is free in the partition
)

// Namespaces returns all namespaces, in order.
func Namespaces() []Namespace { return []Namespace{AccountRegional, Global} }

// Namespace returns the namespace of the stage's bucket names in an environment,
// one of the stage's. BucketNamespace alone doesn't say it: it is empty where each
// Region uses the one that it supports.
func (s *Stage) Namespace(e Environment) Namespace {
	switch {
	case s.BucketNamespace != "":
		return s.BucketNamespace
	case e.hasAccountRegional():
		return AccountRegional
	}
	return Global
}

func (e Environment) hasAccountRegional() bool { return bucketname.HasAccountRegional(e.Region) }

// checkNamespace checks that the Regions have the namespace that the file names.
func (d *document) checkNamespace(s *Stage) {
	at := fieldPath(s, "bucketNamespace")
	if !d.has(at) || d.failed(at) {
		return
	}
	if !slices.Contains(Namespaces(), s.BucketNamespace) {
		d.report(at, "unknown bucketNamespace %s: %s", quote(string(s.BucketNamespace)), suggest(string(s.BucketNamespace), Namespaces()))
		return
	}
	for _, e := range s.environments() {
		if s.BucketNamespace == AccountRegional && !e.hasAccountRegional() {
			d.report(at, "bucketNamespace is account-regional, which S3 does not have in %s: write global, or remove the line, which then means global in that Region alone", e.Region)
			return
		}
	}
}

// namespaceEnding ends every name in an account regional namespace.
var namespaceEnding = bucketname.Suffix("{account}", "{region}")

// namespaceFault says what is wrong with a name for its environment's namespace,
// and what to write instead; "" for a good one. text is the name with its
// placeholders.
func (s *Stage) namespaceFault(text string, e Environment) (wrong, instead string) {
	name := s.expand(text, e)
	if s.Namespace(e) == Global {
		if !strings.HasSuffix(name, bucketname.Ending) {
			return "", ""
		}
		instead = "write another ending"
		if s.BucketNamespace == Global && e.hasAccountRegional() {
			instead += ", or remove bucketNamespace: global"
		}
		return fmt.Sprintf("ends in %q, which S3 keeps for account regional namespaces", bucketname.Ending), instead
	}
	ending := s.expand(namespaceEnding, e)
	if strings.HasSuffix(name, ending) {
		return "", ""
	}
	right := inNamespace(text, e)
	instead = fmt.Sprintf("write %q", right)
	if len(s.expand(right, e)) > bucketname.MaxLength {
		instead = fmt.Sprintf("write at most %d characters and %q", bucketname.MaxLength-len(ending), namespaceEnding)
	}
	return fmt.Sprintf("is not in the account regional namespace, whose names end in %q", ending),
		instead + ", or, of a stage that is deployed already, bucketNamespace: global, which keeps its buckets"
}

// inNamespace gives a name the ending of its environment's account regional
// namespace, in place of what it has of such an ending.
func inNamespace(text string, e Environment) string {
	text = strings.TrimSuffix(text, bucketname.Ending)
	text = strings.TrimSuffix(strings.TrimSuffix(text, "-{region}"), "-"+e.Region)
	return accountAtEnd.ReplaceAllString(text, "") + namespaceEnding
}

var accountAtEnd = regexp.MustCompile(`-(\{account\}|[0-9]{12})$`)
