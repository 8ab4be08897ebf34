package metric

import (
	"context"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go/middleware"
)

// Calls times the calls of a client of the AWS SDK, as one of the APIOptions of
// its configuration. The time of a call is that of all its tries; it ends when
// the answer's headers are there, so a body that is read later is not in it.
func Calls(stack *middleware.Stack) error {
	m := middleware.InitializeMiddlewareFunc("MetricCalls", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		began := time.Now()
		out, metadata, err := next.HandleInitialize(ctx, in)
		took := float64(time.Since(began).Microseconds()) / 1000
		switch awsmiddleware.GetServiceID(ctx) {
		case s3.ServiceID:
			Add(ctx, S3Duration, took)
		case secretsmanager.ServiceID:
			Add(ctx, RingDuration, took)
			if awsmiddleware.GetOperationName(ctx) == "GetSecretValue" {
				Add(ctx, RingRefreshes, 1)
			}
		}
		return out, metadata, err
	})
	return stack.Initialize.Add(m, middleware.After)
}
