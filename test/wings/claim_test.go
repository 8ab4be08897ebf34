package wings

import (
	"testing"

	"github.com/s3seal/s3seal/internal/rule"
)

// aspect is something about a bucket that works or doesn't.
type aspect string

const (
	making       aspect = "making"       // CloudFormation makes it
	upload       aspect = "upload"       // without an encryption header, by an administrator
	ssecUpload   aspect = "SSE-C upload" // by an administrator
	closed       aspect = "closed"       // to all uploads but those under SSE-C, of a bucket that demands it
	secure       aspect = "TLS"          // is demanded of everybody
	accessLog    aspect = "access log"   // arrives, and can be read
	inventory    aspect = "inventory"    // arrives, and can be read
	replicating  aspect = "replication"  // of an object under the default encryption
	ssecReplicas aspect = "SSE-C replicas"
	advice       aspect = "" // about what could go wrong later, or more than the local AWS carries out
)

// claim is what a rule's finding says won't work, if it is at least of the
// severity.
type claim struct {
	aspect   aspect
	severity rule.Severity
}

// claims has every rule.
var claims = map[string]claim{
	"template-refused":              {making, rule.Error},
	"property-refused":              {making, rule.Error},
	"key-given-twice":               {making, rule.Error},
	"policy-refused":                {making, rule.Error},
	"key-policy-lockout":            {making, rule.Error},
	"kms-key-with-sse-s3":           {making, rule.Error},
	"bucket-key-with-dsse-kms":      {making, rule.Error},
	"replication-unversioned":       {making, rule.Error},
	"replication-filter-incomplete": {making, rule.Error},
	"replica-key-unpaired":          {making, rule.Error},
	"replication-refused":           {making, rule.Error},
	"replication-without-account":   {making, rule.Warning},
	"object-action-on-bucket":       {making, rule.Error}, // of bucket policies; IAM accepts the others
	"bucket-action-on-objects":      {making, rule.Error},

	"deny-refuses-default-encryption": {upload, rule.Warning},
	"default-key-alias":               {upload, rule.Error},
	"default-key-elsewhere":           {upload, rule.Error},
	"default-key-malformed":           {upload, rule.Error},
	"sse-c-bucket-unwritable":         {ssecUpload, rule.Error},
	"sse-c-bucket-open":               {closed, rule.Error},
	"bucket-without-tls":              {secure, rule.Warning},

	"log-destination-unfit":      {accessLog, rule.Error},
	"log-encryption-unsupported": {accessLog, rule.Error},
	"log-delivery-denied":        {accessLog, rule.Error},
	"log-key-denied":             {accessLog, rule.Error},

	"replication-permission":        {replicating, rule.Error},
	"replication-role-untrusting":   {replicating, rule.Error},
	"replication-skips-kms-objects": {replicating, rule.Error},
	"replica-key-foreign":           {replicating, rule.Error},
	"replication-sse-c-blocked":     {ssecReplicas, rule.Error},

	"made-before-policy":                {advice, rule.Error}, // by chance
	"principal-not-yet-made":            {advice, rule.Error},
	"reader-without-key":                {advice, rule.Error}, // of accounts that are not there
	"bucket-acls-enabled":               {advice, rule.Error}, // there are no ACLs in the local AWS
	"bucket-public-access-unblocked":    {advice, rule.Error},
	"bucket-unversioned":                {advice, rule.Error},
	"blocked-encryption-types-unstated": {advice, rule.Error},
	"principal-anyone":                  {advice, rule.Error},
	"wildcard-account":                  {advice, rule.Error},
	"unknown-account":                   {advice, rule.Error},
	"policy-without-effect":             {advice, rule.Error},
	"roles-all-passed":                  {advice, rule.Error},
	"key-not-retained":                  {advice, rule.Error},
	"data-not-retained":                 {advice, rule.Error},
	"sse-c-key-weak":                    {advice, rule.Error},
	"replication-without-metrics":       {advice, rule.Error},
	"replica-under-foreign-key":         {advice, rule.Error}, // what another configuration could send
	"replication-rule-shadowed":         {advice, rule.Error},
	"secret-regenerated":                {advice, rule.Error}, // an update
	"alarm-topic-denied":                {advice, rule.Error},
	"stateful-replaced":                 {advice, rule.Error},
	"key-update-refused":                {advice, rule.Error},
	"stateful-moved":                    {advice, rule.Error},
	"stateful-removed":                  {advice, rule.Error},
	"stack-left-behind":                 {advice, rule.Error},
	"acknowledgement-unneeded":          {advice, rule.Error},
}

func TestEveryRuleSaysWhatItClaims(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, r := range rule.All() {
		known[r.ID] = true
		if _, ok := claims[r.ID]; !ok {
			t.Errorf("rule %s: claims doesn't say what won't work where it finds something", r.ID)
		}
	}
	for id := range claims {
		if !known[id] {
			t.Errorf("claims has %s, which is no rule", id)
		}
	}
}
