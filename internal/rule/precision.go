package rule

// sampled is when findings were read, sampledTemplates on how many templates of
// CloudFormation, checked for one account and Region and for all, and
// sampledRepositories where on GitHub these are.
const (
	sampled          = "2026-11-27"
	sampledTemplates = 1890
)

var sampledRepositories = []string{
	"aws-cloudformation/aws-cloudformation-templates",
	"aws-cloudformation/cfn-lint",
	"aws-samples/serverless-patterns",
	"awslabs/aws-solutions-constructs",
	"awslabs/landing-zone-accelerator-on-aws",
	"bridgecrewio/checkov",
	"widdix/aws-cf-templates",
}

// sample is how many findings of a rule were read, each with the template around
// it, and how many were right: at most 30 by chance, of those that are alike in a
// repository one. What no page of AWS decides is not right.
type sample struct{ read, right int }

// precision has every rule that is an error. A rule that is changed so that it
// finds more is to be read again.
var precision = map[string]sample{
	"acknowledgement-unneeded":      {},
	"bucket-action-on-objects":      {5, 5},
	"bucket-key-with-dsse-kms":      {},
	"default-key-elsewhere":         {},
	"default-key-malformed":         {2, 2},
	"key-given-twice":               {14, 13},
	"key-not-retained":              {26, 26},
	"key-policy-lockout":            {1, 1},
	"key-update-refused":            {},
	"kms-key-with-sse-s3":           {},
	"log-delivery-denied":           {3, 3},
	"log-destination-unfit":         {7, 7},
	"log-encryption-unsupported":    {1, 1},
	"log-key-denied":                {1, 1},
	"object-action-on-bucket":       {16, 16},
	"policy-refused":                {26, 26},
	"principal-anyone":              {12, 12},
	"property-refused":              {30, 30},
	"reader-without-key":            {},
	"replica-key-foreign":           {},
	"replica-key-unpaired":          {},
	"replication-filter-incomplete": {},
	"replication-permission":        {2, 2},
	"replication-refused":           {},
	"replication-role-untrusting":   {},
	"replication-skips-kms-objects": {},
	"replication-sse-c-blocked":     {},
	"replication-unversioned":       {},
	"replication-without-account":   {},
	"secret-regenerated":            {},
	"sse-c-bucket-open":             {},
	"sse-c-bucket-unwritable":       {},
	"sse-c-key-weak":                {},
	"stateful-moved":                {},
	"stateful-removed":              {},
	"stateful-replaced":             {},
	"template-refused":              {30, 30},
	"unknown-account":               {},
	"wildcard-account":              {},
}
