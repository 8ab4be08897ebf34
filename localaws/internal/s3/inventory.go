package s3

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Inventory is an enabled inventory configuration.
type Inventory struct {
	ID              string
	Source          string // bucket
	Account, Region string // of the source bucket
	SourceARN       string

	Destination        string // bucket
	DestinationARN     string
	DestinationAccount string // expected owner; "" for any
	DestinationPrefix  string // without a slash at its end
	Headers            map[string]string

	Prefix      string // of the keys to list
	AllVersions bool
	Fields      []string // optional ones
}

// Inventories are all enabled configurations, by source bucket and id.
// Headers are those of the encryption that a configuration asks for.
func (s *Service) Inventories() []Inventory {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []Inventory
	for _, name := range slices.Sorted(maps.Keys(s.buckets)) {
		b := s.buckets[name]
		for _, c := range sorted(b.settings().Inventories) {
			if !c.IsEnabled {
				continue
			}
			d := c.Destination.S3BucketDestination
			i := Inventory{
				ID: c.ID, Source: b.name, Account: b.account, Region: b.region, SourceARN: b.arn(""),
				Destination: d.Bucket[strings.LastIndexByte(d.Bucket, ':')+1:], DestinationARN: d.Bucket,
				DestinationAccount: d.AccountID, DestinationPrefix: strings.TrimSuffix(d.Prefix, "/"),
				Headers: d.Encryption.Headers(), AllVersions: c.IncludedObjectVersions == "All", Fields: c.OptionalFields,
			}
			if c.Filter != nil {
				i.Prefix = c.Filter.Prefix
			}
			list = append(list, i)
		}
	}
	return list
}

// InventoryItem is one version of an object, as an inventory lists it.
type InventoryItem struct {
	Key, VersionID       string
	Latest, DeleteMarker bool
	Size                 int64
	Modified             time.Time
	ETag, StorageClass   string
	Multipart            bool
	Replication          string // "", PENDING, COMPLETED, FAILED or REPLICA
	Encryption           string // AES256, aws:kms, aws:kms:dsse or SSE-C; "" of a delete marker
	BucketKey            bool
	ChecksumAlgorithm    string // "" for none
}

// Items are the versions that an inventory lists, by key, the newest first.
// Without AllVersions they are the current versions of the objects that aren't
// deleted.
func (s *Service) Items(i Inventory) []InventoryItem {
	b, err := s.find(i.Source)
	if err != nil {
		return nil
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	var list []InventoryItem
	for _, key := range b.index.keys[b.index.from(i.Prefix):] {
		if !strings.HasPrefix(key, i.Prefix) {
			break
		}
		versions := b.index.versions[key]
		for n, v := range slices.Backward(versions) {
			latest := n == len(versions)-1
			if !i.AllVersions && (!latest || v.marker) {
				continue
			}
			list = append(list, InventoryItem{
				Key: key, VersionID: v.id, Latest: latest, DeleteMarker: v.marker, Size: v.size, Modified: v.modified,
				ETag: v.etag, StorageClass: v.class, Multipart: len(v.partSizes) > 0, Replication: v.replication,
				Encryption: string(v.encryption.Mode), BucketKey: v.encryption.BucketKey, ChecksumAlgorithm: v.checksum.Algorithm,
			})
		}
	}
	return list
}
