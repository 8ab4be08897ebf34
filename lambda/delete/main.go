// Command delete is the Lambda function that deletes an object of one bucket.
// Package object documents its environment, and docs/functions-verbs.md its event
// and answer.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/s3seal/s3seal/internal/object"
)

func main() { lambda.Start(object.NewDeleteHandler()) }
