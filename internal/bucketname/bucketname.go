// Package bucketname has S3's rules for the names of general purpose buckets.
//
// Sources: S3 user guide, bucketnamingrules and gpbucketnamespaces.
package bucketname

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// MaxLength is the length of the longest name, in characters.
const MaxLength = 63

// The namespaces, as requests and templates have them. No namespace is the
// global one.
const (
	AccountRegional = "account-regional"
	Global          = "global"
)

// Ending ends every name in an account regional namespace, and no other.
const Ending = "-an"

var (
	characters = regexp.MustCompile(`^[a-z0-9.-]*$`)
	regional   = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*-[0-9]{12}-[a-z]+(-[a-z]+)+-[0-9]+` + Ending + `$`)

	// globalOnly are the Regions without account regional namespaces. The page
	// speaks of all others of the partitions aws, aws-cn, aws-us-gov and
	// aws-eusc, and says nothing of the isolated ones.
	globalOnly = []string{"me-central-1", "me-south-1"}
)

// HasAccountRegional says whether a Region has account regional namespaces. An
// isolated one counts as having them: if S3 refuses it, the first bucket fails,
// while a name that a stranger can take would not be noticed.
func HasAccountRegional(region string) bool { return !slices.Contains(globalOnly, region) }

// Suffix ends the names that an account alone can take in a Region.
func Suffix(account, region string) string { return "-" + account + "-" + region + Ending }

// IsAccountRegional says whether a name has the form of an account regional
// one, whosoever it is.
func IsAccountRegional(name string) bool { return regional.MatchString(name) }

// IllegalCharacters is what Fault says of a name with other characters. A dot is
// legal, and advised against.
const IllegalCharacters = "has characters other than a-z, 0-9 and hyphen"

var (
	reservedPrefixes = []string{"xn--", "sthree-", "amzn-s3-demo-"}
	reservedSuffixes = []struct{ suffix, of string }{
		{".mrap", "Multi-Region Access Points"},
		{"-s3alias", "access point aliases"},
		{"--ol-s3", "Object Lambda access point aliases"},
		{"--x-s3", "directory buckets"},
		{"--table-s3", "table buckets"},
	}
)

// Fault says what S3 has against a name in any namespace, and what to write
// instead; "" for a good name.
func Fault(name string) (wrong, instead string) {
	for _, p := range reservedPrefixes {
		if strings.HasPrefix(name, p) {
			wrong, instead = fmt.Sprintf("begins with %q, which S3 reserves", p), "write another beginning"
		}
	}
	for _, r := range reservedSuffixes {
		if strings.HasSuffix(name, r.suffix) {
			wrong, instead = fmt.Sprintf("ends in %q, which is reserved for %s", r.suffix, r.of), "write another ending"
		}
	}
	_, noAddress := netip.ParseAddr(name)
	switch {
	case noAddress == nil:
		return "has the form of an IP address", "write a name with letters"
	case strings.Contains(name, ".."):
		return "has two dots in a row", "write a hyphen"
	case strings.ToLower(name) != name:
		return "has capital letters", fmt.Sprintf("write %q", strings.ToLower(name))
	case !characters.MatchString(name):
		return IllegalCharacters, "write only those"
	case len(name) < 3 || len(name) > MaxLength:
		return fmt.Sprintf("has %d characters", len(name)), fmt.Sprintf("write 3 to %d", MaxLength)
	case strings.Trim(name, "-.") != name:
		return "begins or ends with a hyphen", "begin and end it with a letter or digit"
	}
	return wrong, instead
}
