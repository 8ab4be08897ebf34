package object

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/ssec"
)

// MaxBody is the largest body in bytes that a put accepts and a get returns: a
// Lambda payload is at most 6 MB, and base64 makes 6,000,000 bytes of these.
const MaxBody = 4_500_000

// A Store puts and gets the objects of one bucket under one pattern. Its
// methods may be called at the same time.
type Store struct {
	config Config
	s3     *s3.Client
	ring   *ssec.Source // nil except with SSE-C
	log    *slog.Logger

	maxBody int64 // MaxBody; tests make do with less
}

// An Object is one version of an object, as put and get answer it.
type Object struct {
	Bucket    string `json:"bucket"`
	Key       string `json:"key"`
	VersionID string `json:"versionId,omitempty"` // none in a bucket without versions
	ETag      string `json:"etag"`
	Encryption
	Size int64 `json:"size"` // of the body that was put or got, in bytes
}

// open returns the store that the variables of getenv describe; options change
// what the AWS SDK reads from the environment. The error is an *Error of the
// type BadConfig.
func open(ctx context.Context, getenv func(string) string, log *slog.Logger, options ...func(*config.LoadOptions) error) (*Store, error) {
	c, err := ReadConfig(getenv)
	if err != nil {
		return nil, &Error{BadConfig, strings.ReplaceAll(err.Error(), "\n", "; "), err}
	}
	s3Client, secrets, err := newClients(ctx, options)
	if err != nil {
		return nil, &Error{BadConfig, "the AWS configuration of the environment cannot be read (AWS_CA_BUNDLE names a missing file?)", err}
	}
	if s3Client.Options().Region == "" {
		return nil, &Error{BadConfig, "AWS_REGION is not set", nil}
	}
	s := &Store{config: c, s3: s3Client, log: log, maxBody: MaxBody}
	if c.Pattern.Traits().Key == encryption.CustomerProvided {
		s.ring = ssec.NewSource(secrets, c.SecretARN)
	}
	return s, nil
}

// tooLarge is the failure of a body of size bytes.
func (s *Store) tooLarge(what string, size int64, instead string) *Error {
	return &Error{PayloadTooLarge, fmt.Sprintf("%s has %d bytes, and a function's payload holds at most %d: %s", what, size, s.maxBody, instead), nil}
}

// key is the object key of an event.
func (s *Store) key(event string) (string, error) {
	key := event
	if key == "" {
		key = s.config.DefaultKey
	}
	switch {
	case key == "":
		return "", &Error{BadRequest, `the event has no "key", and OBJECT_KEY is not set`, nil}
	case len(key) > 1024:
		return "", &Error{BadRequest, fmt.Sprintf(`"key" has %d bytes: S3 allows at most 1024`, len(key)), nil}
	}
	return key, nil
}
