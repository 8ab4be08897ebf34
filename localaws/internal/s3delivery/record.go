package s3delivery

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/s3"
)

// line is the record of a request, with the newline at its end: 27 fields with
// a space between them, "-" for what is unknown or doesn't apply. Not known
// here are the turn-around time and the Region that the request came from;
// there are no access points, and no ACL decides.
//
// How quotes within a quoted field are written no page says: here as %22, so
// that no client can begin another field.
//
// Source: S3 user guide, LogFormat.
func line(f *s3.Finished, finished time.Time) string {
	r := f.Request
	fields := []string{
		s3.CanonicalUserID(f.BucketOwner),
		f.Bucket,
		f.Started.UTC().Format("[02/Jan/2006:15:04:05 -0700]"),
		first(f.Call.Context["aws:SourceIp"]),
		requester(f),
		f.Call.RequestID,
		operation(f.Operation, r.Method),
		escapedKey(f.Key),
		quoted(requestURI(f)),
		strconv.Itoa(f.Status),
		f.ErrorCode,
		number(f.BytesSent),
		number(f.ObjectSize),
		strconv.FormatInt(max(0, finished.Sub(f.Started).Milliseconds()), 10),
		"", // turn-around time
		quoted(r.Referer()),
		quoted(r.UserAgent()),
		url.QueryEscape(r.URL.Query().Get("versionId")),
		s3.HostID,
		signatureVersion(f),
		cipherSuite(r.TLS),
		authenticationTypes[first(f.Call.Context["s3:authType"])],
		strings.ReplaceAll(r.Host, " ", "%20"),
		tlsVersion(r.TLS),
		"", // access point ARN
		"", // ACL required
		"", // source Region
	}
	for i, field := range fields {
		if field == "" {
			fields[i] = "-"
		}
	}
	return strings.Join(fields, " ") + "\n"
}

// requester is the canonical user id of a root user and the ARN of users and
// role sessions. Of services the page says nothing; CloudFront's requests are
// seen in logs as svc:cloudfront.amazonaws.com.
func requester(f *s3.Finished) string {
	c := f.Call.Caller
	switch {
	case c.Service() != "":
		return "svc:" + c.Service()
	case strings.HasSuffix(c.ARN(), ":root"):
		return s3.CanonicalUserID(c.Account())
	}
	return c.ARN() // "" of anonymous
}

// requestURI is the request line. The signature of a presigned URL would let
// whoever reads the log repeat the request; what AWS does about that isn't
// documented.
func requestURI(f *s3.Finished) string {
	r := f.Request
	uri, protocol := r.RequestURI, r.Proto
	if uri == "" { // in process
		uri = r.URL.RequestURI()
	}
	if protocol == "" {
		protocol = "HTTP/1.1"
	}
	path, query, _ := strings.Cut(uri, "?")
	if query == "" {
		return r.Method + " " + uri + " " + protocol
	}
	parameters := strings.Split(query, "&")
	for i, p := range parameters {
		if name, _, _ := strings.Cut(p, "="); strings.EqualFold(name, "X-Amz-Signature") {
			parameters[i] = name + "=XXXXXXXX"
		}
	}
	return r.Method + " " + path + "?" + strings.Join(parameters, "&") + " " + protocol
}

// quoted replaces what could end the field or the line.
func quoted(s string) string {
	if s == "" {
		s = "-"
	}
	return `"` + strings.NewReplacer(`"`, "%22", "\n", "%0A", "\r", "%0D").Replace(s) + `"`
}

// escapedKey is URL encoded, but for the slashes.
func escapedKey(key string) string { return strings.ReplaceAll(url.QueryEscape(key), "%2F", "/") }

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// copied is the record of a copy's reading part and the bucket that it read;
// false for all but copies that succeeded: of others it isn't known how far
// they came.
//
// Source: S3 user guide, LogFormat, "Additional logging for copy operations".
func copied(f *s3.Finished) (bucket string, read s3.Finished, ok bool) {
	operation, ok := copyReads[f.Operation]
	if !ok || f.Status != http.StatusOK || f.ErrorCode != "" {
		return "", read, false
	}
	path, version, _ := strings.Cut(f.Request.Header.Get("x-amz-copy-source"), "?versionId=")
	path, err := url.PathUnescape(strings.TrimPrefix(path, "/"))
	bucket, key, ok := strings.Cut(path, "/")
	if err != nil || !ok {
		return "", read, false
	}
	read = *f
	read.Operation, read.Bucket, read.Key, read.BytesSent = operation, bucket, key, 0
	read.Request = &http.Request{
		Method: http.MethodGet, URL: &url.URL{Path: "/" + bucket + "/" + key}, Header: f.Request.Header,
		Host: f.Request.Host, TLS: f.Request.TLS, Proto: f.Request.Proto,
	}
	if version != "" {
		read.Request.URL.RawQuery = "versionId=" + version
	}
	return bucket, read, true
}
