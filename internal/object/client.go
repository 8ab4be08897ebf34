package object

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go/middleware"
)

// newClients returns the two clients, configured by the environment as any AWS
// SDK is: AWS_REGION, the credentials, AWS_ENDPOINT_URL*, AWS_CA_BUNDLE.
func newClients(ctx context.Context, options []func(*config.LoadOptions) error) (*s3.Client, *secretsmanager.Client, error) {
	cfg, err := config.LoadDefaultConfig(ctx, append(options, config.WithRetryer(newRetryer))...)
	if err != nil {
		return nil, nil, fmt.Errorf("loading the AWS configuration: %w", err)
	}
	// Whatever the environment says: LogRequest prints the SSE-C key, and
	// LogResponseWithBody the secret.
	cfg.ClientLogMode = 0
	cfg.APIOptions = append(cfg.APIOptions, rememberAttempts)
	cfg.HTTPClient = tlsOnly(cfg.HTTPClient)
	s3Client := s3.NewFromConfig(cfg, func(o *s3.Options) {
		// One line for every GET of an object without a CRC otherwise.
		o.DisableLogOutputChecksumValidationSkipped = true
	})
	return s3Client, secretsmanager.NewFromConfig(cfg), nil
}

// newRetryer tries five times, within about a second in the worst case: the
// SDK's own delays, of up to 1, 2, 4 seconds, outlive a short function.
//
// 409 ConditionalRequestConflict asks the client to try again; see
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
func newRetryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = 5
		o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
			ceiling := 50 * time.Millisecond << min(attempt, 4)
			return rand.N(ceiling), nil
		})
		o.Retryables = append(o.Retryables, retry.RetryableErrorCode{
			Codes: map[string]struct{}{"ConditionalRequestConflict": {}},
		})
	})
}

// errNotTLS is not worth a retry.
var errNotTLS error = notTLS{}

type notTLS struct{}

func (notTLS) Error() string        { return "the endpoint is not https: nothing was sent" }
func (notTLS) RetryableError() bool { return false }

// tlsOnly returns a client that refuses every request over anything but TLS,
// and follows no redirect: the SDK itself sends SSE-C keys over plain http, and
// a redirect would send the key's headers along.
func tlsOnly(client aws.HTTPClient) aws.HTTPClient {
	var transport http.RoundTripper = http.DefaultTransport
	if b, ok := client.(*awshttp.BuildableClient); ok {
		transport = b.GetTransport() // with the CA bundle
	}
	return &http.Client{
		Transport:     tlsTransport{transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type tlsTransport struct{ next http.RoundTripper }

func (t tlsTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, errNotTLS
	}
	return t.next.RoundTrip(r)
}

// attempts remembers the last answer in an invocation that was an error. When
// the deadline ends the wait before a retry, the SDK returns the deadline and
// drops the cause, which then is not "timeout" but, say, SlowDown.
type attempts struct{ last error }

type attemptsKey struct{}

func withAttempts(ctx context.Context) context.Context {
	return context.WithValue(ctx, attemptsKey{}, new(attempts))
}

func lastAttempt(ctx context.Context) error {
	if a, ok := ctx.Value(attemptsKey{}).(*attempts); ok {
		return a.last
	}
	return nil
}

// rememberAttempts adds the middleware inside the retry loop.
func rememberAttempts(stack *middleware.Stack) error {
	m := middleware.FinalizeMiddlewareFunc("RememberAttempts", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
		out, metadata, err := next.HandleFinalize(ctx, in)
		if a, ok := ctx.Value(attemptsKey{}).(*attempts); ok {
			if err == nil {
				a.last = nil
			} else if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
				a.last = err
			}
		}
		return out, metadata, err
	})
	return stack.Finalize.Insert(m, "Retry", middleware.After)
}
