package rule

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/template"
)

// BenchmarkCheckAnywhere has a template for one place, for any, and a large one.
func BenchmarkCheckAnywhere(b *testing.B) {
	for _, size := range []int{1, 10, 125} { // of four resources each
		for _, region := range []string{"eu-west-1", ""} {
			account := ""
			if region != "" {
				account = "111122223333"
			}
			b.Run(fmt.Sprintf("buckets=%d/region=%s", size, region), func(b *testing.B) {
				file := filepath.Join(b.TempDir(), "app.yaml")
				if err := os.WriteFile(file, []byte(manyBuckets(size)), 0o600); err != nil {
					b.Fatal(err)
				}
				s, err := template.ReadTemplate(file, account, region)
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					Check([]*template.Stack{s}, Options{})
				}
			})
		}
	}
}

func manyBuckets(n int) string {
	var t strings.Builder
	t.WriteString("Resources:\n")
	for i := range n {
		t.WriteString(strings.ReplaceAll(`
  KeyN:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement: {Effect: Allow, Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}, Action: "kms:*", Resource: "*"}
  BucketN:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: "aws:kms", KMSMasterKeyID: !GetAtt KeyN.Arn}}]}
      LoggingConfiguration: {DestinationBucketName: !Ref Bucket0}
  BucketPolicyN:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref BucketN
      PolicyDocument:
        Statement: {Effect: Deny, Principal: "*", Action: "s3:*", Resource: [!GetAtt BucketN.Arn, !Sub "${BucketN.Arn}/*"], Condition: {Bool: {"aws:SecureTransport": false}}}
  RoleN:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}}
      Policies: [{PolicyName: read, PolicyDocument: {Statement: {Effect: Allow, Action: "s3:GetObject", Resource: !Sub "${BucketN.Arn}/*"}}}]
`, "N", fmt.Sprint(i)))
	}
	return t.String()
}
