package demo

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/encryption"
)

const content = "hello from s3seal"

// put uploads, with what change says, and says what S3 reports.
func put(ctx context.Context, c *s3.Client, bucket, key string, change ...func(*s3.PutObjectInput)) string {
	in := &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(content)}
	for _, f := range change {
		f(in)
	}
	out, err := c.PutObject(ctx, in)
	if err != nil {
		return outcome(err)
	}
	return "ok " + reported(string(out.ServerSideEncryption), out.SSEKMSKeyId, out.BucketKeyEnabled, out.SSECustomerAlgorithm)
}

// get downloads and says what came.
func get(ctx context.Context, c *s3.Client, bucket, key string, change ...func(*s3.GetObjectInput)) string {
	in := &s3.GetObjectInput{Bucket: &bucket, Key: &key}
	for _, f := range change {
		f(in)
	}
	out, err := c.GetObject(ctx, in)
	if err != nil {
		return outcome(err)
	}
	defer out.Body.Close()
	body, err := io.ReadAll(out.Body)
	if err != nil {
		return outcome(err)
	}
	return fmt.Sprintf("ok %q %s", body, reported(string(out.ServerSideEncryption), out.SSEKMSKeyId, out.BucketKeyEnabled, out.SSECustomerAlgorithm))
}

// reported is the encryption as S3's headers report it.
func reported(algorithm string, key *string, bucketKey *bool, customer *string) string {
	parts := []string{}
	if algorithm != "" {
		parts = append(parts, algorithm)
	}
	if key != nil {
		parts = append(parts, "under "+*key)
	}
	if aws.ToBool(bucketKey) {
		parts = append(parts, "with the Bucket Key")
	}
	if customer != nil {
		parts = append(parts, *customer+" under the key of the request")
	}
	return strings.Join(parts, " ")
}

// defaultEncryption uploads without a header to each bucket.
func (p *stageplay) defaultEncryption(ctx context.Context) {
	p.scene("Uploads without any header are encrypted as each bucket says",
		"Nobody has to ask for the encryption, and nobody can forget it.")
	for _, pattern := range encryption.Patterns() {
		t := pattern.Traits()
		bucket, want := p.output("buckets", t.ID+"Bucket"), "ok "+t.Algorithm
		switch t.Key {
		case encryption.CustomerProvided:
			continue // it refuses them, in a scene of its own
		case encryption.AWSManaged:
			want += " under arn:aws:kms:us-east-1:" + sourceAccount + ":key/ …"
		case encryption.CustomerManaged:
			want += " under " + p.output("buckets", t.ID+"KeyArn")
		}
		if t.BucketKey {
			want += " with the Bucket Key"
		}
		p.step("aws s3 cp hello.txt s3://"+bucket+"/  # as app", put(ctx, p.app.s3, bucket, "hello.txt"), want)
		p.step("aws s3 cp s3://"+bucket+"/hello.txt -  # as app", get(ctx, p.app.s3, bucket, "hello.txt"), fmt.Sprintf("ok %q", content))
	}
}

// customerKey sets the three SSE-C headers of an upload or a download.
type customerKey [32]byte

func (k customerKey) text() (algorithm, key, sum *string) {
	md := md5.Sum(k[:])
	return aws.String("AES256"), aws.String(base64.StdEncoding.EncodeToString(k[:])), aws.String(base64.StdEncoding.EncodeToString(md[:]))
}

func (k customerKey) put(in *s3.PutObjectInput) {
	in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = k.text()
}

func (k customerKey) get(in *s3.GetObjectInput) {
	in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = k.text()
}

// ringKey reads the primary key of the key ring, as a person would.
func (p *stageplay) ringKey(ctx context.Context) (k customerKey, err error) {
	text, err := p.secretText(ctx, p.output("buckets", "SseCKeyRingArn"), "AWSCURRENT")
	if err != nil {
		return k, err
	}
	var ring map[string]any
	if err := json.Unmarshal([]byte(text), &ring); err != nil {
		return k, err
	}
	primary, _ := ring[fmt.Sprint(ring["primary"])].(string)
	n, err := hex.Decode(k[:], []byte(primary))
	if err == nil && n != len(k) {
		err = fmt.Errorf("the key has %d bytes", n)
	}
	return k, err
}

// secretText is what the version of a secret with a label holds.
func (p *stageplay) secretText(ctx context.Context, id, label string) (string, error) {
	out, err := p.administrator.secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &id, VersionStage: &label})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.SecretString), nil
}

