package s3

import (
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// setLogging checks what S3 checks of the target: that it exists, in the same
// account and Region. Whether the logs can be written, S3 finds out later.
//
// Source: S3 API reference, API_PutBucketLogging.
func (s *Service) setLogging(b *bucket, l *configuration.Logging) error {
	if l != nil {
		if err := l.Check(); err != nil {
			return err
		}
		target, err := s.find(l.TargetBucket)
		if err != nil || target.account != b.account {
			return fault.With(api.Errorf(400, "InvalidTargetBucketForLogging", "The target bucket for logging does not exist"), "TargetBucket", l.TargetBucket)
		}
		if target.region != b.region {
			return fault.With(api.Errorf(403, "CrossLocationLoggingProhibited", "Cross S3 location logging not allowed."), "TargetBucketLocation", target.region)
		}
	}
	return b.change(func(c *configuration.Bucket) error { c.Logging = l; return nil })
}

// ServerLogging says where a bucket's server access logs go.
type ServerLogging struct {
	Source          string // bucket
	Account, Region string // of the source bucket, and of the target
	SourceARN       string
	Target, Prefix  string

	// DateSource is EventTime or DeliveryTime for keys with a partitioned
	// prefix, and "" for simple ones.
	DateSource string
}

// ServerLogging is the server access logging of a bucket; false if there is
// none.
func (s *Service) ServerLogging(bucket string) (ServerLogging, bool) {
	b, err := s.find(bucket)
	if err != nil {
		return ServerLogging{}, false
	}
	c := b.settings().Logging
	if c == nil {
		return ServerLogging{}, false
	}
	return ServerLogging{Source: b.name, Account: b.account, Region: b.region, SourceARN: b.arn(""), Target: c.TargetBucket, Prefix: c.TargetPrefix, DateSource: c.DateSource()}, true
}
