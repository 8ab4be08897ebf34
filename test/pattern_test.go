package test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/encryption"
)

// A pattern's bucket is what its row of the table says, and the only one of its
// row's id.
func TestEveryPatternIsMadeAsItsTraitsSay(t *testing.T) {
	a := read(t, synth(t, parseStages(t, `
stages:
  dev:
    prefix: acme
    source: {account: "111122223333", region: eu-west-1}
    logs: {serverAccess: false, inventory: false}
`)))
	type made struct {
		Algorithm       string
		Key, BucketKey  bool
		Blocked, Demand string
	}
	for _, p := range encryption.Patterns() {
		r := p.Traits()
		rule := one(t, a, "dev-buckets", "AWS::S3::Bucket", r.ID).Properties().Get("BucketEncryption", "ServerSideEncryptionConfiguration").Index(0)
		byDefault := rule.Get("ServerSideEncryptionByDefault")
		got := made{
			text(t, byDefault.Get("SSEAlgorithm")), text(t, byDefault.Get("KMSMasterKeyID").Default("")) != "",
			boolean(t, rule.Get("BucketKeyEnabled")), text(t, rule.Get("BlockedEncryptionTypes", "EncryptionType").Index(0)), "",
		}
		d := document(t, one(t, a, "dev-buckets", "AWS::S3::BucketPolicy", r.ID).Properties().Get("PolicyDocument"))
		for _, sid := range []string{"DenySSEC", "RequireSSEC"} {
			if _, found := find(d, sid); found {
				got.Demand += sid
			}
		}
		want := made{r.Algorithm, r.Key == encryption.CustomerManaged, r.BucketKey, "SSE-C", "DenySSEC"}
		if r.Key == encryption.CustomerProvided {
			want.Blocked, want.Demand = "NONE", "RequireSSEC"
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", p, d)
		}
	}
}
