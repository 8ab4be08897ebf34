package configuration

import (
	"encoding/xml"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// Inventory is one inventory configuration.
type Inventory struct {
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
	AccountID  string `xml:"AccountId,omitempty" json:"BucketAccountId"`
	Bucket     string `json:"BucketArn"`
	Format     string
	Prefix     string               `xml:",omitempty"`
	Encryption *inventoryEncryption `xml:",omitempty" json:"-"`
}

type inventoryEncryption struct {
	S3  *struct{}     `xml:"SSE-S3,omitempty"`
	KMS *inventoryKMS `xml:"SSE-KMS,omitempty"`
}

type inventoryKMS struct {
	KeyID string `xml:"KeyId"`
}

// Identifier is what tells it from others of the bucket.
func (i *Inventory) Identifier() string { return i.ID }

// Apply implements Setting.
func (i *Inventory) Apply(b *Bucket) error {
	b.Inventories = with(b.Inventories, i.ID, *i)
	return i.check()
}

func (i *Inventory) check() error {
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

// Headers ask for the encryption in an upload; none: the bucket's default.
func (e *inventoryEncryption) Headers() map[string]string {
	switch {
	case e == nil:
		return nil
	case e.KMS != nil:
		return map[string]string{sse.Header: string(sse.KMS), sse.HeaderKMSKeyID: e.KMS.KeyID}
	case e.S3 != nil:
		return map[string]string{sse.Header: string(sse.S3)}
	}
	return nil
}

// inventoryFields are the optional fields of an inventory, and whether they
// are carried out: nothing here is tiered, has an ACL or expires.
//
// Source: S3 API reference, API_InventoryConfiguration.
var inventoryFields = map[string]bool{
	"Size": true, "LastModifiedDate": true, "StorageClass": true, "ETag": true, "IsMultipartUploaded": true,
	"ReplicationStatus": true, "EncryptionStatus": true, "BucketKeyStatus": true, "ChecksumAlgorithm": true,
	"ObjectLockRetainUntilDate": true, "ObjectLockMode": true, "ObjectLockLegalHoldStatus": true,
	"IntelligentTieringAccessTier": false, "ObjectAccessControlList": false, "ObjectOwner": false, "LifecycleExpirationDate": false,
}

// checkDeliverable refuses what would otherwise be dropped silently from the
// reports.
func (i *Inventory) checkDeliverable() error {
	d := i.Destination.S3BucketDestination
	if d.Format != "CSV" {
		return fault.NotImplemented("the inventory format " + d.Format + "; write CSV")
	}
	if d.Encryption != nil && d.Encryption.KMS != nil && d.Encryption.KMS.KeyID == "" {
		return fault.MalformedXML("the SSE-KMS of an inventory needs a KeyId")
	}
	for _, f := range i.OptionalFields {
		done, known := inventoryFields[f]
		if !known {
			return fault.MalformedXML("there is no inventory field %q", f)
		}
		if !done {
			return fault.NotImplemented("the inventory field " + f)
		}
	}
	return nil
}
