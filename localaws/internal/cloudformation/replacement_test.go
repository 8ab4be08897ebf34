package cloudformation

import (
	"encoding/json"
	"testing"
)

// TestEveryPropertyOfABucketsNameReplacesIt, also one that is said now and was
// not before.
func TestEveryPropertyOfABucketsNameReplacesIt(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"BucketName", "BucketNamePrefix", "BucketNamespace"} {
		if !replaces("AWS::S3::Bucket", json.RawMessage(`{}`), json.RawMessage(`{"`+name+`":"global"}`)) {
			t.Errorf("a change of %s keeps the bucket", name)
		}
	}
}
