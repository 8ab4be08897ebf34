package stage_test

import (
	"errors"
	"fmt"

	"github.com/s3seal/s3seal/internal/stage"
)

func ExampleParse() {
	file, err := stage.Parse("stages.yaml", []byte(`
stages:
  dev:
    prefix: acme-dev
    source: {account: "111122223333", region: ap-northeast-1}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	dev, err := file.Stage("dev")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(dev.Patterns)
	fmt.Println(dev.Buckets.DSSEKMS.Name)
	// Output:
	// [sse-s3 sse-kms-aws-managed sse-kms-cmk dsse-kms sse-c]
	// acme-dev-dsse-kms-111122223333-ap-northeast-1-an
}

func ExampleErrors() {
	_, err := stage.Parse("stages.yaml", []byte(`
stages:
  dev:
    prefix: acme-dev
    source: {account: 111122223333, region: ap-northeast-9}
    buckets: {dsse-kms: {bucketKey: true}}
`))
	fmt.Println(err)
	var problems stage.Errors
	if errors.As(err, &problems) {
		fmt.Println(problems[2].Path)
	}
	// Output:
	// stages.yaml:5:23: account 111122223333 is a number to YAML, which can lose a leading zero: write it in quotes: "111122223333"
	// stages.yaml:5:45: unknown Region "ap-northeast-9": did you mean ap-northeast-1?
	// stages.yaml:6:37: bucketKey is true, and S3 has no Bucket Keys for DSSE-KMS: remove the line
	// stages.dev.buckets.dsse-kms.bucketKey
}
