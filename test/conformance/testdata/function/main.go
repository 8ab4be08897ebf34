// The functions of the conformance tests: the two of a well-known article, in
// Go, and two that say what a function is given and whether it gets out.
package main

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func main() { lambda.Start(handle) }

type event struct{ Do string }

func handle(ctx context.Context, e event) (any, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	cfg.RetryMaxAttempts = 1
	switch e.Do {
	case "environment":
		return os.Environ(), nil
	case "escape": // to the real endpoint of a service
		client := sts.NewFromConfig(cfg, func(o *sts.Options) { o.BaseEndpoint = aws.String("https://sts.us-east-1.amazonaws.com") })
		return client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	case "put", "get":
		return object(ctx, cfg, e.Do)
	}
	return nil, fmt.Errorf("nothing to do for %q", e.Do)
}

func object(ctx context.Context, cfg aws.Config, do string) (any, error) {
	secret, err := secretsmanager.NewFromConfig(cfg).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String(os.Getenv("SECRET_ARN"))})
	if err != nil {
		return nil, err
	}
	sum := md5.Sum([]byte(*secret.SecretString))
	algorithm, key, keyMD5 := aws.String("AES256"), aws.String(base64.StdEncoding.EncodeToString([]byte(*secret.SecretString))), aws.String(base64.StdEncoding.EncodeToString(sum[:]))
	bucket, name := aws.String(os.Getenv("BUCKET_NAME")), aws.String(os.Getenv("OBJECT_KEY"))
	client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.DisableLogOutputChecksumValidationSkipped = true })
	if do == "put" {
		out, err := client.PutObject(ctx, &s3.PutObjectInput{
			Bucket: bucket, Key: name, Body: strings.NewReader("awstut!"), ContentEncoding: aws.String("utf-8"), ContentType: aws.String("text/plain"),
			SSECustomerAlgorithm: algorithm, SSECustomerKey: key, SSECustomerKeyMD5: keyMD5,
		})
		if err != nil {
			return nil, err
		}
		return *out.SSECustomerKeyMD5, nil
	}
	out, err := client.GetObject(ctx, &s3.GetObjectInput{
		Bucket: bucket, Key: name, SSECustomerAlgorithm: algorithm, SSECustomerKey: key, SSECustomerKeyMD5: keyMD5,
	})
	if err != nil {
		return nil, err
	}
	defer out.Body.Close()
	body, err := io.ReadAll(out.Body)
	return string(body), err
}
