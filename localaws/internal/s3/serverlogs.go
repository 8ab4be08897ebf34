package s3

import "github.com/s3seal/s3seal/localaws/internal/s3/fault"

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
	c := b.settings().logging
	if c == nil {
		return ServerLogging{}, false
	}
	l := ServerLogging{Source: b.name, Account: b.account, Region: b.region, SourceARN: b.arn(""), Target: c.TargetBucket, Prefix: c.TargetPrefix}
	if f := c.TargetObjectKeyFormat; f != nil && f.PartitionedPrefix != nil {
		l.DateSource = f.PartitionedPrefix.PartitionDateSource
	}
	return l, true
}

// check: what S3 takes for a missing PartitionDateSource isn't documented.
//
// Source: S3 API reference, API_TargetObjectKeyFormat, API_PartitionedPrefix.
func (f *targetKeyFormat) check() error {
	switch {
	case f == nil:
		return nil
	case (f.SimplePrefix != nil) == (f.PartitionedPrefix != nil):
		return fault.MalformedXML("TargetObjectKeyFormat has one of SimplePrefix and PartitionedPrefix")
	case f.PartitionedPrefix == nil:
		return nil
	}
	if d := f.PartitionedPrefix.PartitionDateSource; d != "EventTime" && d != "DeliveryTime" {
		return fault.MalformedXML("PartitionDateSource is %q, want EventTime or DeliveryTime", d)
	}
	return nil
}

// CanonicalUserID is an account's other id, by which server access logs name
// owners of buckets and root users.
func CanonicalUserID(account string) string { return ownerID(account) }

// HostID is the x-amz-id-2 of every answer.
const HostID = hostID