// customerProvidedKeys is the walk of the article about SSE-C.
func (p *stageplay) customerProvidedKeys(ctx context.Context) {
	bucket := p.output("buckets", "SseCBucket")
	p.scene("SSE-C: refused without the key, accepted with it, unreadable without it",
		"Whoever writes or reads brings the key, and S3 keeps none. It lies in Secrets Manager, in a key ring.")
	k, err := p.ringKey(ctx)
	p.step("aws secretsmanager get-secret-value --secret-id "+p.output("buckets", "SseCKeyRingArn"), outcome(err), "ok")
	other := k
	other[0] ^= 1
	c := p.administrator.s3
	p.step("aws s3api put-object  # no key", put(ctx, c, bucket, "hello.txt"), "403 AccessDenied")
	p.step("aws s3api put-object --sse-customer-key KEY", put(ctx, c, bucket, "hello.txt", k.put), "ok AES256 under the key of the request")
	p.step("aws s3api get-object  # no key", get(ctx, c, bucket, "hello.txt"),
		"400 InvalidRequest: The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.")
	_, err = c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: aws.String("hello.txt")})
	p.step("aws s3api head-object  # no key", outcome(err), "400 ")
	p.step("aws s3api get-object --sse-customer-key ANOTHER", get(ctx, c, bucket, "hello.txt", other.get), "403 AccessDenied")
	p.step("aws s3api get-object --sse-customer-key KEY", get(ctx, c, bucket, "hello.txt", k.get), fmt.Sprintf("ok %q", content))
	_, err = c.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: &bucket, Key: aws.String("hello.txt")})
	p.step("aws s3api get-object-tagging  # no key", outcome(err), "ok")
}

// transport shows that nothing works without TLS.
func (p *stageplay) transport(ctx context.Context) {
	p.scene("Nothing without TLS, not even for the administrator",
		"And what is on disk is ciphertext.")
	bucket := p.output("buckets", "SseS3Bucket")
	p.step("aws s3api get-object --bucket "+bucket+"  # over HTTP without TLS", get(ctx, p.administrator.http, bucket, "hello.txt"), "403 AccessDenied")
	_, err := p.administrator.http.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket})
	p.step("aws s3api list-objects-v2 --bucket "+bucket+"  # over HTTP without TLS", outcome(err), "403 AccessDenied")
	holds, err := p.server.Holds([]byte(content))
	got := outcome(err)
	if err == nil {
		got = fmt.Sprintf("found: %t", holds)
	}
	p.step("grep '"+content+"'  # in all that the local S3 holds", got, "found: false")
}

// under sets the encryption headers of an upload; key may be "".
func under(algorithm types.ServerSideEncryption, key string) func(*s3.PutObjectInput) {
	return func(in *s3.PutObjectInput) {
		in.ServerSideEncryption = algorithm
		if key != "" {
			in.SSEKMSKeyId = &key
		}
	}
}

// uploadRequirements plays the requirements on uploads.
func (p *stageplay) uploadRequirements(ctx context.Context) {
	bucket, key, another := p.output("buckets", "SseKmsCmkBucket"), p.output("buckets", "SseKmsCmkKeyArn"), p.output("buckets", "DsseKmsKeyArn")
	p.scene("A bucket can require its own key of every upload that names one",
		"sse-kms-cmk has require: [only-sse-kms, no-aws-managed-key] in internal/demo/stages.yaml. Who names no encryption still gets the bucket's.")
	c := p.administrator.s3
	p.step("aws s3 cp hello.txt s3://"+bucket+"/", put(ctx, c, bucket, "r1"), "ok aws:kms under "+key)
	p.step("… --sse aws:kms --sse-kms-key-id "+key, put(ctx, c, bucket, "r2", under(types.ServerSideEncryptionAwsKms, key)), "ok aws:kms under "+key)
	p.step("… --sse AES256", put(ctx, c, bucket, "r3", under(types.ServerSideEncryptionAes256, "")), "403 AccessDenied")
	p.step("… --sse aws:kms  # no key named, so S3 would use aws/s3", put(ctx, c, bucket, "r4", under(types.ServerSideEncryptionAwsKms, "")), "403 AccessDenied")
	p.step("… --sse aws:kms --sse-kms-key-id "+another,
		put(ctx, c, bucket, "r5", under(types.ServerSideEncryptionAwsKms, another)), "403 AccessDenied")
	p.step("… --sse-c AES256", put(ctx, c, bucket, "r6", customerKey{1}.put), "403 AccessDenied")
}

// keyPolicy shows whom the key keeps out.
func (p *stageplay) keyPolicy(ctx context.Context) {
	bucket := p.output("buckets", "SseKmsCmkBucket")
	p.scene("A customer managed key keeps out who has all of S3 but isn't in its policy",
		"key.users in internal/demo/stages.yaml names app. s3-user has s3:* on everything, and no key.")
	p.step("aws s3 cp hello.txt s3://"+bucket+"/app.txt  # as app", put(ctx, p.app.s3, bucket, "app.txt"), "ok aws:kms")
	p.step("aws s3 cp s3://"+bucket+"/app.txt -  # as app", get(ctx, p.app.s3, bucket, "app.txt"), fmt.Sprintf("ok %q", content))
	p.step("aws s3 cp s3://"+bucket+"/app.txt -  # as s3-user", get(ctx, p.s3User.s3, bucket, "app.txt"), "403 AccessDenied … kms:Decrypt")
	p.step("aws s3 cp hello.txt s3://"+bucket+"/  # as s3-user", put(ctx, p.s3User.s3, bucket, "s3-user.txt"), "403 AccessDenied … kms:GenerateDataKey")
	plain := p.output("buckets", "SseKmsAwsManagedBucket")
	p.step("aws s3 cp s3://"+plain+"/hello.txt -  # as s3-user; aws/s3 keeps nobody out", get(ctx, p.s3User.s3, plain, "hello.txt"), fmt.Sprintf("ok %q", content))
}
