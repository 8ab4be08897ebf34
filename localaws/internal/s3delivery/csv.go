package s3delivery

import (
	"bytes"
	"compress/gzip"
	"slices"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/s3"
)

// column is a field of a list. Delete markers have no value of most.
type column struct {
	name   string
	of     func(s3.InventoryItem) string
	kind   columnKind
	marked bool // delete markers have one too
}

type columnKind int

const (
	always columnKind = iota
	ofVersions
	optional
)

// columns are all fields, in the order of the page's example. Manifests name
// theirs, so that readers needn't know.
//
// Source: S3 user guide, storage-inventory ("Amazon S3 Inventory list") and
// storage-inventory-location. What a version id of "null" is written as, and
// the Bucket Key status of objects that aren't under SSE-KMS, is not said.
var columns = []column{
	{"Bucket", nil, always, true},
	{"Key", func(v s3.InventoryItem) string { return escapedKey(v.Key) }, always, true},
	{"VersionId", func(v s3.InventoryItem) string { return v.VersionID }, ofVersions, true},
	{"IsLatest", func(v s3.InventoryItem) string { return strconv.FormatBool(v.Latest) }, ofVersions, true},
	{"IsDeleteMarker", func(v s3.InventoryItem) string { return strconv.FormatBool(v.DeleteMarker) }, ofVersions, true},
	{"Size", func(v s3.InventoryItem) string { return strconv.FormatInt(v.Size, 10) }, optional, false},
	{"LastModifiedDate", func(v s3.InventoryItem) string { return v.Modified.UTC().Format("2006-01-02T15:04:05.000Z") }, optional, true},
	{"ETag", func(v s3.InventoryItem) string { return v.ETag }, optional, false},
	{"StorageClass", func(v s3.InventoryItem) string { return v.StorageClass }, optional, false},
	{"IsMultipartUploaded", func(v s3.InventoryItem) string { return strconv.FormatBool(v.Multipart) }, optional, false},
	{"ReplicationStatus", func(v s3.InventoryItem) string { return v.Replication }, optional, true},
	{"EncryptionStatus", func(v s3.InventoryItem) string { return encryptionStatus[v.Encryption] }, optional, false},
	{"ObjectLockRetainUntilDate", func(s3.InventoryItem) string { return "" }, optional, false},
	{"ObjectLockMode", func(s3.InventoryItem) string { return "" }, optional, false},
	{"ObjectLockLegalHoldStatus", func(s3.InventoryItem) string { return "Off" }, optional, false},
	{"BucketKeyStatus", bucketKeyStatus, optional, false},
	{"ChecksumAlgorithm", func(v s3.InventoryItem) string { return v.ChecksumAlgorithm }, optional, false},
}

var encryptionStatus = map[string]string{"AES256": "SSE-S3", "aws:kms": "SSE-KMS", "aws:kms:dsse": "DSSE-KMS", "SSE-C": "SSE-C"}

func bucketKeyStatus(v s3.InventoryItem) string {
	if v.BucketKey {
		return "ENABLED"
	}
	return "DISABLED"
}

func columnsOf(i s3.Inventory) []column {
	return slices.DeleteFunc(slices.Clone(columns), func(c column) bool {
		return c.kind == ofVersions && !i.AllVersions || c.kind == optional && !slices.Contains(i.Fields, c.name)
	})
}

func schema(i s3.Inventory) []string {
	var names []string
	for _, c := range columnsOf(i) {
		names = append(names, c.name)
	}
	return names
}

// csvReport is the list as CSV, every value in quotes, without a header line,
// compressed with gzip.
func csvReport(i s3.Inventory, items []s3.InventoryItem) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	columns := columnsOf(i)
	values := make([]string, len(columns))
	for _, v := range items {
		for n, c := range columns {
			switch {
			case c.name == "Bucket":
				values[n] = i.Source
			case v.DeleteMarker && !c.marked:
				values[n] = ""
			default:
				values[n] = c.of(v)
			}
		}
		// No value holds a quote: keys are escaped. A write to a buffer never fails.
		z.Write([]byte(`"` + strings.Join(values, `","`) + `"` + "\n"))
	}
	z.Close()
	return b.Bytes()
}
