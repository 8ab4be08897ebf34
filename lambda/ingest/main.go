// Command ingest is the Lambda function that copies new objects of other buckets
// into one bucket under one server-side encryption, as notifications of S3 name
// them. Package object documents its environment.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/s3seal/s3seal/internal/object"
)

func main() { lambda.Start(object.NewIngestHandler()) }
