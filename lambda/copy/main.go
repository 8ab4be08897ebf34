// Command copy is the Lambda function that copies an object within one bucket and
// encrypts it anew. Package object documents its environment, and
// docs/functions-verbs.md its event and answer.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/s3seal/s3seal/internal/object"
)

func main() { lambda.Start(object.NewCopyHandler()) }
