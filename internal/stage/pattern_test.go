package stage

import (
	"fmt"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/encryption"
)

// A pattern without a field in Buckets could be listed in a stage, and would
// have no bucket.
func TestEveryPatternHasOptions(t *testing.T) {
	t.Parallel()
	for _, p := range encryption.Patterns() {
		file, err := Parse("stages.yaml", fmt.Appendf(nil, `
stages:
  dev:
    prefix: acme
    source: {account: "111122223333", region: eu-west-1}
    patterns: [%s]
    buckets: {%s: {minimumTLS: "1.3"}}
`, p, p))
		if err != nil {
			t.Error(err)
			continue
		}
		o, key := file.Stages[0].Bucket(p), p.Traits().Key
		if !strings.HasPrefix(o.Name, "acme-"+p.Traits().BucketName+"-") || o.MinimumTLS != "1.3" {
			t.Errorf("%s: bucketOptions yields no bucket of its own, but %+v", p, o.Bucket)
		}
		if (o.CMK != nil) != (key == encryption.CustomerManaged) || (o.SSEC != nil) != (key == encryption.CustomerProvided) {
			t.Errorf("%s: options of a customer managed key: %t, of a key ring: %t", p, o.CMK != nil, o.SSEC != nil)
		}
		if o.CMK != nil && *o.CMK.BucketKey != p.Traits().BucketKey {
			t.Errorf("%s: the Bucket Key is on: %t", p, *o.CMK.BucketKey)
		}
	}
}
