package s3

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"maps"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

const (
	algHeader = "x-amz-server-side-encryption-customer-algorithm"
	keyHeader = "x-amz-server-side-encryption-customer-key"
	md5Header = "x-amz-server-side-encryption-customer-key-MD5"
)

func keyAndMD5(raw string) (key, sum string) {
	digest := md5.Sum([]byte(raw))
	return base64.StdEncoding.EncodeToString([]byte(raw)), base64.StdEncoding.EncodeToString(digest[:])
}

func TestCustomerKeyHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "ssec", types.ServerSideEncryptionRule{BlockedEncryptionTypes: blocking("NONE")})
	shortKey, shortMD5 := keyAndMD5("31 bytes are not enough for it!")
	good := map[string]string{algHeader: "AES256", keyHeader: seedKey, md5Header: seedMD5}
	without := func(name string) map[string]string {
		h := maps.Clone(good)
		delete(h, name)
		return h
	}
	with := func(pairs ...string) map[string]string {
		h := maps.Clone(good)
		for i := 0; i < len(pairs); i += 2 {
			h[pairs[i]] = pairs[i+1]
		}
		return h
	}
	const prefix = "Requests specifying Server Side Encryption with Customer provided keys must "
	for name, c := range map[string]struct {
		header        map[string]string
		code, message string
	}{
		"no algorithm":    {without(algHeader), "InvalidArgument", prefix + "provide a valid encryption algorithm."},
		"no key":          {without(keyHeader), "InvalidArgument", prefix + "provide an appropriate secret key."},
		"no MD5":          {without(md5Header), "InvalidArgument", prefix + "provide the client calculated MD5 of the secret key."},
		"other algorithm": {with(algHeader, "AES128"), "InvalidEncryptionAlgorithmError", "The Encryption request you specified is not valid. Supported value: AES256."},
		"short key":       {with(keyHeader, shortKey, md5Header, shortMD5), "InvalidArgument", "The secret key was invalid for the specified algorithm."},
		"key not base64":  {with(keyHeader, "%%%"), "InvalidArgument", "The secret key was invalid for the specified algorithm."},
		"other MD5":       {with(md5Header, shortMD5), "InvalidArgument", "The calculated MD5 hash of the key did not match the hash that was provided."},
		"with SSE-S3 too": {with(sse.Header, "AES256"), "InvalidArgument", "Server Side Encryption with Customer provided key is incompatible with the encryption method specified"},
	} {
		for _, method := range []string{"PUT", "GET"} {
			if method == "GET" && name == "with SSE-S3 too" {
				continue
			}
			a := w.send(w.tls, method, "/ssec/k", "", c.header)
			if a.status != 400 || a.err.Code != c.code || a.err.Message != c.message {
				t.Errorf("%s %s: %d %s %q, want 400 %s %q", method, name, a.status, a.err.Code, a.err.Message, c.code, c.message)
			}
		}
	}
	a := w.send(w.plain, "PUT", "/ssec/k", "x", good)
	if want := prefix + "be made over a secure connection."; a.status != 400 || a.err.Code != "InvalidRequest" || a.err.Message != want {
		t.Errorf("over http: %d %+v", a.status, a.err)
	}
	if b, err := w.s3.find("ssec"); err != nil || len(b.index.keys) != 0 {
		t.Errorf("a refused PUT left %v", b.index.keys)
	}
}

func TestCustomerKeyOfEachVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "ssec", types.ServerSideEncryptionRule{BlockedEncryptionTypes: blocking("NONE")})
	w.versioned(home, "ssec")
	c := w.root(home)
	type keyed struct{ key, md5, version string }
	var puts []keyed
	for _, raw := range []string{"11111111111111111111111111111111", "22222222222222222222222222222222"} {
		key, sum := keyAndMD5(raw)
		out, err := c.PutObject(ctx, &sdk.PutObjectInput{
			Bucket: aws.String("ssec"), Key: aws.String("k"), Body: reader("by " + raw),
			SSECustomerAlgorithm: aws.String("AES256"), SSECustomerKey: &key, SSECustomerKeyMD5: &sum,
		})
		w.ok(err)
		puts = append(puts, keyed{key, sum, *out.VersionId})
	}
	get := func(version, key, sum string) (*sdk.GetObjectOutput, error) {
		return c.GetObject(ctx, &sdk.GetObjectInput{
			Bucket: aws.String("ssec"), Key: aws.String("k"), VersionId: &version,
			SSECustomerAlgorithm: aws.String("AES256"), SSECustomerKey: &key, SSECustomerKeyMD5: &sum,
		})
	}
	for i, p := range puts {
		out, err := get(p.version, p.key, p.md5)
		w.ok(err)
		if got, want := content(out), "by "+[]string{"11111111111111111111111111111111", "22222222222222222222222222222222"}[i]; got != want {
			t.Errorf("version %d is %q", i, got)
		}
		other := puts[1-i]
		_, err = get(p.version, other.key, other.md5)
		w.refused(err, 403, "AccessDenied", "")
	}
	// Tags are readable without the key; attributes are not.
	_, err := c.GetObjectTagging(ctx, &sdk.GetObjectTaggingInput{Bucket: aws.String("ssec"), Key: aws.String("k")})
	w.ok(err)
	_, err = c.GetObjectAttributes(ctx, &sdk.GetObjectAttributesInput{
		Bucket: aws.String("ssec"), Key: aws.String("k"), ObjectAttributes: []types.ObjectAttributes{"ETag"},
	})
	w.refused(err, 400, "InvalidRequest", "")
	// SSE-C headers on what isn't SSE-C.
	_, err = c.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("ssec"), Key: aws.String("k"), Body: reader("plain")})
	w.ok(err)
	plain := &sdk.GetObjectInput{Bucket: aws.String("ssec"), Key: aws.String("k")}
	getWithCustomerKey(plain)
	_, err = c.GetObject(ctx, plain)
	w.refused(err, 400, "InvalidRequest", "The encryption parameters are not applicable to this object.")
}

func TestUnblockedBucketBlocksAgainWhenNotSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	c := w.root(home)
	put := func() error {
		in := &sdk.PutObjectInput{Bucket: aws.String("ssec"), Key: aws.String("k"), Body: reader("x")}
		withCustomerKey(in)
		_, err := c.PutObject(ctx, in)
		return err
	}
	w.bucket(home, "ssec", types.ServerSideEncryptionRule{BlockedEncryptionTypes: blocking("NONE")})
	w.ok(put())
	_, err := c.PutBucketEncryption(ctx, &sdk.PutBucketEncryptionInput{
		Bucket: aws.String("ssec"), ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: "AES256"}}},
		},
	})
	w.ok(err)
	w.refused(put(), 403, "AccessDenied", "blocked")
	// What is there stays readable.
	get := &sdk.GetObjectInput{Bucket: aws.String("ssec"), Key: aws.String("k")}
	getWithCustomerKey(get)
	_, err = c.GetObject(ctx, get)
	w.ok(err)
	_, err = c.DeleteBucketEncryption(ctx, &sdk.DeleteBucketEncryptionInput{Bucket: aws.String("ssec")})
	w.ok(err)
	w.refused(put(), 403, "AccessDenied", "blocked")
}
