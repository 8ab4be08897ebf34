package server

import (
	"net/http"
	"strings"
	"testing"
)

// TestHeaderSectionIsLimited: 8 KB of headers and query for S3, signed or not;
// other services have no such page.
//
// Source: S3 user guide, UsingMetadata; S3 developer guide, ErrorResponses
// (RequestHeaderSectionTooLarge); the words are those that public issues quote.
func TestHeaderSectionIsLimited(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	c := client(t, s)
	const room = 1500 // for what the client and the signature add
	for name, test := range map[string]struct {
		service string
		query   int
		headers []int
		code    string
	}{
		"long header that fits": {"s3", 0, []int{maxHeader - room}, ""},
		"one header too long":   {"s3", 0, []int{maxHeader}, "RequestHeaderSectionTooLarge"},
		"many headers":          {"s3", 0, []int{4000, 4000, 400}, "RequestHeaderSectionTooLarge"},
		"with a long query":     {"s3", maxHeader / 2, []int{maxHeader / 2}, "RequestHeaderSectionTooLarge"},
		"nobody's header":       {"", 0, []int{maxHeader}, "RequestHeaderSectionTooLarge"},
		"64 KiB":                {"s3", 0, []int{64 << 10}, "RequestHeaderSectionTooLarge"},
		"of KMS":                {"kms", 0, []int{maxHeader}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := request(t, "PUT", s.URL()+"/bucket/key?q="+strings.Repeat("q", test.query), "")
			for i, n := range test.headers {
				r.Header.Set("X-Long-"+string(rune('A'+i)), strings.Repeat("h", n))
			}
			if test.service != "" {
				good(test.service).sign(t, r, "")
			}
			resp, body := do(t, c, r)
			if got := between(body, "<Code>", "</Code>"); got != test.code || test.code == "" && resp.StatusCode != http.StatusOK {
				t.Fatalf("%s: code %q, want %q: %.300s", resp.Status, got, test.code, body)
			}
			if test.code != "" && !strings.Contains(body, "<Message>Your request header section exceeds the maximum allowed size.</Message><MaxSizeAllowed>8192</MaxSizeAllowed>") {
				t.Errorf("%d %s", resp.StatusCode, body)
			}
		})
	}
}
