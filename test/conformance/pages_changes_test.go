package conformance

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

// TestPageChanges copies an object of each encryption onto itself under another.
// What UpdateObjectEncryption does is AWS's page.
func TestPageChanges(t *testing.T) {
	t.Parallel()
	d := deployStages(t)
	open := newSubject(t, d, "dev", devAccount, "", "SseKmsCmkBucket", "SseKmsCmkKeyArn")
	customer := newSubject(t, d, "dev", devAccount, "", "SseCBucket", "")
	bucketKey := func(on string, h map[string]string) map[string]string {
		h = maps.Clone(h)
		h[bucketKeyHeader] = on
		return h
	}
	copySource := map[string]string{}
	for name, v := range keyHeaders(seedKey) {
		copySource[strings.Replace(name, "X-Amz-", "X-Amz-Copy-Source-", 1)] = v
	}
	both := maps.Clone(keyHeaders(otherKey))
	maps.Copy(both, copySource)
	var rows [][]string
	for i, c := range []struct {
		title    string
		bucket   subject
		from, to map[string]string
		inPlace  string
		want     string
	}{
		{"SSE-S3 to SSE-KMS", open, algorithm("AES256"), named("aws:kms", open.key), "yes", "`aws:kms`, the bucket's key, Bucket Key"},
		{"SSE-KMS to another key", open, algorithm("aws:kms"), named("aws:kms", open.key), "yes", "`aws:kms`, the bucket's key, Bucket Key"},
		{"SSE-KMS to a Bucket Key", open, bucketKey("false", named("aws:kms", open.key)), bucketKey("true", named("aws:kms", open.key)), "yes", "`aws:kms`, the bucket's key, Bucket Key"},
		{"SSE-S3 to DSSE-KMS", open, algorithm("AES256"), named("aws:kms:dsse", open.key), "no", "`aws:kms:dsse`, the bucket's key"},
		{"SSE-KMS to DSSE-KMS", open, named("aws:kms", open.key), named("aws:kms:dsse", open.key), "no", "`aws:kms:dsse`, the bucket's key"},
		{"SSE-KMS to SSE-S3", open, named("aws:kms", open.key), algorithm("AES256"), "no", "`AES256`"},
		{"DSSE-KMS to SSE-KMS", open, named("aws:kms:dsse", open.key), named("aws:kms", open.key), "no", "`aws:kms`, the bucket's key, Bucket Key"},
		{"SSE-C to another key", customer, keyHeaders(seedKey), both, "no", "SSE-C"},
	} {
		key := fmt.Sprint("o", i)
		if got := c.bucket.send(t, "PUT", key, c.from); got[0] == '4' {
			t.Fatalf("%s: %s", c.title, got)
		}
		to := maps.Clone(c.to)
		to["X-Amz-Copy-Source"] = c.bucket.name + "/" + key
		got := c.bucket.copyOnto(t, key, to)
		if got != c.want {
			t.Errorf("%s: the copy is %s, want %s", c.title, got, c.want)
		}
		copied := "yes"
		if c.bucket.name == customer.name {
			copied = "yes, with both keys"
		}
		rows = append(rows, []string{c.title, c.inPlace, copied})
	}
	isMade(t, "encryption.md", "changes", markdown([]string{"change", "UpdateObjectEncryption", "a copy onto itself"}, rows))
}

// copyOnto is send without a body.
func (s subject) copyOnto(t *testing.T, key string, header map[string]string) string {
	t.Helper()
	return s.said(s.requests.send(t, "PUT", "/"+s.name+"/"+key, header, ""))
}
