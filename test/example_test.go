package test

import (
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/key"
	"github.com/s3seal/s3seal/encryption"
)

// A stack with a bucket under a customer managed key that one role may use.
func Example() {
	dir, err := os.MkdirTemp("", "s3seal-example-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &dir})
	stack := awscdk.NewStack(app, jsii.String("records"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("us-east-1")},
	})
	const name = "acme-records-111122223333-us-east-1-an"
	bucket.New(stack, "Records", bucket.Props{
		Encryption: encryption.SSEKMSCMK,
		Key: key.New(stack, "RecordsKey", key.Props{
			Description: "Key of the records",
			BucketName:  name,
			Users:       []string{"arn:aws:iam::111122223333:role/app"},
		}),
		Name:      name,
		Namespace: "account-regional",
	})
	app.Synth(nil)
	template, err := os.ReadFile(dir + "/records.template.json")
	if err != nil {
		fmt.Println(err)
	}
	for line := range strings.Lines(string(template)) {
		if strings.Contains(line, `"Type": "AWS::`) && !strings.Contains(line, "SSM") || strings.Contains(line, `"kms:ViaService"`) {
			fmt.Println(strings.TrimSpace(line))
		}
	}
	// Output:
	// "Type": "AWS::KMS::Key",
	// "kms:ViaService": "s3.us-east-1.amazonaws.com"
	// "Type": "AWS::S3::Bucket",
	// "Type": "AWS::S3::BucketPolicy",
}
