package conformance

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

// TestPageChanges changes the encryption of an object of each, in place and by a
// copy onto itself.
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
		want     string
	}{
		{"SSE-S3 to SSE-KMS", open, algorithm("AES256"), named("aws:kms", open.key), "`aws:kms`, the bucket's key, Bucket Key"},
		{"SSE-KMS to another key", open, algorithm("aws:kms"), named("aws:kms", open.key), "`aws:kms`, the bucket's key, Bucket Key"},
		{"SSE-KMS to a Bucket Key", open, bucketKey("false", named("aws:kms", open.key)), bucketKey("true", named("aws:kms", open.key)), "`aws:kms`, the bucket's key, Bucket Key"},
		{"SSE-KMS to SSE-S3", open, named("aws:kms", open.key), algorithm("AES256"), "`AES256`"},
		{"SSE-S3 to DSSE-KMS", open, algorithm("AES256"), named("aws:kms:dsse", open.key), "`aws:kms:dsse`, the bucket's key"},
		{"SSE-KMS to DSSE-KMS", open, named("aws:kms", open.key), named("aws:kms:dsse", open.key), "`aws:kms:dsse`, the bucket's key"},
		{"DSSE-KMS to SSE-KMS", open, named("aws:kms:dsse", open.key), named("aws:kms", open.key), "`aws:kms`, the bucket's key, Bucket Key"},
		{"SSE-C to another key", customer, keyHeaders(seedKey), both, "SSE-C"},
	} {
		key := fmt.Sprint("o", i)
		for _, name := range []string{key, key + "-in-place"} {
			if got := c.bucket.send(t, "PUT", name, c.from); got[0] == '4' {
				t.Fatalf("%s: %s", c.title, got)
			}
		}
		to := maps.Clone(c.to)
		to["X-Amz-Copy-Source"] = c.bucket.name + "/" + key
		if got := c.bucket.copyOnto(t, key, to); got != c.want {
			t.Errorf("%s: the copy is %s, want %s", c.title, got, c.want)
		}
		copied := "yes"
		if c.bucket.name == customer.name {
			copied = "yes, with both keys"
		}
		inPlace := "no: it gives SSE-KMS only"
		if c.to[algorithmHeader] != "AES256" && c.to[algorithmHeader] != "aws:kms:dsse" {
			inPlace = c.bucket.update(t, key+"-in-place", open.key, c.want)
		}
		rows = append(rows, []string{c.title, inPlace, copied})
	}
	isMade(t, "encryption.md", "changes", markdown([]string{"change", "UpdateObjectEncryption", "a copy onto itself"}, rows))
}

// update changes an object in place, and says how that went: "yes" if the
// object is then as wanted.
func (s subject) update(t *testing.T, key, keyARN, want string) string {
	t.Helper()
	a := s.requests.send(t, "PUT", "/"+s.name+"/"+key+"?encryption", nil,
		"<ObjectEncryption><SSE-KMS><BucketKeyEnabled>true</BucketKeyEnabled><KMSKeyArn>"+keyARN+"</KMSKeyArn></SSE-KMS></ObjectEncryption>")
	if a.status != 200 {
		return fmt.Sprintf("no: %d %s", a.status, a.code)
	}
	if got := s.send(t, "HEAD", key, nil); got != want {
		t.Errorf("%s is %s in place, want %s", key, got, want)
	}
	return "yes"
}

// copyOnto is send without a body.
func (s subject) copyOnto(t *testing.T, key string, header map[string]string) string {
	t.Helper()
	return s.said(s.requests.send(t, "PUT", "/"+s.name+"/"+key, header, ""))
}
