package server

import (
	"net/http"
	"strings"
	"testing"
)

// TestVirtualHosts: a bucket in the host is refused by name.
//
// Source: S3 user guide, VirtualHosting; S3 developer guide, ErrorResponses
// (InvalidHostHeader).
func TestVirtualHosts(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{PlainHTTP: true})
	c := client(t, s)
	for host, refused := range map[string]bool{
		"": false, "127.0.0.1": false, "[::1]:443": false, "localhost:4566": false, "LOCALHOST.": false, "s3.eu-west-1.amazonaws.com": false,
		"bucket.localhost:4566": true, "bucket.s3.eu-west-1.amazonaws.com": true, "my.bucket.s3.amazonaws.com:443": true, "rebound.example": true,
	} {
		for _, signed := range []bool{true, false} {
			r := request(t, "GET", s.PlainURL()+"/key", "")
			r.Host = host
			if signed {
				good("s3").sign(t, r, "")
			}
			resp, body := do(t, c, r)
			if got := between(body, "<Code>", "</Code>") == "InvalidHostHeader"; got != refused || refused != (resp.StatusCode == http.StatusBadRequest) {
				t.Errorf("%q, signed %t: %s %s", host, signed, resp.Status, body)
			}
			if refused && !strings.Contains(body, s.URL()+"/BUCKET/KEY") {
				t.Errorf("%q: the answer doesn't say which addresses there are: %s", host, body)
			}
		}
	}
	r := request(t, "POST", s.PlainURL()+"/", "")
	r.Host = "kms.eu-west-1.amazonaws.com"
	good("kms").sign(t, r, "")
	if resp, body := do(t, c, r); resp.StatusCode != http.StatusOK {
		t.Errorf("another service: %s %s", resp.Status, body)
	}
}
