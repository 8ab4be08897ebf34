package object

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/encryption"
)

// A Config is the environment of a function, as the package comment lists it.
type Config struct {
	Bucket     string
	DefaultKey string
	Pattern    encryption.Pattern
	KMSKeyARN  string // "" means: send no encryption header
	SecretARN  string
	QueueARN   string // "" means: accept no batches
	PutURLs    int    // seconds; 0 means: sign no URL that uploads under SSE-C

	SourceBuckets []string // those that ingest copies from
}

// ReadConfig reads the variables with getenv, which is os.Getenv outside of
// tests. The error holds every problem, one a line.
func ReadConfig(getenv func(string) string) (Config, error) {
	c := Config{
		Bucket:     getenv("BUCKET_NAME"),
		DefaultKey: getenv("OBJECT_KEY"),
		Pattern:    encryption.Pattern(getenv("ENCRYPTION")),
		KMSKeyARN:  getenv("KMS_KEY_ARN"),
		SecretARN:  getenv("SECRET_ARN"),
		QueueARN:   getenv("QUEUE_ARN"),
	}
	if list := getenv("SOURCE_BUCKETS"); list != "" {
		c.SourceBuckets = strings.Split(list, ",")
	}
	var errs []error
	if slices.Contains(c.SourceBuckets, c.Bucket) {
		errs = append(errs, fmt.Errorf("SOURCE_BUCKETS lists %s, which is the function's own: each copy would be copied again", c.Bucket))
	}
	if c.Bucket == "" {
		errs = append(errs, errors.New("BUCKET_NAME is not set: want the bucket's name"))
	}
	if !c.Pattern.Known() {
		errs = append(errs, fmt.Errorf("ENCRYPTION is %q: want one of %v", c.Pattern, encryption.Patterns()))
	}
	switch {
	case c.KMSKeyARN == "":
	case c.Pattern.Traits().Key != encryption.CustomerManaged:
		errs = append(errs, fmt.Errorf("KMS_KEY_ARN is set, and ENCRYPTION %s uses no KMS key: remove it", c.Pattern))
	default:
		if err := checkKeyARN(c.KMSKeyARN); err != nil {
			errs = append(errs, err)
		}
	}
	if c.Pattern.Traits().Key == encryption.CustomerProvided && c.SecretARN == "" {
		errs = append(errs, fmt.Errorf("SECRET_ARN is not set: ENCRYPTION %s needs the secret of the key ring", c.Pattern))
	}
	if text := getenv("PUT_URL_SECONDS"); text != "" {
		var err error
		if c.PutURLs, err = strconv.Atoi(text); err != nil || c.PutURLs < 1 || c.PutURLs > maxExpiry {
			errs = append(errs, fmt.Errorf("PUT_URL_SECONDS is %q: want 1 to %d", text, maxExpiry))
		}
	}
	if m := getenv("METRICS"); m != "" && m != "true" {
		errs = append(errs, fmt.Errorf("METRICS is %q: want true, or no such variable", m))
	}
	return c, errors.Join(errs...)
}
