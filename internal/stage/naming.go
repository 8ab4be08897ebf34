package stage

import (
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/policy"
)

// Names are patterns for the names of resources. Each must hold {purpose}, which
// tells the stage's resources of a kind apart, such as sse-kms-cmk-put, and may
// hold {stage}, {prefix}, {account} and {region}, the source's.
type Names struct {
	// Role is for the roles, whose names have 64 characters and are of the whole
	// account, whatever the Region.
	Role string `yaml:"role,omitempty" jsonschema:"pattern=^[A-Za-z0-9_+=.@{}-]+$"`

	// Function is for the functions, whose names have 64 characters.
	Function string `yaml:"function,omitempty" jsonschema:"pattern=^[A-Za-z0-9_{}-]+$"`

	// Queue is for the queues, whose names have 80 characters. They outlive the
	// stage, which can't be made again until they are deleted.
	Queue string `yaml:"queue,omitempty" jsonschema:"pattern=^[A-Za-z0-9_{}-]+$"`

	// Secret is for the key ring, which outlives the stage too. A new name makes a
	// new ring, under whose key no object is.
	Secret string `yaml:"secret,omitempty" jsonschema:"pattern=^[A-Za-z0-9/_+=.@{}-]+$"`
}

// namePlaceholders are what those patterns may hold.
var namePlaceholders = []string{"{purpose}", "{stage}", "{prefix}", "{account}", "{region}"}

// What the names of the kinds are made of.
var (
	roleName   = regexp.MustCompile(`^[\w+=,.@-]+$`)
	wordName   = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	secretName = regexp.MustCompile(`^[A-Za-z0-9/_+=.@-]+$`)
)

// naming is a pattern of a stage for the resources of a kind.
type naming struct {
	field, pattern string
	most           int // characters
	legal          *regexp.Regexp
	global         bool     // unique in the account, not only in its Region
	purposes       []string // what the stage has of the kind
}

// namings returns the stage's patterns, in order.
//
// Sources: IAM/latest/APIReference/API_CreateRole.html,
// lambda/latest/api/API_CreateFunction.html,
// AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html,
// secretsmanager/latest/apireference/API_CreateSecret.html.
func (s *Stage) namings() []naming {
	functions := s.functionPurposes()
	roles := slices.Clone(functions)
	if s.Replica != nil {
		roles = append(roles, PurposeReplication)
		if s.Replica.Repair {
			roles = append(roles, PurposeRepair)
		}
	}
	if w := s.Buckets.SSEC.Sweep; w != nil && w.Engine == SweepMap && s.Has(encryption.SSEC) {
		roles = append(roles, Purpose(encryption.SSEC, DoesSweepMachine))
	}
	var queues []string
	for _, f := range functions {
		if s.Functions.Queue && strings.HasSuffix(f, "-"+string(policy.VerbPut)) || strings.HasSuffix(f, "-"+DoesIngest) {
			queues = append(queues, f, f+deadLetters)
		}
	}
	var secrets []string
	if s.Has(encryption.SSEC) && s.Buckets.SSEC.SecretARN == "" {
		secrets = []string{Purpose(encryption.SSEC, DoesKeyRing)}
	}
	n := &s.Names
	return []naming{
		{"names.role", n.Role, 64, roleName, true, roles},
		{"names.function", n.Function, 64, wordName, false, functions},
		{"names.queue", n.Queue, 80, wordName, false, queues},
		{"names.secret", n.Secret, 512, secretName, false, secrets},
	}
}

// The purposes that are of no pattern, and what things do for a pattern's bucket
// beside the verbs.
const (
	PurposeReplication = "replication"
	PurposeRepair      = "repair"

	DoesIngest       = "ingest"
	DoesRotate       = "rotate"
	DoesSweep        = "sweep"
	DoesSweepMachine = "sweep-machine"
	DoesKeyRing      = "key-ring"

	deadLetters = "-dead-letters" // ends what the queue of dead letters does
)

// Purpose is what {purpose} stands for in the name of what does something for a
// pattern's bucket.
func Purpose(p encryption.Pattern, does string) string { return p.Traits().BucketName + "-" + does }

// functionPurposes are the purposes of the stage's functions.
func (s *Stage) functionPurposes() []string {
	var list []string
	for p, o := range s.bucketOptions() {
		if !s.Has(p) {
			continue
		}
		if *o.functions != nil && **o.functions {
			for _, v := range s.Functions.Verbs {
				list = append(list, Purpose(p, string(v)))
			}
		}
		if len(*o.ingestFrom) > 0 {
			list = append(list, Purpose(p, DoesIngest))
		}
		if o.ssec != nil && o.ssec.Rotation != nil {
			list = append(list, Purpose(p, DoesRotate))
		}
		if o.ssec != nil && o.ssec.Sweep != nil {
			list = append(list, Purpose(p, DoesSweep))
		}
	}
	return list
}

