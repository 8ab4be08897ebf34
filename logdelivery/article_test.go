package logdelivery

import (
	"testing"

	"github.com/s3seal/s3seal/encryption"
)

// The tables of an article of January 2024 about logs that didn't arrive (in
// Japanese, "wait a moment with that S3 encryption"), which tried every source
// bucket's encryption with every destination's for four sources. Its rows are
// the source's, its columns the destination's encryption.
var article = map[Source]map[encryption.Pattern][3]bool{
	S3ServerAccess: {
		encryption.SSES3:            {true, false, false},
		encryption.SSEKMSAWSManaged: {true, false, false},
		encryption.SSEKMSCMK:        {true, false, false},
	},
	S3Inventory: {
		encryption.SSES3:            {true, false, false},
		encryption.SSEKMSAWSManaged: {true, false, false},
		encryption.SSEKMSCMK:        {true, false, false},
	},
	ALBAccess: {
		encryption.SSES3:            {true, false, false},
		encryption.SSEKMSAWSManaged: {true, false, false},
		encryption.SSEKMSCMK:        {true, false, false},
	},
	NLBAccess: {
		encryption.SSES3:            {true, false, true},
		encryption.SSEKMSAWSManaged: {true, false, true},
		encryption.SSEKMSCMK:        {true, false, true},
	},
}

var articleColumns = [3]encryption.Pattern{encryption.SSES3, encryption.SSEKMSAWSManaged, encryption.SSEKMSCMK}

// differs is where the article isn't, or is no longer, right.
var differs = map[string]string{
	"s3-inventory to sse-kms-cmk": "AmazonS3/latest/userguide/configure-inventory.html: S3 needs a statement in the key's policy, which the article's key didn't have",
}

func TestArticlesTablesHoldButWhereAWSSaysOtherwise(t *testing.T) {
	t.Parallel()
	met := 0
	for source, rows := range article {
		for from, row := range rows {
			if row != rows[encryption.SSES3] {
				t.Errorf("%s: the source bucket's encryption %s matters, and the matrix has no such dimension", source, from)
			}
			for i, to := range articleColumns {
				name := string(source) + " to " + string(to)
				_, changed := differs[name]
				if changed {
					met++
				}
				if got := Lookup(source, to).Delivers(); got != (row[i] != changed) {
					t.Errorf("%s from a bucket under %s: delivered %v, the article says %v, known difference %v", name, from, got, row[i], changed)
				}
			}
		}
	}
	if met != 3*len(differs) {
		t.Errorf("%d differences met, want %d", met, 3*len(differs))
	}
}

// The article leaves "SSE-S3 only" for four purposes. Three of them have a path
// to a customer managed key now, and the fourth always had one.
func TestEveryPurposeOfTheArticleHasAPathToACustomerManagedKey(t *testing.T) {
	t.Parallel()
	for purpose, path := range map[Source]Source{
		S3ServerAccess: S3ServerAccessVended, // AmazonS3/latest/userguide/ServerLogs.html, since 2026
		S3Inventory:    S3Inventory,
		ALBAccess:      ALBAccessVended, // elasticloadbalancing/latest/application/load-balancer-cloudwatch-logs.html
		NLBAccess:      NLBAccess,
	} {
		if c := Lookup(path, encryption.SSEKMSCMK); c.Verdict != WithKeyPolicy {
			t.Errorf("%s by %s: %s", purpose, path, c.Verdict)
		}
	}
}
