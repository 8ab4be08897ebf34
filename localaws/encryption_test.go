package localaws_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/encryption"
)

// Every pattern's default is one that the local S3 encrypts under.
func TestEveryPatternsDefault(t *testing.T) {
	t.Parallel()
	server := start(t)
	client := s3.NewFromConfig(config(server, server.Credentials(source)))
	for _, p := range encryption.Patterns() {
		bucket := aws.String("default-" + string(p))
		if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{
			Bucket: bucket, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"},
		}); err != nil {
			t.Fatal(err)
		}
		algorithm := types.ServerSideEncryption(p.Traits().Algorithm)
		if _, err := client.PutBucketEncryption(t.Context(), &s3.PutBucketEncryptionInput{
			Bucket: bucket, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
				ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: algorithm},
			}}},
		}); err != nil {
			t.Errorf("%s: %v", p, err)
			continue
		}
		out, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: aws.String("a"), Body: strings.NewReader("text")})
		if err != nil || out.ServerSideEncryption != algorithm {
			t.Errorf("%s: %v %v", p, out, err)
		}
	}
}
