package server

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// canonicalRequest is the text whose hash is signed.
//
// Source: IAM user guide, reference_sigv-create-signed-request.
func canonicalRequest(r *http.Request, a *authorization, payload string) string {
	var b strings.Builder
	b.WriteString(r.Method + "\n")
	b.WriteString(canonicalPath(r, a.service) + "\n")
	b.WriteString(canonicalQuery(r.URL.RawQuery) + "\n")
	for _, name := range a.signedHeaders {
		b.WriteString(name + ":" + headerValue(r, name) + "\n")
	}
	b.WriteString("\n" + strings.Join(a.signedHeaders, ";") + "\n" + payload)
	return b.String()
}

// canonicalPath is the path as it came, each segment encoded anew; for all
// services but S3 it is encoded twice.
func canonicalPath(r *http.Request, service string) string {
	path := r.URL.EscapedPath()
	if path == "" {
		return "/"
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		plain, err := url.PathUnescape(s)
		if err != nil {
			plain = s // EscapedPath is always well-formed
		}
		s = encode(plain)
		if service != "s3" {
			s = encode(s)
		}
		segments[i] = s
	}
	return strings.Join(segments, "/")
}

// canonicalQuery encodes names and values anew and sorts them. The signature
// itself isn't part of what is signed.
func canonicalQuery(raw string) string {
	var pairs []string
	for part := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(part, "=")
		n, err1 := url.QueryUnescape(name)
		v, err2 := url.QueryUnescape(value)
		if part == "" || n == "X-Amz-Signature" || err1 != nil || err2 != nil {
			continue // parseAuthorization has refused what isn't well-formed
		}
		// A byte below '=' in a longer name would sort it before its
		// prefix; sort by name, then by value.
		pairs = append(pairs, encode(n)+"\x00"+encode(v))
	}
	slices.Sort(pairs)
	return strings.ReplaceAll(strings.Join(pairs, "&"), "\x00", "=")
}

// headerValue is all values of a header, trimmed and with single spaces. The
// net/http server keeps Host and Content-Length apart from the others.
func headerValue(r *http.Request, name string) string {
	switch name {
	case "host":
		return r.Host
	case "content-length":
		if r.ContentLength < 0 {
			return ""
		}
		return strconv.FormatInt(r.ContentLength, 10)
	case "transfer-encoding":
		return strings.Join(r.TransferEncoding, ",")
	}
	values := slices.Clone(r.Header.Values(name))
	for i, v := range values {
		values[i] = strings.Join(strings.Fields(v), " ")
	}
	return strings.Join(values, ",")
}

// encode is UriEncode: every byte but the unreserved ones.
func encode(s string) string {
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9',
			c == '-', c == '.', c == '_', c == '~':
			b.WriteByte(c)
		default:
			b.WriteString("%" + string(hexDigits[c>>4]) + string(hexDigits[c&15]))
		}
	}
	return b.String()
}

// stringToSign is what the signing key signs.
func stringToSign(a *authorization, canonical string) string {
	sum := sha256.Sum256([]byte(canonical))
	return algorithm + "\n" + a.timeText + "\n" + a.scope() + "\n" + hex.EncodeToString(sum[:])
}

// signingKey is derived from the secret and the credential scope.
func signingKey(secret string, a *authorization) []byte {
	key := mac([]byte("AWS4"+secret), a.date)
	key = mac(key, a.region)
	key = mac(key, a.service)
	return mac(key, "aws4_request")
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
