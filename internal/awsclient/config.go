// Package awsclient makes the AWS clients of the Lambda functions. They speak
// TLS only, follow no redirect, log no request, and try again what may pass,
// within about a second.
package awsclient

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// FromEnvironment reads the configuration of a Lambda function with getenv,
// which is os.Getenv outside of tests: AWS_REGION, AWS_ACCESS_KEY_ID,
// AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_ENDPOINT_URL,
// AWS_ENDPOINT_URL_<SERVICE>, AWS_CA_BUNDLE, AWS_USE_FIPS_ENDPOINT and
// AWS_USE_DUALSTACK_ENDPOINT. It doesn't link the SDK's own package config, a
// sixth of a function's file, whose profiles, single sign-on and instance
// metadata no function has: Lambda sets the credentials as variables, unless
// SnapStart is on, which provided.al2023 does not have.
//
// The error holds every problem, one a line.
//
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func FromEnvironment(getenv func(string) string) (aws.Config, error) {
	var errs []error
	for _, name := range []string{"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		if getenv(name) == "" {
			errs = append(errs, fmt.Errorf("%s is not set", name))
		}
	}
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SECRETS_MANAGER"} {
		if u := getenv(name); u != "" && !isHTTPS(u) {
			errs = append(errs, fmt.Errorf("%s does not begin with https://: keys and secrets travel over TLS only", name))
		}
	}
	client := awshttp.NewBuildableClient()
	if file := getenv("AWS_CA_BUNDLE"); file != "" {
		roots, err := readRoots(file)
		if err != nil {
			errs = append(errs, err)
		}
		client = client.WithTransportOptions(func(t *http.Transport) { t.TLSClientConfig.RootCAs = roots })
	}
	cfg := aws.Config{
		Region:                     getenv("AWS_REGION"),
		HTTPClient:                 client,
		ConfigSources:              []any{environment(getenv)},
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
	}
	if u := getenv("AWS_ENDPOINT_URL"); u != "" {
		cfg.BaseEndpoint = &u
	}
	keys := aws.Credentials{
		AccessKeyID:     getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    getenv("AWS_SESSION_TOKEN"),
		Source:          "environment",
	}
	cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return keys, nil })
	return Harden(cfg), errors.Join(errs...)
}

// readRoots reads the authorities that the endpoints' certificates are of, in
// place of the system's.
func readRoots(file string) (*x509.CertPool, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("AWS_CA_BUNDLE can't be read: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(data) {
		return nil, errors.New("AWS_CA_BUNDLE has no certificate: want a file in PEM")
	}
	return roots, nil
}

func isHTTPS(rawURL string) bool {
	u, err := url.Parse(rawURL)
	return err == nil && strings.EqualFold(u.Scheme, "https") && u.Host != ""
}

// An environment tells a service's client what is said for that service. The
// SDK asks it through interfaces of its own.
type environment func(string) string

// GetServiceBaseEndpoint returns, for "Secrets Manager",
// AWS_ENDPOINT_URL_SECRETS_MANAGER.
//
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
func (e environment) GetServiceBaseEndpoint(_ context.Context, service string) (string, bool, error) {
	u := e("AWS_ENDPOINT_URL_" + strings.ToUpper(strings.ReplaceAll(service, " ", "_")))
	return u, u != "", nil
}

// GetUseFIPSEndpoint reads AWS_USE_FIPS_ENDPOINT.
func (e environment) GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error) {
	if strings.EqualFold(e("AWS_USE_FIPS_ENDPOINT"), "true") {
		return aws.FIPSEndpointStateEnabled, true, nil
	}
	return aws.FIPSEndpointStateUnset, false, nil
}

// GetUseDualStackEndpoint reads AWS_USE_DUALSTACK_ENDPOINT.
func (e environment) GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error) {
	if strings.EqualFold(e("AWS_USE_DUALSTACK_ENDPOINT"), "true") {
		return aws.DualStackEndpointStateEnabled, true, nil
	}
	return aws.DualStackEndpointStateUnset, false, nil
}
