package objecttest

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// Bucket is versioned, under SSE-S3, and does not block SSE-C.
const Bucket = "bucket"

// setUp makes the bucket and the secret.
func (s *Server) setUp(t testing.TB, ring string) {
	t.Helper()
	client := s3.NewFromConfig(s.Admin)
	_, created := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(Bucket)})
	_, versioned := client.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket:                  aws.String(Bucket),
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	secret, err := secretsmanager.NewFromConfig(s.Admin).CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String("ring"), SecretString: &ring})
	if err := errors.Join(created, versioned, err); err != nil {
		t.Fatal(err)
	}
	s.SecretARN = *secret.ARN
	s.SetEncryption(t, types.EncryptionTypeNone, nil)
}

// SetEncryption changes what the bucket blocks, and its default encryption: nil
// is SSE-S3.
func (s *Server) SetEncryption(t testing.TB, blocked types.EncryptionType, byDefault *types.ServerSideEncryptionByDefault) {
	t.Helper()
	if _, err := s3.NewFromConfig(s.Admin).PutBucketEncryption(t.Context(), &s3.PutBucketEncryptionInput{
		Bucket: aws.String(Bucket),
		ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
			ApplyServerSideEncryptionByDefault: byDefault,
			BlockedEncryptionTypes:             &types.BlockedEncryptionTypes{EncryptionType: []types.EncryptionType{blocked}},
		}}},
	}); err != nil {
		t.Fatal(err)
	}
}
