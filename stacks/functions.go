package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"

	"github.com/s3seal/s3seal/constructs/objectfunctions"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/policy"
)

// functions attaches the put and the get function to a bucket; objects holds
// the bucket's keys, and is completed here.
func (b buckets) functions(p stage.Pattern, id string, made awss3.Bucket, objects policy.Objects) {
	f, e := b.stage.Functions, b.stage.Source
	objects.BucketARN = *made.BucketArn()
	objects.ViaService = policy.S3ViaService(e.Region, e.DNSSuffix())
	objects.SecretViaService = "secretsmanager." + e.Region + "." + e.DNSSuffix()
	functions := objectfunctions.New(b.Stack, id+"Functions", objectfunctions.Props{
		Objects:             objects,
		BucketName:          *made.BucketName(),
		Encryption:          string(p),
		CodeDir:             b.codeDir + "/" + f.Architecture,
		Architecture:        f.Architecture,
		MemoryMB:            f.MemoryMB,
		TimeoutSeconds:      f.TimeoutSeconds,
		LogDays:             b.stage.Retention.FunctionLogDays,
		ReservedConcurrency: f.ReservedConcurrency,
	})
	put, get := *functions.Put.FunctionName(), *functions.Get.FunctionName()
	output(b.Stack, id+"Put", "Uploads an object; try: "+invoke, put)
	output(b.Stack, id+"Get", "Reads it back; try: "+invoke, get)
}

// invoke is the line that tries a function.
const invoke = "aws lambda invoke --function-name <value> /dev/stdout"