// named is a pattern of the stage for a purpose, or "" without the pattern.
func (s *Stage) named(pattern, purpose string) string {
	return strings.NewReplacer("{purpose}", purpose, "{stage}", s.Name, "{prefix}", s.Prefix, "{account}", s.Source.Account, "{region}", s.Source.Region).Replace(pattern)
}

// RoleName, FunctionName, QueueName and SecretName return the name of what has a
// purpose, and "" where CloudFormation makes it up.
func (s *Stage) RoleName(purpose string) string     { return s.named(s.Names.Role, purpose) }
func (s *Stage) FunctionName(purpose string) string { return s.named(s.Names.Function, purpose) }
func (s *Stage) QueueName(purpose string) string    { return s.named(s.Names.Queue, purpose) }
func (s *Stage) SecretName(purpose string) string   { return s.named(s.Names.Secret, purpose) }

// checkNames checks the patterns of names by the longest name that each gives.
func (d *document) checkNames(s *Stage) {
	if !d.has(fieldPath(s, "names")) || d.namesFailed(s, s.Source) {
		return
	}
	for _, n := range s.namings() {
		at := fieldPath(s, n.field)
		if !d.has(at) || d.failed(at) {
			continue
		}
		if !d.knownPlaceholders(at, n.pattern, namePlaceholders) {
			continue
		}
		if !strings.Contains(n.pattern, "{purpose}") {
			d.report(at, "%s %s gives all the same name: write {purpose} into it", lastName(n.field), quote(n.pattern))
			continue
		}
		longest := ""
		for _, purpose := range n.purposes {
			if name := s.named(n.pattern, purpose); len(name) > len(longest) {
				longest = name
			}
		}
		switch {
		case longest == "": // a company's pattern for all stages, of which this one has nothing
		case !n.legal.MatchString(longest):
			d.report(at, "%s gives names such as %s, with characters that AWS refuses: write what matches %s", lastName(n.field), quote(longest), n.legal)
		case len(longest) > n.most:
			d.report(at, "%s gives the name %s of %d characters, and AWS allows %d: shorten it by %d", lastName(n.field), quote(longest), len(longest), n.most, len(longest)-n.most)
		}
	}
	if at := fieldPath(s, "names.secret"); d.has(at) && !d.failed(at) {
		// Source: secretsmanager/latest/apireference/API_CreateSecret.html.
		if name := s.SecretName(Purpose(encryption.SSEC, DoesKeyRing)); secretSuffix.MatchString(name) {
			d.report(at, "secret gives the name %s, whose end could be taken for the characters that Secrets Manager adds: write an ending that isn't a hyphen and six letters or digits", quote(name))
		}
	}
}

// checkNamesShared reports patterns by which two stages name alike.
func (d *document) checkNamesShared(s *Stage, seen map[[4]string]string) {
	if !d.has(fieldPath(s, "names")) {
		return
	}
	for _, n := range s.namings() {
		at := fieldPath(s, n.field)
		if !d.has(at) || d.failed(at) || d.namesFailed(s, s.Source) || len(n.purposes) == 0 {
			continue
		}
		key, where := [4]string{n.field, s.named(n.pattern, "{purpose}"), s.Source.Account}, "account "+s.Source.Account
		if n.global {
			where += ", whatever the Region"
		} else {
			key[3] = s.Source.Region
			where += " and Region " + s.Source.Region
		}
		if first, ok := seen[key]; ok {
			d.report(at, "%s gives names of %s too, in %s: write %s into it", lastName(n.field), d.stageAt(parent(first)), where, oneOf([]string{"{stage}", "{prefix}", "{region}"}))
			continue
		}
		seen[key] = at
	}
}

// knownPlaceholders reports whether a text holds no others, and the first other.
func (d *document) knownPlaceholders(path, text string, known []string) bool {
	for _, p := range placeholder.FindAllString(text, -1) {
		if !slices.Contains(known, p) {
			d.report(path, "unknown placeholder %s: %s", quote(p), suggest(p, known))
			return false
		}
	}
	return true
}

// isName reports whether a field is one of the patterns of names, which keep their
// own placeholders.
func isName(field string) bool { return strings.HasPrefix(field, "names.") }
