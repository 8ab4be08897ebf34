// Command get is the Lambda function that gets an object of one bucket under one
// server-side encryption. Package object documents its environment, and
// docs/functions-verbs.md its event and answer.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/s3seal/s3seal/internal/object"
)

func main() { lambda.Start(object.NewGetHandler()) }
