package object

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/object/objecttest"
)

func TestCopyEncryptsAnew(t *testing.T) {
	t.Parallel()
	eachPattern(t, func(t *testing.T, f *functions, p encryption.Pattern) {
		_, err := f.client().PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String(objecttest.Bucket), Key: aws.String("plain"), Body: strings.NewReader("body"), Tagging: aws.String("team=a%20b"),
			Metadata: map[string]string{"m": "v"}, ContentType: aws.String("text/x"), StorageClass: types.StorageClassStandardIa,
		})
		if err != nil {
			t.Fatal(err)
		}
		copies := f.open(invokeCopy)
		const event = `{"from":{"key":"plain"},"key":"to/ü +","createOnly":true,"requestToken":"t"}`
		if p == encryption.SSEC {
			if _, failed, text := f.call(t, copies, event); failed != function.ObjectNotSSEC {
				t.Errorf("of an object that is not under SSE-C: %s: %s", failed, text)
			}
			f.asSSEC(t, "plain")
			f.setSecret(t, ringOf("k1="+hex1, "k0="+hex0))
			copies, f.get = f.open(invokeCopy), f.open(invokeGet)
		}
		made := f.mustCall(t, copies, event)
		read := f.mustCall(t, f.get, `{"key":"to/ü +"}`)
		for _, field := range []string{"bucket", "key", "versionId", "etag", "encryption", "kmsKeyArn", "keyId", "size"} {
			if made[field] != read[field] {
				t.Errorf("%s is %v, and get says %v", field, made[field], read[field])
			}
		}
		if made["encryption"] != p.Traits().Object || read["body"] != "body" {
			t.Errorf("copy answered %v, get %v", made, read)
		}
		if p == encryption.SSEC && made["keyId"] != "k1" {
			t.Errorf("the copy is under %v", made["keyId"])
		}
		head := f.mustCall(t, f.open(invokeHead), `{"key":"to/ü +"}`)
		if head["contentType"] != "text/x" || fmt.Sprint(head["metadata"]) != "map[m:v]" || head["storageClass"] != "STANDARD_IA" {
			t.Errorf("the copy is %v", head)
		}
		want := "request-token=t team=a b"
		if p == encryption.SSEC {
			want = "request-token=t ssec-kid=k1 team=a b"
		}
		if got := f.tags(t, "to/ü +"); got != want {
			t.Errorf("tags %q, want %q", got, want)
		}
		again := f.mustCall(t, copies, event)
		for _, field := range []string{"key", "versionId", "etag", "encryption", "keyId", "size"} {
			if again[field] != made[field] {
				t.Errorf("the same request again: %s is %v, want %v", field, again[field], made[field])
			}
		}
		if _, failed, text := f.call(t, copies, strings.Replace(event, `"t"`, `"other"`, 1)); failed != function.Conflict {
			t.Errorf("createOnly again: %s: %s", failed, text)
		}
		// Onto itself, as another version.
		again = f.mustCall(t, copies, fmt.Sprintf(`{"from":{"key":"to/ü +","versionId":%q},"key":"to/ü +","ifMatch":%q}`, made["versionId"], made["etag"]))
		if again["versionId"] == made["versionId"] {
			t.Errorf("a copy onto itself: %v", again)
		}
		if _, failed, text := f.call(t, copies, fmt.Sprintf(`{"from":{"key":"plain"},"key":"to/ü +","ifMatch":%q}`, "0123456789abcdef0123456789abcdef")); failed != function.Conflict {
			t.Errorf("ifMatch of another object: %s: %s", failed, text)
		}
	})
}

func TestCopyIsOfOneCall(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSES3)
	f.mustCall(t, f.put, `{}`)
	copies := f.open(invokeCopy)
	copies.store.maxCopy = 6
	if _, failed, text := f.call(t, copies, `{"from":{"key":"test-object"},"key":"b"}`); failed != function.PayloadTooLarge || !strings.Contains(text, "aws s3 cp") {
		t.Errorf("%s: %s", failed, text)
	}
}

func TestCopyIntoABucketThatBlocksSSEC(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	f.mustCall(t, f.put, `{}`)
	f.server.SetEncryption(t, types.EncryptionTypeSseC, nil)
	if _, failed, text := f.call(t, f.open(invokeCopy), `{"from":{"key":"test-object"},"key":"b"}`); failed != function.SSECBlocked {
		t.Errorf("%s: %s", failed, text)
	}
}

// asSSEC puts an object anew under the ring's key k0, with all that it has.
func (f *functions) asSSEC(t *testing.T, key string) {
	t.Helper()
	ring, err := f.put.store.ring.Ring(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, k0 := ring.Primary()
	algorithm, customer, keyMD5 := k0.Customer()
	_, err = f.client().CopyObject(t.Context(), &s3.CopyObjectInput{
		Bucket: aws.String(objecttest.Bucket), Key: &key, CopySource: aws.String(objecttest.Bucket + "/" + key), StorageClass: types.StorageClassStandardIa,
		SSECustomerAlgorithm: algorithm, SSECustomerKey: customer, SSECustomerKeyMD5: keyMD5,
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (f *functions) tags(t *testing.T, key string) string {
	t.Helper()
	out, err := f.client().GetObjectTagging(t.Context(), &s3.GetObjectTaggingInput{Bucket: aws.String(objecttest.Bucket), Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, tag := range out.TagSet {
		list = append(list, *tag.Key+"="+*tag.Value)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}
