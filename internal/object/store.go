package object

import (
	"errors"
	"log/slog"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// MaxBody is the largest body in bytes that a put accepts and a get returns: a
// Lambda payload is at most 6 MB, and base64 makes 6,000,000 bytes of these.
const MaxBody = 4_500_000

// maxKey is how many bytes an object key has at most.
const maxKey = 1024

// A Store puts and gets the objects of one bucket under one pattern. Its
// methods may be called at the same time.
type Store struct {
	config Config
	s3     *s3.Client
	ring   *ssec.Source // nil except with SSE-C
	log    *slog.Logger

	maxBody            int64 // MaxBody; tests make do with less, and of the others
	maxCopy, maxStream int64
}

// An Object is one version of an object, as put and get answer it.
type Object struct {
	Bucket    string `json:"bucket"`
	Key       string `json:"key"`
	VersionID string `json:"versionId,omitempty"` // none in a bucket without versions
	ETag      string `json:"etag,omitempty"`
	Encryption
	Size int64 `json:"size"` // of the body that was put or got, in bytes
}

// open returns the store that the variables of getenv describe. The error is a
// *function.Error of the type BadConfig.
func open(getenv func(string) string, log *slog.Logger) (*Store, error) {
	c, err := ReadConfig(getenv)
	cfg, errAWS := awsclient.FromEnvironment(getenv)
	if err := errors.Join(err, errAWS); err != nil {
		return nil, function.Errorf(function.BadConfig, err, "%s", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return newStore(c, cfg, log), nil
}

func newStore(c Config, cfg aws.Config, log *slog.Logger) *Store {
	s := &Store{config: c, s3: awsclient.S3(cfg), log: log, maxBody: MaxBody, maxCopy: awsclient.MaxCopy, maxStream: maxStream}
	if c.Pattern.Traits().Key == encryption.CustomerProvided {
		s.ring = ssec.NewSource(secretsmanager.NewFromConfig(cfg), c.SecretARN)
	}
	return s
}

// tooLarge is the failure of a body of size bytes.
func (s *Store) tooLarge(what string, size int64, instead string) *function.Error {
	return function.Errorf(function.PayloadTooLarge, nil, "%s has %d bytes, and a function's payload holds at most %d: %s", what, size, s.maxBody, instead)
}

// checkSize refuses a body that is too large to be put.
func (s *Store) checkSize(size int) error {
	if int64(size) > s.maxBody {
		return s.tooLarge("the body", int64(size), "upload it to S3 directly")
	}
	return nil
}

// key is the object key of an event.
func (s *Store) key(event string) (string, error) {
	key := event
	if key == "" {
		key = s.config.DefaultKey
	}
	switch {
	case key == "":
		return "", function.Errorf(function.BadRequest, nil, `the event has no "key", and OBJECT_KEY is not set`)
	}
	return key, needKey("key", key)
}
