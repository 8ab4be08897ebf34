package server

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

const (
	unsignedPayload = "UNSIGNED-PAYLOAD"

	// maxRequest is enough for the largest request of a service other than
	// S3, the payload of a Lambda function, of 6 MB: such a body is held whole
	// before its signature can be verified.
	maxRequest = 16 << 20

	// maxHeld is how much of a body for S3 is read before S3 gets it.
	maxHeld = 1 << 20
)

// streaming are the payloads that S3 decodes and checks itself.
var streaming = map[string]bool{
	"STREAMING-AWS4-HMAC-SHA256-PAYLOAD":         true,
	"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": true,
	"STREAMING-UNSIGNED-PAYLOAD-TRAILER":         true,
}

// takePayload returns what stands for the body in the canonical request: for S3
// what the request declares, for other services the hash of the body, which is
// read for it.
//
// Source: S3 developer guide, sig-v4-header-based-auth and
// sigv4-query-string-auth.
func takePayload(w http.ResponseWriter, r *http.Request, a *authorization) (string, *refusal) {
	declared := r.Header.Get("X-Amz-Content-Sha256")
	if a.presigned && declared == "" {
		declared = r.URL.Query().Get("X-Amz-Content-Sha256")
	}
	if a.service != "s3" {
		return readBody(w, r, declared)
	}
	switch {
	case declared == "" && a.presigned:
		return unsignedPayload, nil
	case declared == "":
		return "", &refusal{fault: badPayload, code: "InvalidRequest", message: "Missing required header for this request: x-amz-content-sha256"}
	case declared == unsignedPayload, streaming[declared], isHash(declared):
		return declared, nil
	case strings.HasPrefix(declared, "STREAMING-AWS4-ECDSA-"):
		return "", signatureVersion4A()
	}
	return "", &refusal{fault: badPayload, code: "InvalidArgument", message: "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, " +
		"STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value."}
}

// readBody reads the whole body, puts it back, and returns its hash.
func readBody(w http.ResponseWriter, r *http.Request, declared string) (string, *refusal) {
	if r.ContentLength > maxRequest {
		return "", bodyRefusal(&http.MaxBytesError{Limit: maxRequest})
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return "", bodyRefusal(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(text))
	sum := sha256.Sum256(text)
	have := hex.EncodeToString(sum[:])
	if declared != "" && subtle.ConstantTimeCompare([]byte(declared), []byte(have)) != 1 {
		return "", bodyRefusal(mismatch(declared, have))
	}
	return have, nil
}

// compareBody has the body compared with the hash that is signed: a short one
// before S3 does anything, a longer one while S3 reads it, so that no request
// fills the memory.
func compareBody(r *http.Request, payload string) *refusal {
	b := &hashedBody{ReadCloser: r.Body, hash: sha256.New(), want: payload}
	r.Body = b
	if r.ContentLength < 0 || r.ContentLength > maxHeld {
		return nil
	}
	text, err := io.ReadAll(b)
	if err != nil {
		return bodyRefusal(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(text))
	return nil
}

// hashedBody fails at its end if it isn't what was signed.
type hashedBody struct {
	io.ReadCloser
	hash hash.Hash
	want string
}

func (b *hashedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.hash.Write(p[:n])
	if errors.Is(err, io.EOF) {
		if have := hex.EncodeToString(b.hash.Sum(nil)); subtle.ConstantTimeCompare([]byte(b.want), []byte(have)) != 1 {
			return n, mismatch(b.want, have)
		}
	}
	return n, err
}

func mismatch(declared, have string) *api.Error {
	e := api.Errorf(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.")
	e.Detail = map[string]string{"ClientComputedContentSHA256": declared, "S3ComputedContentSHA256": have}
	return e
}

// bodyRefusal is what is said of a body that can't be read.
func bodyRefusal(err error) *refusal {
	var e *api.Error
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &e):
		return &refusal{fault: badPayload, code: e.Code, message: e.Message, detail: e.Detail}
	case errors.As(err, &tooLarge):
		return &refusal{fault: badPayload, message: fmt.Sprintf("the local AWS reads %d bytes of a request at most", tooLarge.Limit)}
	}
	return &refusal{fault: badPayload, code: "IncompleteBody", message: "The request body terminated unexpectedly"}
}

func isHash(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == 64
}
