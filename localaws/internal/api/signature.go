package api

import "context"

// Signature is what the front door knows of a request's signature. S3 needs
// it to check the chunks of a streaming upload: the signature of each chunk is
// made with Key over the signature before it, and the first one over Seed.
//
// Source: S3 API reference, sigv4-streaming and sigv4-streaming-trailers.
type Signature struct {
	Key   []byte // the derived signing key
	Seed  string // the request's own signature, lower-case hex
	Date  string // 20060102T150405Z
	Scope string // 20060102/us-east-1/s3/aws4_request

	// Payload is x-amz-content-sha256: a hash in lower-case hex,
	// "UNSIGNED-PAYLOAD", or one of "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
	// "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
	// "STREAMING-UNSIGNED-PAYLOAD-TRAILER". Only the last three leave the
	// body for S3 to decode.
	Payload string

	Presigned bool // the signature came in the query
}

type signatureKey struct{}

// WithSignature returns a context that carries s.
func WithSignature(ctx context.Context, s Signature) context.Context {
	return context.WithValue(ctx, signatureKey{}, s)
}

// SignatureOf returns the signature of the request whose context ctx is; false
// if the request is anonymous.
func SignatureOf(ctx context.Context) (Signature, bool) {
	s, ok := ctx.Value(signatureKey{}).(Signature)
	return s, ok
}
