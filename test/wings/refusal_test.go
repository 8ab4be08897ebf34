package wings

import (
	"regexp"
	"strings"

	"github.com/s3seal/s3seal/internal/template"
)

// said is, for what the local AWS says when it refuses to make something, the
// rules that say it of the template.
var said = []struct {
	refusal *regexp.Regexp
	rules   []string
}{
	{regexp.MustCompile(`Unresolved (resource|condition) dependenc|Circular dependency|^Template error: Conditions: |cannot unmarshal`), []string{"template-refused", "property-refused"}},
	{regexp.MustCompile(`the policy document is missing|published schema|does not exist in schema|^retentionInDays|value for policyName is invalid|IncludedObjectVersions|Frequency`), []string{"property-refused"}},
	{regexp.MustCompile(`(?i)invalid principal`), []string{"principal-not-yet-made"}},
	{regexp.MustCompile(`is given twice`), []string{"key-given-twice"}},
	{regexp.MustCompile(`^(AssumeRole)?PolicyDocument: |^KeyPolicy: `), []string{"policy-refused"}},
	{regexp.MustCompile(`Policy has (invalid action|invalid resource|an invalid condition key)|Conditions do not apply|Missing required field|should not specify a principal|Invalid principal in policy: "SERVICE"`), []string{"policy-refused"}},
	{regexp.MustCompile(`Action does not apply to any resource`), []string{"object-action-on-bucket", "bucket-action-on-objects"}},
	{regexp.MustCompile(`key policy will not allow you`), []string{"key-policy-lockout"}},
	{regexp.MustCompile(`not applicable if the default sse algorithm`), []string{"kms-key-with-sse-s3"}},
	{regexp.MustCompile(`Bucket Keys are not supported`), []string{"bucket-key-with-dsse-kms"}},
	{regexp.MustCompile(`every character is excluded`), []string{"sse-c-key-weak"}},
	{regexp.MustCompile(`target bucket for logging|Cross S3 location logging`), []string{"log-destination-unfit"}},
	{regexp.MustCompile(`Versioning must be 'Enabled'|must have versioning enabled`), []string{"replication-unversioned"}},
	{regexp.MustCompile(`must be specified for this version`), []string{"replication-filter-incomplete"}},
	{regexp.MustCompile(`SseKmsEncryptedObjects must be|ReplicaKmsKeyID must be`), []string{"replica-key-unpaired"}},
	{regexp.MustCompile(`Found duplicate priorities|Rule Id must be unique|Invalid bucket ARN|cannot be the same as the source|any Tag filter is specified|ReplicationTime and |Filter or Prefix, not both|has one of Prefix`), []string{"replication-refused"}},
	{regexp.MustCompile(`does not own the destination|AccessControlTranslation needs`), []string{"replication-without-account"}},
	{regexp.MustCompile(`public policies are prevented`), []string{"principal-anyone", "wildcard-account"}},
}

// notCarriedOut is a refusal for what the local AWS says it doesn't have.
// unsettled is one for a value that only a deployment gives: the rules call it
// unknown. outsideKey is a failure for want of a key that none of the stacks
// makes.
var (
	notCarriedOut = regexp.MustCompile(`the local AWS (does not|makes|has no|runs)|^Unrecognized resource type|arn:aws:iam::aws:\S+ does not exist or is not attachable|Code needs S3Bucket and S3Key|Runtime "" is not one|Error occurred while GetObject`)
	unsettled     = regexp.MustCompile(`must have values|No export named|Unable to fetch parameters`)
	outsideKey    = regexp.MustCompile(`KMS.NotFoundException`)
)

// unknown says whether the rules can't tell a parameter's value or what a
// resource has.
func (d *deployment) unknown(at string) bool {
	stack, id, _ := strings.Cut(at, "/")
	for _, s := range d.fixture.stacks {
		if s.Name != stack {
			continue
		}
		_, err := s.Resolve(map[string]any{"Ref": id}, "Parameters."+id)
		if r := s.Resource(id); r != nil {
			_, err = r.Properties().Resolve()
		}
		return template.IsUnknown(err)
	}
	return false
}

// saysSo says whether the rules found, at a place, what a refusal is about.
func (v verdicts) saysSo(at, refusal string) bool {
	for _, s := range said {
		if !s.refusal.MatchString(refusal) {
			continue
		}
		for _, id := range s.rules {
			if v.rules[at][id] {
				return true
			}
		}
	}
	return false
}
