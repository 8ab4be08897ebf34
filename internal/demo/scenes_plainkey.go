package demo

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// plainSecret is the name of a secret that is a key, and no key ring.
const plainSecret = "plain-sse-c-key"

// replacedKey plays the rotation of the article: a new value takes the place of
// the key.
func (p *stageplay) replacedKey(ctx context.Context) {
	bucket, c, secrets := p.output("buckets", "SseCBucket"), p.administrator.s3, p.administrator.secrets
	p.scene("A plain secret as the key: its rotation makes every object unreadable",
		"It is 32 characters, and a rotation replaces them. S3 keeps no key, so an object stays under the one it was put with.")
	_, err := secrets.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: aws.String(plainSecret), SecretString: plainKey()})
	p.step("aws secretsmanager create-secret --name "+plainSecret+" --secret-string CHARACTERS", outcome(err), "ok")
	version, got := p.putUnderPlainKey(ctx, bucket)
	p.step("aws s3api put-object --key plain.txt --sse-customer-key CHARACTERS", got, "ok AES256 under the key of the request")
	read := func(label string) string {
		k, err := p.plainKey(ctx, label)
		if err != nil {
			return outcome(err)
		}
		return get(ctx, c, bucket, "plain.txt", k.get)
	}
	replace := func() string {
		_, err := secrets.UpdateSecret(ctx, &secretsmanager.UpdateSecretInput{SecretId: aws.String(plainSecret), SecretString: plainKey()})
		return outcome(err)
	}
	p.step("aws s3api get-object --key plain.txt  # with the secret's value", read("AWSCURRENT"), fmt.Sprintf("ok %q", content))
	p.step("aws secretsmanager update-secret --secret-string OTHERS  # the rotation", replace(), "ok")
	p.step("aws s3api get-object --key plain.txt  # with the secret's value", read("AWSCURRENT"), "403 AccessDenied")
	p.step("aws s3api get-object --key plain.txt  # with the value AWSPREVIOUS, if one thinks of it", read("AWSPREVIOUS"), fmt.Sprintf("ok %q", content))
	p.step("aws secretsmanager update-secret --secret-string MORE  # the next rotation", replace(), "ok")
	p.step("aws s3api get-object --key plain.txt  # with the value AWSPREVIOUS: it is lost", read("AWSPREVIOUS"), "403 AccessDenied")
	_, err = c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: aws.String("plain.txt"), VersionId: version})
	p.step("aws s3api delete-object --key plain.txt --version-id VERSION", outcome(err), "ok")
}

func plainKey() *string { return aws.String((rand.Text() + rand.Text())[:32]) }

// plainKey is the key that the secret's version with a label is.
func (p *stageplay) plainKey(ctx context.Context, label string) (k customerKey, err error) {
	text, err := p.secretText(ctx, plainSecret, label)
	copy(k[:], text)
	return k, err
}

func (p *stageplay) putUnderPlainKey(ctx context.Context, bucket string) (version *string, got string) {
	k, err := p.plainKey(ctx, "AWSCURRENT")
	if err != nil {
		return nil, outcome(err)
	}
	got = put(ctx, p.administrator.s3, bucket, "plain.txt", k.put)
	out, err := p.administrator.s3.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &bucket, Prefix: aws.String("plain.txt")})
	if err != nil || len(out.Versions) == 0 {
		return nil, got
	}
	return out.Versions[0].VersionId, got
}
