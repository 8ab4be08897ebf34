// Command retire takes a key out of a ring as `s3seal retire` does, in a process
// that can be killed and with the times of the tag chaos. It ends with 3 if the
// retirement is refused.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/internal/sweep"
)

func main() {
	err := retire(context.Background(), os.Args[1])
	var refused *sweep.RefusedError
	switch {
	case errors.As(err, &refused):
		fmt.Println(err)
		os.Exit(3)
	case err != nil:
		fmt.Println(err)
		os.Exit(1)
	}
}

func retire(ctx context.Context, keyID string) error {
	timeout, err := time.ParseDuration(os.Getenv("FUNCTION_TIMEOUT"))
	if err != nil {
		return err
	}
	cfg, err := awsclient.FromEnvironment(os.Getenv)
	if err != nil {
		return err
	}
	secrets, secret := secretsmanager.NewFromConfig(cfg), os.Getenv("SECRET_ARN")
	r := &sweep.Retirement{
		Sweeper: &sweep.Sweeper{S3: awsclient.S3(cfg), Ring: ssec.NewSource(secrets, secret), Bucket: os.Getenv("BUCKET_NAME")},
		Secrets: secrets, SecretID: secret, LongestWrite: timeout,
	}
	_, err = r.Retire(ctx, keyID)
	return err
}
