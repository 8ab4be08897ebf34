package metric

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go/middleware"
)

// answers is a client that answers one status to everything.
type answers int

func (a answers) Do(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: int(a), Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}

func TestCallsAreTimed(t *testing.T) {
	t.Parallel()
	w, b := writer()
	ctx, end := w.Begin(t.Context())
	cfg := aws.Config{
		Region: "eu-central-1", HTTPClient: answers(200), Retryer: func() aws.Retryer { return aws.NopRetryer{} },
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (c aws.Credentials, err error) {
			return aws.Credentials{AccessKeyID: "k", SecretAccessKey: "s"}, nil
		}),
		APIOptions: []func(*middleware.Stack) error{Calls},
	}
	failing := cfg
	failing.HTTPClient = answers(500)
	head := &s3.HeadObjectInput{Bucket: aws.String("b"), Key: aws.String("k")}
	_, first := s3.NewFromConfig(cfg).HeadObject(ctx, head)
	_, failed := s3.NewFromConfig(failing).HeadObject(ctx, head)
	_, second := secretsmanager.NewFromConfig(cfg).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String("s")})
	_, third := secretsmanager.NewFromConfig(cfg).DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: aws.String("s")})
	if err := errors.Join(first, second, third); err != nil || failed == nil {
		t.Fatal(err, failed)
	}
	end()
	line := lines(t, b)[0]
	inS3, _ := line["S3Duration"].([]any)
	inRing, _ := line["RingDuration"].([]any)
	if len(inS3) != 2 || len(inRing) != 2 || line["RingRefreshes"] != 1.0 {
		t.Errorf("%v, want two calls of each service, and one GetSecretValue", line)
	}
}
