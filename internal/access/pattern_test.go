package access

import (
	"slices"
	"testing"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam/conditionkey"
)

// The tables show who may upload under each pattern, of every bucket: an
// algorithm that nobody asks about would be let in or refused unseen.
func TestUploadsUnderEveryPatternAreAsked(t *testing.T) {
	t.Parallel()
	buckets := 0
	for _, r := range Resources(readStage(t, readAssembly(t, examples), "full")) {
		if r.bucket == nil {
			continue
		}
		buckets++
		for _, p := range encryption.Patterns() {
			key, value := conditionkey.Encryption, p.Traits().Algorithm
			if p.Traits().Key == encryption.CustomerProvided {
				key, value = conditionkey.CustomerAlgorithm, encryption.AES256
			}
			if !slices.ContainsFunc(r.Operations, func(o Operation) bool {
				return o.Action == "s3:PutObject" && slices.Contains(o.Context[key], value)
			}) {
				t.Errorf("%s: nobody is asked for an upload under %s", r.Name, p)
			}
		}
	}
	if buckets == 0 {
		t.Error("no bucket is looked at")
	}
}
