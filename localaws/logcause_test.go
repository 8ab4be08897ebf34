package localaws_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// TestLogSaysWhichSignedHeaderIsMissing: a presigned URL needs the headers that it
// signs, and S3 says no more than that the signature doesn't match.
//
// Source: S3 user guide, specifying-s3-c-encryption ("Presigned URLs and SSE-C").
func TestLogSaysWhichSignedHeaderIsMissing(t *testing.T) {
	t.Parallel()
	s, closed := startLogged(t)
	url, err := s3.NewPresignClient(s3.NewFromConfig(config(s, s.Credentials(source)))).PresignGetObject(t.Context(), &s3.GetObjectInput{
		Bucket: aws.String("acme"), Key: aws.String("k"), SSECustomerAlgorithm: aws.String("AES256"),
	})
	done(t, err)
	url.SignedHeader = http.Header{}
	status, _, body := useURL(t, s, url, "", nil)
	if status != 403 || !strings.Contains(body, "SignatureDoesNotMatch") {
		t.Error(status, body)
	}
	if log := closed(); !strings.Contains(log, "\n    signed, and not in the request: x-amz-server-side-encryption-customer-algorithm\n") {
		t.Error(log)
	}
}

// TestLogSaysWhatIsWrongWithAPolicy: S3, KMS and Secrets Manager say of which kind
// a mistake is; the log says where.
func TestLogSaysWhatIsWrongWithAPolicy(t *testing.T) {
	t.Parallel()
	s, closed := startLogged(t)
	c := config(s, s.Credentials(source))
	bucket := aws.String("acme-cause")
	_, err := s3.NewFromConfig(c).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}})
	done(t, err)
	policy := func(statement string) *string {
		return aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + statement + `}]}`)
	}
	const nobody = `"Principal":{"AWS":"arn:aws:iam::111122223333:role/nobody"},`
	for _, statement := range []string{
		nobody + `"Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-cause/*"`,
		`"Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-cause"`,
		`"Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::acme-cause/*"`,
		`"Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-caus/*"`,
	} {
		_, err = s3.NewFromConfig(c).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: bucket, Policy: policy(statement)})
		denied(t, err, "MalformedPolicy")
	}
	_, err = kms.NewFromConfig(c).CreateKey(t.Context(), &kms.CreateKeyInput{Policy: policy(nobody + `"Action":"kms:*","Resource":"*"`)})
	denied(t, err, "MalformedPolicyDocumentException")
	secrets := secretsmanager.NewFromConfig(c)
	_, err = secrets.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: bucket, SecretString: aws.String("x")})
	done(t, err)
	_, err = secrets.PutResourcePolicy(t.Context(), &secretsmanager.PutResourcePolicyInput{SecretId: bucket, ResourcePolicy: policy(nobody + `"Action":"secretsmanager:GetSecretValue","Resource":"*"`)})
	denied(t, err, "MalformedPolicyDocumentException")

	// Of what a stack makes, the stack's events say no more than the services do.
	cloudformation(t, s, "CreateStack", "StackName=app", `TemplateBody={"Resources":{"Key":{"Type":"AWS::KMS::Key","DeletionPolicy":"Delete","UpdateReplacePolicy":"Delete",
		"Properties":{"KeyPolicy":`+*policy(nobody + `"Action":"kms:*","Resource":"*"`)+`}}}}`)
	if got := settle(t, s); got != "ROLLBACK_COMPLETE" {
		t.Error(got)
	}

	log := closed()
	const missing = "\n    \"arn:aws:iam::111122223333:role/nobody\" is no account, user or role of this local AWS\n"
	for _, want := range []string{
		"\n    Invalid principal in policy" + missing,
		"\n    Policy contains a statement with one or more invalid principals." + missing,
		"\n    This resource policy contains an unsupported principal." + missing,
		"\n    s3:GetObject is for a resource such as arn:aws:s3:::acme-cause/*\n",
		"\n    s3:ListBucket is for a resource such as arn:aws:s3:::acme-cause\n",
		"\n    Statement[0].Resource: arn:aws:s3:::acme-caus/* is not of the bucket; write arn:aws:s3:::acme-cause or ",
		" CREATE_FAILED Key (AWS::KMS::Key) of stack arn:aws:cloudformation:eu-west-1:111122223333:stack/app/",
		"\n    Policy contains a statement with one or more invalid principals. (Error Code: MalformedPolicyDocumentException)" + missing,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("no %q", want)
		}
	}
	if t.Failed() {
		t.Log(log)
	}
}
