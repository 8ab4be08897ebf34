package s3

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
)

// TestUnknownIsRefusedByName: nothing is ignored.
func TestUnknownIsRefusedByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "refusing", noRule)
	for name, e := range map[string]struct {
		method, path, body, header string
		named                      string
	}{
		"subresource":              {"GET", "/refusing?accelerate", "", "", "accelerate"},
		"website":                  {"PUT", "/refusing?website", "<x/>", "", "website"},
		"object lock":              {"GET", "/refusing?object-lock", "", "", "object-lock"},
		"torrent":                  {"GET", "/refusing/k?torrent", "", "", "torrent"},
		"two subresources":         {"GET", "/refusing?tagging&acl", "", "", "acl and tagging"},
		"method":                   {"POST", "/refusing/k", "", "", "POST"},
		"parameter":                {"GET", "/refusing?color=red", "", "", "color"},
		"header":                   {"PUT", "/refusing/k", "x", "x-amz-object-lock-mode", "x-amz-object-lock-mode"},
		"website redirect":         {"PUT", "/refusing/k", "x", "x-amz-website-redirect-location", "x-amz-website-redirect-location"},
		"encryption context":       {"PUT", "/refusing/k", "x", "x-amz-server-side-encryption-context", "x-amz-server-side-encryption-context"},
		"element":                  {"PUT", "/refusing?versioning", "<VersioningConfiguration><Status>Enabled</Status><Color/></VersioningConfiguration>", "", "VersioningConfiguration/Color"},
		"queue notification":       {"PUT", "/refusing?notification", "<NotificationConfiguration><QueueConfiguration><Colour/></QueueConfiguration></NotificationConfiguration>", "", "Colour"},
		"other ownership":          {"PUT", "/refusing?ownershipControls", "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>", "", "ObjectWriter"},
		"element of a list":        {"PUT", "/refusing?tagging", "<Tagging><TagSet><Label/></TagSet></Tagging>", "", "TagSet/Label"},
		"checksum algorithm of it": {"PUT", "/refusing/k", "x", "x-amz-checksum-blake3", "x-amz-checksum-blake3"},
	} {
		header := map[string]string{}
		if e.header != "" {
			header[e.header] = "x"
		}
		a := w.send(w.tls, e.method, e.path, e.body, header)
		if a.status != 501 || a.err.Code != "NotImplemented" || !strings.Contains(a.err.Message, e.named) {
			t.Errorf("%s: %d %s %q, want 501 with %q", name, a.status, a.err.Code, a.err.Message, e.named)
		}
	}
	for name, text := range map[string]string{
		"not XML": "{", "two roots": "<a/><b/>", "other root": "<a/>", "twice": "<VersioningConfiguration><Status>Enabled</Status><Status>Suspended</Status></VersioningConfiguration>",
	} {
		if a := w.send(w.tls, "PUT", "/refusing?versioning", text, nil); a.status != 400 || a.err.Code != "MalformedXML" {
			t.Errorf("%s: %d %+v", name, a.status, a.err)
		}
	}
}

// TestUploadThatStopsLeavesNothing: the client goes away in the middle of a
// body; nothing becomes visible and no file stays.
func TestUploadThatStopsLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "stopped", noRule)
	w.send(w.tls, "PUT", "/stopped/k", "whole", nil)
	conn, err := tls.Dial("tcp", strings.TrimPrefix(w.tls.URL, "https://"), &tls.Config{InsecureSkipVerify: true})
	w.ok(err)
	_, err = fmt.Fprintf(conn, "PUT /stopped/k HTTP/1.1\r\nHost: x\r\nAuthorization: Credential=ROOT/20261122/%s/s3/aws4_request\r\nContent-Length: %d\r\n\r\n", tokyo, 2*sealed.SpillOver)
	w.ok(err)
	_, err = conn.Write(make([]byte, sealed.SpillOver+sealed.SpillOver/2))
	w.ok(err)
	w.ok(conn.Close())
	for w.lastError() != "IncompleteBody" {
		runtime.Gosched() // the test's own deadline ends it
	}
	if a := w.send(w.tls, "GET", "/stopped/k", "", nil); a.body != "whole" {
		t.Errorf("%d %q", a.status, a.body)
	}
	if files := w.files(); len(files) != 0 {
		t.Errorf("%d files stay", len(files))
	}
}

// lastError is the code of the last PUT that is finished.
func (w *world) lastError() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.finished[len(w.finished)-1].ErrorCode
}

func TestInProcessObjects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "objects", noRule)
	owner, stranger := call(callerOf(home), tokyo, true), call(callerOf(abroad), tokyo, true)
	w.ok(w.s3.PutObject(owner, "objects", "a/b?c", []byte("text"), map[string]string{"Content-Type": "text/plain"}))
	got, err := w.s3.GetObject(owner, "objects", "a/b?c", "")
	w.ok(err)
	if string(got) != "text" {
		t.Errorf("got %q", got)
	}
	var e *api.Error
	if _, err := w.s3.GetObject(stranger, "objects", "a/b?c", ""); !errors.As(err, &e) || e.Code != "AccessDenied" {
		t.Errorf("stranger: %v", err)
	}
	if _, err := w.s3.GetObject(owner, "objects", "none", ""); !errors.As(err, &e) || e.Code != "NoSuchKey" {
		t.Errorf("missing: %v", err)
	}
	if _, err := w.s3.GetObject(owner, "objects", "a/b?c", "3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY"); !errors.As(err, &e) || e.Status == 200 {
		t.Errorf("no such version: %v", err)
	}
	if _, err := w.s3.GetObject(owner, "none", "k", ""); !errors.As(err, &e) || e.Code != "NoSuchBucket" {
		t.Errorf("missing bucket: %v", err)
	}
	out, err := w.root(home).GetObject(context.Background(), &sdk.GetObjectInput{Bucket: aws.String("objects"), Key: aws.String("a/b?c")})
	w.ok(err)
	if *out.ContentType != "text/plain" || content(out) != "text" {
		t.Errorf("over the wire: %+v", out)
	}
}

func TestAfterRequestSaysWhatHappened(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "facts", noRule)
	w.send(w.tls, "PUT", "/facts/k", "text", nil)
	w.send(w.tls, "GET", "/facts/k", "", nil)
	w.send(w.tls, "GET", "/facts/none", "", nil)
	w.mu.Lock()
	defer w.mu.Unlock()
	got := w.finished[len(w.finished)-3:]
	want := []string{"PutObject k 200  0 4", "GetObject k 200  4 4", "GetObject none 404 NoSuchKey"}
	for i, f := range got {
		if s := fmt.Sprintf("%s %s %d %s %d %d", f.Operation, f.Key, f.Status, f.ErrorCode, f.BytesSent, f.ObjectSize); !strings.HasPrefix(s, want[i]) || f.BucketOwner != home {
			t.Errorf("%s, want %s", s, want[i])
		}
	}
}
