package server

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
)

const (
	unsignedPayload = "UNSIGNED-PAYLOAD"

	// maxObject is the largest single PUT of S3; maxRequest is enough for
	// the largest request of any other service, a Lambda archive in base64.
	maxObject  = 5 << 30
	maxRequest = 100 << 20
)

// streaming are the payloads that S3 decodes and checks itself.
var streaming = map[string]bool{
	"STREAMING-AWS4-HMAC-SHA256-PAYLOAD":         true,
	"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": true,
	"STREAMING-UNSIGNED-PAYLOAD-TRAILER":         true,
}

// takePayload returns what stands for the body in the canonical request. A
// body whose hash is signed is read and compared.
//
// Source: S3 API reference, sig-v4-header-based-auth and
// sigv4-query-string-auth.
func takePayload(w http.ResponseWriter, r *http.Request, a *authorization) (string, *refusal) {
	declared := r.Header.Get("X-Amz-Content-Sha256")
	if a.presigned && declared == "" {
		declared = r.URL.Query().Get("X-Amz-Content-Sha256")
	}
	if a.service == "s3" {
		switch {
		case declared == "" && a.presigned:
			return unsignedPayload, nil
		case declared == "":
			return "", &refusal{fault: badPayload, code: "InvalidRequest", message: "Missing required header for this request: x-amz-content-sha256"}
		case declared == unsignedPayload, streaming[declared]:
			return declared, nil
		case strings.HasPrefix(declared, "STREAMING-AWS4-ECDSA-"):
			return "", signatureVersion4A()
		case !isHash(declared):
			return "", &refusal{fault: badPayload, code: "InvalidArgument", message: "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, " +
				"STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value."}
		}
	}
	have, fail := readBody(w, r, a.service)
	if fail != nil {
		return "", fail
	}
	if declared != "" && subtle.ConstantTimeCompare([]byte(declared), []byte(have)) != 1 {
		return "", &refusal{fault: badPayload, code: "XAmzContentSHA256Mismatch",
			message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
			detail:  map[string]string{"ClientComputedContentSHA256": declared, "S3ComputedContentSHA256": have}}
	}
	return have, nil
}

// readBody reads the whole body, puts it back, and returns its hash.
func readBody(w http.ResponseWriter, r *http.Request, service string) (string, *refusal) {
	limit := int64(maxRequest)
	if service == "s3" {
		limit = maxObject
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return "", &refusal{fault: badPayload, code: "EntityTooLarge", message: "Your proposed upload exceeds the maximum allowed size"}
	case err != nil:
		return "", &refusal{fault: badPayload, code: "IncompleteBody", message: "The request body terminated unexpectedly"}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:]), nil
}

func isHash(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == 64
}
