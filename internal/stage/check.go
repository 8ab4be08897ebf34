package stage

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/spelling"
	"github.com/s3seal/s3seal/policy"
)

var (
	stageName   = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$`)
	stagePrefix = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,22}[a-z0-9]$`)
	accountID   = regexp.MustCompile(`^[0-9]{12}$`)
	rounded     = regexp.MustCompile(`^[0-9]([.,][0-9]+)?[eE]\+?[0-9]+$`)
)

const mostNameLetters = 20 // of stageName

// checkStage checks everything of one stage but its buckets' names.
func (d *document) checkStage(s *Stage) {
	self := "stages." + s.Name
	if !stageName.MatchString(s.Name) {
		d.bad[self+".prefix"] = d.bad[self+".prefix"] || d.has(self+"[name]") // which may be made of the name
		if n := len(s.Name); n > mostNameLetters && d.members[s.Name] != nil {
			d.report(self+"[name]", "stage name %s has %d characters, and may have %d: write a shorter text here, or a pattern of shorter ones, such as name: \"a{account}\"", quote(s.Name), n, mostNameLetters)
		}
		d.report(self+"[name]", "stage name %s: write 1 to 20 of a-z, 0-9 and hyphen, the first a letter, the last no hyphen", quote(s.Name))
	}
	if d.failed(self) {
		return
	}
	if d.required(self+".prefix", "write the beginning of every name that the stage owns, such as prefix: acme-dev") &&
		!stagePrefix.MatchString(s.Prefix) {
		d.report(self+".prefix", "prefix %s: write 3 to 24 of a-z, 0-9 and hyphen, the first and the last no hyphen", quote(s.Prefix))
	}
	if d.required(self+".source", `write source: {account: "111122223333", region: ap-northeast-1}`) {
		d.checkEnvironment(self+".source", s.Source)
	}
	d.checkNamespace(s)
	d.checkPatterns(s)
	d.checkVerbs(s)
	d.checkBuckets(s)
	d.checkKeyAccess(s)
	d.checkLogs(s)
	d.checkLimits(s)
	d.checkAlarms(s)
	d.checkBoundary(s)
	d.checkNames(s)
	d.checkTags(self+".tags", s.Tags)
	if s.Replica != nil && !d.failed(self+".replica") {
		d.checkReplica(s)
	}
}

// required reports a field that the file lacks, and whether a value of it can
// be checked.
func (d *document) required(path, instead string) bool {
	if d.bad["defaults"] && !d.has(path) { // which may have it
		d.bad[path] = true
	}
	if d.failed(path) {
		return false
	}
	if !d.has(path) {
		d.report(path, "%s is missing: %s", lastName(path), instead)
		return false
	}
	return true
}

// checkEnvironment checks an account and a Region.
func (d *document) checkEnvironment(path string, e Environment) {
	account, region := path+".account", path+".region"
	if d.required(account, `write the account id in quotes, such as account: "111122223333"`) && !accountID.MatchString(e.Account) {
		switch {
		case e.Account == "":
			d.report(account, "account is empty: write the account id's 12 digits")
		case rounded.MatchString(e.Account):
			d.report(account, "account %s has lost digits, as spreadsheets show long numbers: export the accounts anew, or make the column one of text and write the ids again", quote(e.Account))
		case strings.Trim(e.Account, "0123456789") == "":
			d.report(account, "account %s is not 12 digits long but %d: write all of them, leading zeros too", quote(e.Account), len(e.Account))
		default:
			d.report(account, `account %s isn't 12 digits: write the digits alone, such as "111122223333"`, quote(e.Account))
		}
	}
	if d.required(region, "write a Region's code, such as region: ap-northeast-1") && e.Partition() == "" {
		if near := spelling.Similar(e.Region, partition.Regions()); len(near) > 0 {
			d.report(region, "unknown Region %s: did you mean %s?", quote(e.Region), oneOf(near))
		} else {
			d.report(region, "unknown Region %s: write a Region's code, such as ap-northeast-1", quote(e.Region))
		}
	}
}

// environmentFailed reports whether anything is wrong with the environment, one
// of the stage's.
func (d *document) environmentFailed(s *Stage, e Environment) bool {
	at := "source"
	if s.Replica != nil && e == s.Replica.Environment {
		at = "replica"
	}
	return d.failed(fieldPath(s, at+".account")) || d.failed(fieldPath(s, at+".region"))
}

// checkPatterns checks the list of patterns, and puts it into the patterns' order.
func (d *document) checkPatterns(s *Stage) {
	checkChoice(d, fieldPath(s, "patterns"), "pattern", "all", s.Patterns, encryption.Patterns())
}

