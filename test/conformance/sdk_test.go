package conformance

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// TestGoSDK uses the services through the AWS SDK for Go, as the functions of
// this program do.
func TestGoSDK(t *testing.T) {
	t.Parallel()
	s := start(t)
	seed000(t, s)
	cfg := config(t, s, s.Credentials(source))
	ctx := t.Context()

	identity, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil || *identity.Account != source {
		t.Error(identity, err)
	}

	keys := kms.NewFromConfig(cfg)
	id := aws.String(output(t, s, source, "fa-125", "KeyArn"))
	data, err := keys.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{KeyId: id, KeySpec: "AES_256", EncryptionContext: map[string]string{"a": "b"}})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := keys.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: data.CiphertextBlob, EncryptionContext: map[string]string{"a": "b"}})
	if err != nil || !bytes.Equal(opened.Plaintext, data.Plaintext) || *opened.KeyId != *id {
		t.Error("the data key is not what it was: ", err)
	}
	_, err = keys.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: data.CiphertextBlob, EncryptionContext: map[string]string{"a": "c"}})
	if code(err) != "InvalidCiphertextException" {
		t.Errorf("with another encryption context: %v", err)
	}

	secret, err := secretsmanager.NewFromConfig(cfg).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String("fa-125")})
	if err != nil || *secret.SecretString != seedKey || !slices.Equal(secret.VersionStages, []string{"AWSCURRENT"}) {
		t.Error(secret, err)
	}

	// A presigned URL holds what must be sent, and not the customer's key.
	client := s3Client(t, s, source)
	object := &s3.PutObjectInput{
		Bucket: aws.String("fa-125-sse-c"), Key: aws.String("presigned"),
		SSECustomerAlgorithm: aws.String("AES256"), SSECustomerKey: aws.String(seedKey64), SSECustomerKeyMD5: aws.String(seedKeyMD5),
	}
	signed, err := s3.NewPresignClient(client).PresignPutObject(ctx, object, s3.WithPresignExpires(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		header http.Header
		status int
	}{
		{"as signed", signed.SignedHeader, 200},
		{"without the key", http.Header{}, 403},
	} {
		r, err := http.NewRequestWithContext(ctx, signed.Method, signed.URL, bytes.NewReader([]byte("by url")))
		if err != nil {
			t.Fatal(err)
		}
		r.Header = test.header.Clone()
		resp, err := httpClient(t, s).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != test.status {
			t.Errorf("PUT %s: %d %s", test.name, resp.StatusCode, answer)
		}
	}
	get := &s3.GetObjectInput{Bucket: object.Bucket, Key: object.Key, SSECustomerAlgorithm: object.SSECustomerAlgorithm, SSECustomerKey: object.SSECustomerKey, SSECustomerKeyMD5: object.SSECustomerKeyMD5}
	out, err := client.GetObject(ctx, get)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	if content, err := io.ReadAll(out.Body); err != nil || string(content) != "by url" {
		t.Errorf("%q %v", content, err)
	}
	if held, err := s.Holds([]byte("by url")); err != nil || held {
		t.Errorf("the server holds a plaintext: %v", err)
	}
}
