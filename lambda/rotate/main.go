// Command rotate is the Lambda function that rotates an SSE-C key ring, as
// Secrets Manager invokes it. Package rotation documents its environment and its
// steps.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/s3seal/s3seal/internal/rotation"
)

func main() { lambda.Start(rotation.NewHandler()) }
