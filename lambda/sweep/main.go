// Command sweep is the Lambda function that moves objects under SSE-C to the
// primary key of their ring. Package sweep documents its environment and its
// events.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/s3seal/s3seal/internal/sweep"
)

func main() { lambda.Start(sweep.NewHandler()) }
