package object

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// How long a URL is good for, in seconds. A role's session lasts twelve hours at
// most, and a URL no longer than the session that signed it.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage-assume.html
const (
	defaultExpiry = 15 * 60
	maxExpiry     = 12 * 60 * 60
)

// A PresignRequest asks for a URL with which whoever has it reads or uploads one
// object, as the function's role.
type PresignRequest struct {
	Method      string `json:"method"`      // "get", which "" means, or "put"
	Key         string `json:"key"`         // "" means OBJECT_KEY
	VersionID   string `json:"versionId"`   // get: "" means the current version
	ContentType string `json:"contentType"` // put: "" leaves it to the client
	CreateOnly  bool   `json:"createOnly"`  // put: refuse to replace an object
	ExpiresIn   *int   `json:"expiresIn"`   // in seconds; nil means 15 minutes
	WithKey     bool   `json:"withKey"`     // SSE-C: answer the key itself
}

// A PresignResult is a URL, and the headers that its request must have.
type PresignResult struct {
	URL       string            `json:"url"`
	Method    string            `json:"method"`
	Headers   map[string]string `json:"headers"`
	Expires   time.Time         `json:"expires"` // at the latest: see Limit
	Limit     string            `json:"limit"`
	Bucket    string            `json:"bucket"`
	Key       string            `json:"key"`
	VersionID string            `json:"versionId,omitempty"`

	// Of SSE-C: the id of the key in the ring, and the headers that Headers
	// lacks since they hold the key.
	KeyID      string   `json:"keyId,omitempty"`
	KeyHeaders []string `json:"keyHeaders,omitempty"`
}

const limit = "the URL acts as the function's role, and ends with the role's session or its permissions if that is before expires"

// Presign signs a URL. It asks S3 nothing, but for the key of an SSE-C object.
// Errors are *function.Error.
func (s *Store) Presign(ctx context.Context, r PresignRequest) (*PresignResult, error) {
	longest := maxExpiry
	if s.ring != nil && r.Method == "put" {
		if longest = s.config.PutURLs; longest == 0 {
			return nil, function.Errorf(function.BadConfig, nil, "PUT_URL_SECONDS is not set: without it no URL that uploads under SSE-C is signed")
		}
	}
	if err := r.check(s.ring != nil, longest); err != nil {
		return nil, err
	}
	key, err := s.key(r.Key)
	if err != nil {
		return nil, err
	}
	expiry := min(defaultExpiry, longest)
	if r.ExpiresIn != nil {
		expiry = *r.ExpiresIn
	}
	validity := time.Second * time.Duration(expiry)
	result := &PresignResult{Expires: time.Now().Add(validity).UTC().Truncate(time.Second), Limit: limit, Bucket: s.config.Bucket, Key: key}
	client := s3.NewPresignClient(s.s3, s3.WithPresignExpires(validity), s3.WithPresignClientFromClientOptions(func(o *s3.Options) {
		o.APIOptions = nil // they are of retries, and nothing is sent
	}))
	sign := s.presignGet
	if r.Method == "put" {
		sign = s.presignPut
	}
	signed, err := sign(ctx, client, r, result)
	if err != nil {
		return nil, function.Classify(ctx, "signing the URL", err)
	}
	if u, err := url.Parse(signed.URL); err != nil || u.Scheme != "https" {
		return nil, function.Errorf(function.BadConfig, awsclient.ErrNotTLS, "signing the URL: the endpoint is not https")
	}
	result.URL, result.Method = signed.URL, signed.Method
	result.headers(signed.SignedHeader, r.WithKey)
	s.log.InfoContext(ctx, "presign", "method", result.Method, "key", key, "versionId", result.VersionID, "keyId", result.KeyID, "withKey", r.WithKey, "expires", result.Expires)
	return result, nil
}

func (r PresignRequest) check(ssec bool, longest int) error {
	bad := func(format string, args ...any) error {
		return function.Errorf(function.BadRequest, nil, format, args...)
	}
	switch {
	case r.Method != "" && r.Method != "get" && r.Method != "put":
		return bad(`"method" is %q: want "get" or "put"`, r.Method)
	case r.Method == "put" && r.VersionID != "":
		return bad(`"versionId" is for "get": an upload makes a new version`)
	case r.Method != "put" && (r.ContentType != "" || r.CreateOnly):
		return bad(`"contentType" and "createOnly" are for "put"`)
	case !printable(r.ContentType):
		return bad(`"contentType" is %q: want printable ASCII, without space at the ends`, r.ContentType)
	case r.ExpiresIn != nil && (*r.ExpiresIn < 1 || *r.ExpiresIn > longest):
		return bad(`"expiresIn" is %d: want 1 to %d seconds`, *r.ExpiresIn, longest)
	case r.WithKey && !ssec:
		return bad(`"withKey" is for SSE-C: this function has no key`)
	}
	return nil
}

// presignGet names the version under SSE-C: the next one may be under another
// key, which the URL's headers would not open.
func (s *Store) presignGet(ctx context.Context, client *s3.PresignClient, r PresignRequest, result *PresignResult) (*v4.PresignedHTTPRequest, error) {
	version, err := versionOf(r.VersionID)
	if err != nil {
		return nil, err
	}
	in := &s3.GetObjectInput{Bucket: &result.Bucket, Key: &result.Key, VersionId: version}
	if s.ring != nil {
		o, err := s.look(ctx, HeadRequest{result.Key, r.VersionID})
		if err != nil {
			return nil, err
		}
		in.VersionId, result.KeyID = o.VersionId, o.id
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = o.Customer()
	}
	result.VersionID = aws.ToString(in.VersionId)
	return client.PresignGetObject(ctx, in)
}

// presignPut signs the tag with the id of the SSE-C key too, so that nobody
// uploads under the key without it.
func (s *Store) presignPut(ctx context.Context, client *s3.PresignClient, r PresignRequest, result *PresignResult) (*v4.PresignedHTTPRequest, error) {
	in := &s3.PutObjectInput{Bucket: &result.Bucket, Key: &result.Key, ContentType: optional(r.ContentType)}
	encrypt(in, s.config.Pattern, s.config.KMSKeyARN)
	if r.CreateOnly {
		in.IfNoneMatch = aws.String("*")
	}
	if s.ring != nil {
		ring, err := s.ring.Ring(ctx)
		if err != nil {
			return nil, function.Classify(ctx, "reading the secret", err)
		}
		id, primary := ring.Primary()
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = primary.Customer()
		in.Tagging, result.KeyID = aws.String(url.Values{ssec.KeyIDTag: {id}}.Encode()), id
	}
	return client.PresignPutObject(ctx, in)
}

// keyHeaders hold the key: the MD5 of a key tells it from others.
var keyHeaders = []string{"x-amz-server-side-encryption-customer-key", "x-amz-server-side-encryption-customer-key-md5"}

// headers fills in what the request must send, the key only if it is asked for.
func (r *PresignResult) headers(signed http.Header, withKey bool) {
	r.Headers = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(signed)) {
		lower := strings.ToLower(name)
		switch {
		case lower == "host": // of the URL
		case slices.Contains(keyHeaders, lower) && !withKey:
			r.KeyHeaders = append(r.KeyHeaders, lower)
		default:
			r.Headers[lower] = strings.Join(signed[name], ",")
		}
	}
}
