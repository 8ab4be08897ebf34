package localaws

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// HTTPClient trusts the server's own authority, and nothing else. Close closes
// its idle connections.
func (s *Server) HTTPClient() *http.Client { return s.client }

// Config is the configuration of an AWS SDK's client with these keys, in the
// first Region of Options:
//
//	client := s3.NewFromConfig(server.Config(server.Credentials(account)))
func (s *Server) Config(k Credentials) aws.Config {
	return aws.Config{
		Region:       s.options.Regions[0],
		BaseEndpoint: aws.String(s.URL()),
		HTTPClient:   s.client,
		Credentials:  credentials.NewStaticCredentialsProvider(k.AccessKeyID, k.SecretAccessKey, k.SessionToken),
	}
}

func newClient(ca []byte) *http.Client {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	settings := &tls.Config{RootCAs: roots}
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig:     settings,
		MaxIdleConnsPerHost: 32,
		DialTLSContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return (&tls.Dialer{Config: settings}).DialContext(ctx, network, accountHost.ReplaceAllString(address, ""))
		},
	}}
}

// accountHost is what SDKs put before the endpoint for S3 Control. Before an IP
// address it makes a name that nothing resolves.
var accountHost = regexp.MustCompile(`^[0-9]{12}\.`)

// controlNames are those of this machine that clients of S3 Control make of
// localhost.
func controlNames(accounts []string) (names []string) {
	for _, account := range accounts {
		names = append(names, account+".localhost")
	}
	return names
}
