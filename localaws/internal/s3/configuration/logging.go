package configuration

import (
	"encoding/xml"

	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// LoggingStatus says whether a bucket has server access logging.
type LoggingStatus struct {
	XMLName        xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ BucketLoggingStatus"`
	LoggingEnabled *Logging `xml:",omitempty"`
}

// Logging says where the server access logs go.
type Logging struct {
	TargetBucket          string
	TargetPrefix          string
	TargetObjectKeyFormat *targetKeyFormat `xml:",omitempty"`
}

type targetKeyFormat struct {
	SimplePrefix      *struct{}          `xml:",omitempty"`
	PartitionedPrefix *partitionedPrefix `xml:",omitempty"`
}

type partitionedPrefix struct {
	PartitionDateSource string `xml:",omitempty"`
}

// DateSource is EventTime or DeliveryTime for keys with a partitioned prefix, and
// "" for simple ones.
func (l *Logging) DateSource() string {
	if f := l.TargetObjectKeyFormat; f != nil && f.PartitionedPrefix != nil {
		return f.PartitionedPrefix.PartitionDateSource
	}
	return ""
}

// Check: what S3 makes of a missing PartitionDateSource isn't documented.
//
// Source: S3 API reference, API_TargetObjectKeyFormat, API_PartitionedPrefix.
func (l *Logging) Check() error {
	f := l.TargetObjectKeyFormat
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