// checkVerbs checks the list of verbs, and puts it into the verbs' order.
func (d *document) checkVerbs(s *Stage) {
	checkChoice(d, fieldPath(s, "functions.verbs"), "verb", "put and get", s.Functions.Verbs, policy.Verbs())
}

// checkChoice checks a list of some of the known values, and puts it into their
// order. Without the list, the stage has byDefault.
func checkChoice[T ~string](d *document, path, what, byDefault string, values, known []T) {
	if d.failed(path) {
		return
	}
	if len(values) == 0 {
		d.report(path, "%s is empty: write %s, or remove the line to have %s", lastName(path), oneOf(known), byDefault)
	}
	for i, v := range values {
		if !slices.Contains(known, v) {
			d.report(fmt.Sprintf("%s[%d]", path, i), "unknown %s %s: %s", what, quote(string(v)), suggest(string(v), known))
		}
	}
	checkUnique(d, path, values)
	slices.SortFunc(values, func(a, b T) int { return slices.Index(known, a) - slices.Index(known, b) })
}

// checkKeyAccess checks who may use and manage the keys.
func (d *document) checkKeyAccess(s *Stage) {
	path := fieldPath(s, "key")
	withKey := encryption.Under(encryption.CustomerManaged)
	if d.has(path) && !d.failedItem(fieldPath(s, "patterns"), len(s.Patterns)) && !slices.ContainsFunc(withKey, s.Has) &&
		(s.Replica == nil || !slices.Contains(withKey, s.Replica.SourceEncryption)) {
		d.report(path, "key has no effect, as the stage has no customer managed key in the source account: remove it, or add %s to patterns", oneOf(withKey))
		return
	}
	if d.failed(path) || d.environmentFailed(s, s.Source) || s.Replica != nil && d.environmentFailed(s, s.Replica.Environment) {
		return
	}
	const why = "only principals of the stage's own accounts are allowed here; another account's needs a statement of its own, which a reviewer sees"
	partition := s.Source.Partition()
	d.checkPrincipals(path+".administrators", s.Key.Administrators, partition, s.Accounts(), why)
	d.checkPrincipals(path+".users", s.Key.Users, partition, s.Accounts(), why)
	for i, service := range s.Key.Services {
		if at := fmt.Sprintf("%s.services[%d]", path, i); !d.failed(at) && !isServicePrincipal(service, s.Source) {
			d.report(at, "%s isn't a service principal: write one, such as delivery.logs.amazonaws.com", quote(service))
		}
	}
	checkUnique(d, path+".services", s.Key.Services)
}

var serviceLabels = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*$`)

// isServicePrincipal reports whether name has the form of one. In the other
// partitions some services have principals under the partition's own suffix and
// others under amazonaws.com, so both are accepted.
func isServicePrincipal(name string, e Environment) bool {
	for _, suffix := range []string{"." + e.DNSSuffix(), ".amazonaws.com"} {
		if service, ok := strings.CutSuffix(name, suffix); ok && serviceLabels.MatchString(service) {
			return true
		}
	}
	return false
}

// tagText is what a tag's key and value may hold. Source: the pattern of Tag in
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html, the
// strictest of the services that the tags are for.
var tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

// maxTags leaves one of the 50 tags that a resource can have to "s3seal:stage".
const maxTags = 49

func (d *document) checkTags(path string, tags map[string]string) {
	if len(tags) > maxTags {
		d.report(path, "tags has %d tags: write at most %d, as a resource can have 50 and one is s3seal:stage", len(tags), maxTags)
	}
	folded := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		value, at := tags[key], path+"."+key
		lower := strings.ToLower(key)
		switch n := utf8.RuneCountInString(key); {
		case d.failed(at):
		case n < 1 || n > 128:
			d.report(at, "tag key %s has %d characters: write 1 to 128", quote(key), n)
		case strings.HasPrefix(lower, "aws:") || strings.HasPrefix(lower, "s3seal:"):
			d.report(at, "tag key %s is reserved: write one that doesn't begin with aws: or s3seal:", quote(key))
		case folded[lower] != "":
			d.report(at, "tag key %s differs from %s in case only, and to IAM both are the same key: remove one", quote(key), quote(folded[lower]))
		case !tagText.MatchString(key):
			d.report(at, "tag key %s has characters that a tag can't: write letters, digits, spaces and _.:/=+-@", quote(key))
		case utf8.RuneCountInString(value) > 256:
			d.report(at, "tag %s has a value of %d characters: write at most 256", quote(key), utf8.RuneCountInString(value))
		case !tagText.MatchString(value):
			d.report(at, "tag %s has the value %s, with characters that a tag can't have: write letters, digits, spaces and _.:/=+-@", quote(key), quote(value))
		}
		folded[lower] = key
	}
}
