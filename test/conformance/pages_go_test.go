package conformance

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// What stands between "sample" and "end" is on the pages.

func sampleDefault(ctx context.Context, client *s3.Client, bucket string) (*s3.PutObjectOutput, error) {
	// sample default
	out, err := client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(bucket), Key: aws.String("hello.txt"),
		Body: strings.NewReader("hello"),
	})
	// end
	return out, err
}

func sampleSSES3(ctx context.Context, client *s3.Client, bucket string) (*s3.PutObjectOutput, error) {
	// sample sse-s3
	out, err := client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(bucket), Key: aws.String("hello.txt"),
		Body:                 strings.NewReader("hello"),
		ServerSideEncryption: types.ServerSideEncryptionAes256,
	})
	// end
	return out, err
}

func sampleManaged(ctx context.Context, client *s3.Client, bucket string) (*s3.PutObjectOutput, error) {
	// sample sse-kms-aws-managed
	out, err := client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(bucket), Key: aws.String("hello.txt"),
		Body:                 strings.NewReader("hello"),
		ServerSideEncryption: types.ServerSideEncryptionAwsKms, // no key: aws/s3
	})
	// end
	return out, err
}

func sampleCMK(ctx context.Context, client *s3.Client, bucket, keyARN string) (*s3.PutObjectOutput, error) {
	// sample sse-kms-cmk
	out, err := client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(bucket), Key: aws.String("hello.txt"),
		Body:                 strings.NewReader("hello"),
		ServerSideEncryption: types.ServerSideEncryptionAwsKms,
		SSEKMSKeyId:          aws.String(keyARN), // the ARN, not an id or an alias
	})
	// end
	return out, err
}

func sampleDSSE(ctx context.Context, client *s3.Client, bucket, keyARN string) (*s3.PutObjectOutput, error) {
	// sample dsse-kms
	out, err := client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(bucket), Key: aws.String("hello.txt"),
		Body:                 strings.NewReader("hello"),
		ServerSideEncryption: types.ServerSideEncryptionAwsKmsDsse,
		SSEKMSKeyId:          aws.String(keyARN),
	})
	// end
	return out, err
}

func sampleKeyRing(ctx context.Context, secrets *secretsmanager.Client, ringARN string) ([]byte, error) {
	// sample key ring
	secret, err := secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String(ringARN)})
	if err != nil {
		return nil, err
	}
	var ring map[string]any
	if err := json.Unmarshal([]byte(*secret.SecretString), &ring); err != nil {
		return nil, err
	}
	primary, _ := ring["primary"].(string) // "k0"
	text, _ := ring[primary].(string)
	key, err := hex.DecodeString(text) // 32 bytes
	// end
	return key, err
}

func sampleSSEC(ctx context.Context, client *s3.Client, bucket string, key []byte) (string, error) {
	// sample sse-c
	sum := md5.Sum(key)
	key64, sum64 := base64.StdEncoding.EncodeToString(key), base64.StdEncoding.EncodeToString(sum[:])
	_, err := client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(bucket), Key: aws.String("hello.txt"),
		Body:                 strings.NewReader("hello"),
		SSECustomerAlgorithm: aws.String("AES256"),
		SSECustomerKey:       aws.String(key64),
		SSECustomerKeyMD5:    aws.String(sum64),
	})
	if err != nil {
		return "", err
	}
	out, err := client.GetObject(ctx, &s3.GetObjectInput{
		Bucket: aws.String(bucket), Key: aws.String("hello.txt"),
		SSECustomerAlgorithm: aws.String("AES256"),
		SSECustomerKey:       aws.String(key64),
		SSECustomerKeyMD5:    aws.String(sum64),
	})
	// end
	if err != nil {
		return "", err
	}
	defer out.Body.Close()
	content, err := io.ReadAll(out.Body)
	return string(content), err
}

// TestGoSamples runs the samples against the stage dev, and compares each with
// the pages that have it.
func TestGoSamples(t *testing.T) {
	t.Parallel()
	d := deployStages(t)
	client := s3Client(t, d.server, devAccount)
	for _, test := range []struct {
		name        string
		sample      func(context.Context, *s3.Client, string, string) (*s3.PutObjectOutput, error)
		bucket, key string
		algorithm   types.ServerSideEncryption
	}{
		{"default", withoutKey(sampleDefault), "SseKmsCmkBucket", "SseKmsCmkKeyArn", "aws:kms"},
		{"sse-s3", withoutKey(sampleSSES3), "SseS3Bucket", "", "AES256"},
		{"sse-kms-aws-managed", withoutKey(sampleManaged), "SseKmsAwsManagedBucket", "", "aws:kms"},
		{"sse-kms-cmk", sampleCMK, "SseKmsCmkBucket", "SseKmsCmkKeyArn", "aws:kms"},
		{"dsse-kms", sampleDSSE, "DsseKmsBucket", "DsseKmsKeyArn", "aws:kms:dsse"},
	} {
		key := ""
		if test.key != "" {
			key = d.output(t, "dev-buckets", test.key)
		}
		out, err := test.sample(t.Context(), client, d.output(t, "dev-buckets", test.bucket), key)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if out.ServerSideEncryption != test.algorithm || key != "" && aws.ToString(out.SSEKMSKeyId) != key {
			t.Errorf("%s: %s under %s, want %s under %s", test.name, out.ServerSideEncryption, aws.ToString(out.SSEKMSKeyId), test.algorithm, key)
		}
	}
	key, err := sampleKeyRing(t.Context(), secretsmanager.NewFromConfig(config(t, d.server, d.server.Credentials(devAccount))), d.output(t, "dev-buckets", "SseCKeyRingArn"))
	if err != nil {
		t.Fatal(err)
	}
	if content, err := sampleSSEC(t.Context(), client, d.output(t, "dev-buckets", "SseCBucket"), key); err != nil || content != "hello" {
		t.Errorf("sse-c: %q %v", content, err)
	}

	code := samples(t, "pages_go_test.go")
	shown := map[string]bool{}
	for _, page := range encryptionPages {
		for _, part := range madeParts(t, page) {
			if name, ok := strings.CutPrefix(part, "sample "); ok {
				if code[name] == "" {
					t.Fatalf("docs/%s shows the sample %q, which isn't there", page, name)
				}
				shown[name] = true
				isMade(t, page, part, "```go\n"+code[name]+"```")
			}
		}
	}
	for name := range code {
		if !shown[name] {
			t.Errorf("no page shows the sample %q", name)
		}
	}
}

func withoutKey(f func(context.Context, *s3.Client, string) (*s3.PutObjectOutput, error)) func(context.Context, *s3.Client, string, string) (*s3.PutObjectOutput, error) {
	return func(ctx context.Context, c *s3.Client, bucket, _ string) (*s3.PutObjectOutput, error) {
		return f(ctx, c, bucket)
	}
}

var marked = regexp.MustCompile(`(?ms)^\t// sample ([a-z0-9 -]+)\n(.*?)^\t// end$`)

// samples are the marked parts of a file, by name.
func samples(t *testing.T, file string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, m := range marked.FindAllStringSubmatch(read(t, file), -1) {
		lines := strings.SplitAfter(m[2], "\n")
		for i := range lines {
			lines[i] = strings.TrimPrefix(lines[i], "\t")
		}
		found[m[1]] = strings.Join(lines, "")
	}
	if len(found) == 0 {
		t.Fatalf("%s has no samples", file)
	}
	return found
}
