package s3

import (
	"encoding/xml"
	"net/http"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// Server access logging and inventory are checked and recorded here. Package
// s3delivery delivers their files.

type loggingStatus struct {
	XMLName        xml.Name        `xml:"http://s3.amazonaws.com/doc/2006-03-01/ BucketLoggingStatus"`
	LoggingEnabled *loggingEnabled `xml:",omitempty"`
}

type loggingEnabled struct {
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

func (s *Service) getLogging(rq *request) error {
	b, err := s.bucketFor(rq, "s3:GetBucketLogging")
	if err != nil {
		return err
	}
	return rq.answer(http.StatusOK, loggingStatus{LoggingEnabled: b.settings().logging})
}

func (s *Service) putLogging(rq *request) error {
	b, err := s.bucketFor(rq, "s3:PutBucketLogging")
	if err != nil {
		return err
	}
	var in loggingStatus
	if err := rq.document("BucketLoggingStatus", &in); err != nil {
		return err
	}
	if err := s.setLogging(b, in.LoggingEnabled); err != nil {
		return err
	}
	return rq.done(http.StatusOK)
}

// setLogging checks what S3 checks of the target: that it exists, in the same
// account and Region. Whether the logs can be written, S3 finds out later.
//
// Source: S3 API reference, API_PutBucketLogging.
func (s *Service) setLogging(b *bucket, l *loggingEnabled) error {
	if l != nil {
		if err := l.TargetObjectKeyFormat.check(); err != nil {
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
	return b.change(func(c *config) error { c.logging = l; return nil })
}

type inventoryConfiguration struct {
	XMLName                xml.Name `xml:"InventoryConfiguration"`
	ID                     string   `xml:"Id"`
	IsEnabled              bool
	IncludedObjectVersions string
	Filter                 *inventoryFilter     `xml:",omitempty"`
	Destination            inventoryDestination `xml:"Destination"`
	Schedule               inventorySchedule
	OptionalFields         []string `xml:"OptionalFields>Field,omitempty"`
}

type inventoryFilter struct{ Prefix string }

type inventorySchedule struct{ Frequency string }

type inventoryDestination struct {
	S3BucketDestination inventoryBucket
}

type inventoryBucket struct {
	AccountID  string `xml:"AccountId,omitempty"`
	Bucket     string
	Format     string
	Prefix     string               `xml:",omitempty"`
	Encryption *inventoryEncryption `xml:",omitempty"`
}

type inventoryEncryption struct {
	S3  *struct{}     `xml:"SSE-S3,omitempty"`
	KMS *inventoryKMS `xml:"SSE-KMS,omitempty"`
}

type inventoryKMS struct {
	KeyID string `xml:"KeyId"`
}

func (i *inventoryConfiguration) check() error {
	d := i.Destination.S3BucketDestination
	switch {
	case i.ID == "":
		return fault.MalformedXML("an inventory configuration needs an Id")
	case i.IncludedObjectVersions != "All" && i.IncludedObjectVersions != "Current":
		return fault.MalformedXML("IncludedObjectVersions is %q", i.IncludedObjectVersions)
	case i.Schedule.Frequency != "Daily" && i.Schedule.Frequency != "Weekly":
		return fault.MalformedXML("Frequency is %q", i.Schedule.Frequency)
	case d.Format != "CSV" && d.Format != "ORC" && d.Format != "Parquet":
		return fault.MalformedXML("Format is %q", d.Format)
	case !strings.HasPrefix(d.Bucket, "arn:"):
		return fault.MalformedXML("the destination bucket %q is not an ARN", d.Bucket)
	}
	return i.checkDeliverable()
}

func (s *Service) getInventory(rq *request) error {
	b, err := s.bucketFor(rq, "s3:GetInventoryConfiguration")
	if err != nil {
		return err
	}
	all := b.settings().inventories
	if rq.query.Has("id") {
		i, ok := all[rq.query.Get("id")]
		if !ok {
			return noSuchConfiguration()
		}
		return rq.answer(http.StatusOK, i)
	}
	return rq.answer(http.StatusOK, struct {
		XMLName        xml.Name `xml:"ListInventoryConfigurationsResult"`
		IsTruncated    bool
		Configurations []inventoryConfiguration `xml:"InventoryConfiguration"`
	}{Configurations: sorted(all)})
}

func (s *Service) putInventory(rq *request) error {
	var in inventoryConfiguration
	return s.putRecord(rq, "s3:PutInventoryConfiguration", "InventoryConfiguration", &in, func(c *config) error {
		c.inventories = with(c.inventories, in.ID, in)
		if err := sameID(rq, in.ID); err != nil {
			return err
		}
		return in.check()
	})
}

func (s *Service) deleteInventory(rq *request) error {
	return s.deleteRecord(rq, "s3:PutInventoryConfiguration", func(c *config) error {
		var err error
		c.inventories, err = without(c.inventories, rq.query.Get("id"))
		return err
	})
}
