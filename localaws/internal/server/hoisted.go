package server

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"unicode"
)

// hoisted takes the headers that an SDK has put into the query of a presigned URL
// back out of it, once the signature is verified. The SDK for JavaScript puts
// user-defined metadata there, which S3 reads, and the checksum of no body, which
// S3 ignores: public test suites recorded both. Others stay in the query, where S3
// refuses them here: what no answer could have as the name of a header would be lost.
//
// Source: S3 developer guide, sigv4-query-string-auth (a header that is also a
// parameter, with another value) and ErrorResponses (InvalidRequest).
func hoisted(r *http.Request) (*http.Request, *refusal) {
	var pairs []string
	header := r.Header.Clone()
	for pair := range strings.SplitSeq(r.URL.RawQuery, "&") {
		name, text, _ := strings.Cut(pair, "=")
		name = strings.ToLower(name)
		if strings.HasPrefix(name, "x-amz-checksum-") {
			continue
		}
		if !strings.HasPrefix(name, "x-amz-meta-") || !isPlain(name) {
			pairs = append(pairs, pair)
			continue
		}
		value, _ := url.QueryUnescape(text) // parseAuthorization has seen that it is well-formed
		if sent := header.Values(name); len(sent) > 0 && strings.Join(sent, ",") != value {
			return r, &refusal{fault: badPayload, code: "InvalidRequest", message: "Conflicting values provided in HTTP headers and query parameters."}
		}
		if strings.ContainsFunc(value, func(c rune) bool { return c > unicode.MaxASCII }) {
			// A header would be read as ISO 8859-1, a parameter is UTF-8.
			value = "=?UTF-8?B?" + base64.StdEncoding.EncodeToString([]byte(value)) + "?="
		}
		header.Set(name, value)
	}
	r = r.WithContext(r.Context())
	u := *r.URL
	u.RawQuery, r.URL, r.Header = strings.Join(pairs, "&"), &u, header
	return r, nil
}

// isPlain says whether a name is of the characters that SDKs leave as they are.
func isPlain(name string) bool {
	return !strings.ContainsFunc(name, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9') && !strings.ContainsRune("-._~", c)
	})
}
