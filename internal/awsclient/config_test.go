package awsclient

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

var whole = map[string]string{
	"AWS_REGION":            "eu-central-1",
	"AWS_ACCESS_KEY_ID":     "AKIDEXAMPLE",
	"AWS_SECRET_ACCESS_KEY": "example",
	"AWS_SESSION_TOKEN":     "token",
}

// with returns the variables of whole with others, as "NAME=value".
func with(variables ...string) func(string) string {
	env := maps.Clone(whole)
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		env[name] = value
	}
	return func(name string) string { return env[name] }
}

func TestTheEnvironmentIsTheConfiguration(t *testing.T) {
	t.Parallel()
	cfg, err := FromEnvironment(with("AWS_ENDPOINT_URL=https://all.test", "AWS_ENDPOINT_URL_SECRETS_MANAGER=https://secrets.test"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := cfg.Credentials.Retrieve(t.Context())
	if err != nil || keys.AccessKeyID != "AKIDEXAMPLE" || keys.SecretAccessKey != "example" || keys.SessionToken != "token" {
		t.Errorf("credentials %v, %v", keys, err)
	}
	s3Options, secrets := S3(cfg).Options(), secretsmanager.NewFromConfig(cfg).Options()
	if aws.ToString(s3Options.BaseEndpoint) != "https://all.test" || aws.ToString(secrets.BaseEndpoint) != "https://secrets.test" {
		t.Errorf("endpoints %v and %v", s3Options.BaseEndpoint, secrets.BaseEndpoint)
	}
	if s3Options.Region != "eu-central-1" || s3Options.ClientLogMode != 0 || s3Options.RequestChecksumCalculation != aws.RequestChecksumCalculationWhenSupported {
		t.Errorf("region %q, log mode %v, checksums %v", s3Options.Region, s3Options.ClientLogMode, s3Options.RequestChecksumCalculation)
	}
	cfg, err = FromEnvironment(with("AWS_USE_FIPS_ENDPOINT=true", "AWS_USE_DUALSTACK_ENDPOINT=true"))
	if o := S3(cfg).Options().EndpointOptions; err != nil || o.UseFIPSEndpoint != aws.FIPSEndpointStateEnabled || o.UseDualStackEndpoint != aws.DualStackEndpointStateEnabled {
		t.Errorf("endpoint options %+v, %v", o, err)
	}
}

func TestABadEnvironmentIsNamed(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for variable, want := range map[string]string{
		"AWS_REGION=":                                         "AWS_REGION is not set",
		"AWS_ACCESS_KEY_ID=":                                  "AWS_ACCESS_KEY_ID is not set",
		"AWS_SECRET_ACCESS_KEY=":                              "AWS_SECRET_ACCESS_KEY is not set",
		"AWS_ENDPOINT_URL=http://127.0.0.1:1":                 "AWS_ENDPOINT_URL does not begin",
		"AWS_ENDPOINT_URL_S3=http://127.0.0.1:1":              "AWS_ENDPOINT_URL_S3 does not",
		"AWS_ENDPOINT_URL_SECRETS_MANAGER=http://127.0.0.1:1": "AWS_ENDPOINT_URL_SECRETS_MANAGER",
		"AWS_CA_BUNDLE=nowhere.pem":                           "AWS_CA_BUNDLE can't be read",
		"AWS_CA_BUNDLE=" + empty:                              "AWS_CA_BUNDLE has no certificate",
		"AWS_ENDPOINT_URL_S3=https://127.0.0.1:1":             "",
	} {
		_, err := FromEnvironment(with(variable))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", variable, err, want)
		}
	}
}

func TestNoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	defer elsewhere.Close()
	from := httptest.NewTLSServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer from.Close()
	client := tlsOnly(from.Client()).(*http.Client)
	response, err := client.Get(from.URL)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusTemporaryRedirect || requests.Load() != 0 {
		t.Errorf("status %d, %d requests elsewhere", response.StatusCode, requests.Load())
	}
}
