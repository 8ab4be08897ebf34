package awsclient

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/metric"
)

// Harden makes a configuration, wherever it is from, fit for keys and secrets.
func Harden(cfg aws.Config) aws.Config {
	cfg = cfg.Copy()
	// Whatever the environment says: LogRequest prints the SSE-C key, and
	// LogResponseWithBody the secret.
	cfg.ClientLogMode = 0
	cfg.Retryer = newRetryer
	cfg.APIOptions = append(cfg.APIOptions, rememberAttempts, metric.Calls)
	cfg.HTTPClient = tlsOnly(cfg.HTTPClient)
	return cfg
}

// S3 returns a client of S3.
func S3(cfg aws.Config) *s3.Client {
	return s3.NewFromConfig(cfg, func(o *s3.Options) {
		// One line for every GET of an object without a CRC otherwise.
		o.DisableLogOutputChecksumValidationSkipped = true
	})
}

// ErrNotTLS is the cause of a call that was not sent, since its endpoint is not
// https. It is not worth a retry.
var ErrNotTLS error = notTLS{}

type notTLS struct{}

func (notTLS) Error() string        { return "the endpoint is not https: nothing was sent" }
func (notTLS) RetryableError() bool { return false }

// tlsOnly returns a client that refuses every request over anything but TLS,
// and follows no redirect: the SDK itself sends SSE-C keys over plain http, and
// a redirect would send the key's headers along.
func tlsOnly(client aws.HTTPClient) aws.HTTPClient {
	transport := http.DefaultTransport
	switch c := client.(type) {
	case *awshttp.BuildableClient:
		transport = c.GetTransport() // with the CA bundle
	case *http.Client:
		if c.Transport != nil {
			transport = c.Transport
		}
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
		return nil, ErrNotTLS
	}
	return t.next.RoundTrip(r)
}
