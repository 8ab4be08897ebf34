package s3delivery_test

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/logdelivery"
	"github.com/s3seal/s3seal/policy"
)

func (w *world) putInventory(change ...func(*types.InventoryConfiguration)) error {
	c := &types.InventoryConfiguration{
		Id: aws.String("all"), IsEnabled: aws.Bool(true), IncludedObjectVersions: types.InventoryIncludedObjectVersionsAll,
		Schedule: &types.InventorySchedule{Frequency: types.InventoryFrequencyDaily},
		Destination: &types.InventoryDestination{S3BucketDestination: &types.InventoryS3BucketDestination{
			AccountId: aws.String(account), Bucket: aws.String("arn:aws:s3:::" + target), Format: types.InventoryFormatCsv, Prefix: aws.String("lists"),
		}},
		OptionalFields: []types.InventoryOptionalField{"BucketKeyStatus", "EncryptionStatus", "Size"},
	}
	for _, f := range change {
		f(c)
	}
	_, err := w.s3.PutBucketInventoryConfiguration(w.Context(), &s3.PutBucketInventoryConfigurationInput{
		Bucket: aws.String(source), Id: c.Id, InventoryConfiguration: c,
	})
	return err
}

func (w *world) inventory(change ...func(*types.InventoryConfiguration)) {
	w.Helper()
	if err := w.putInventory(change...); err != nil {
		w.Fatal(err)
	}
}

func (w *world) version(bucket string) {
	w.Helper()
	must[*s3.PutBucketVersioningOutput](w.T)(w.s3.PutBucketVersioning(w.Context(), &s3.PutBucketVersioningInput{
		Bucket: &bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	}))
}

// list unpacks the only list in the target bucket.
func (w *world) list() [][]string {
	w.Helper()
	for _, k := range w.keys(target) {
		if strings.HasSuffix(k, ".csv.gz") {
			z := must[*gzip.Reader](w.T)(gzip.NewReader(bytes.NewReader(w.read(target, k))))
			return must[[][]string](w.T)(csv.NewReader(z).ReadAll())
		}
	}
	w.Fatalf("no list in %q", w.keys(target))
	return nil
}

func TestInventoryArrivesWithItsManifest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := delivery(logdelivery.S3Inventory)
	w.policy(logdelivery.S3Inventory)
	key := w.key(policy.LogDeliveryKey(d)...)
	w.encrypt(key)
	w.version(source)
	w.put(source, "a b/one")
	w.put(source, "a b/one", func(in *s3.PutObjectInput) {
		in.ServerSideEncryption, in.BucketKeyEnabled = types.ServerSideEncryptionAwsKms, aws.Bool(true)
	})
	w.put(source, "two", func(in *s3.PutObjectInput) { in.ServerSideEncryption = types.ServerSideEncryptionAwsKmsDsse })
	must[*s3.DeleteObjectOutput](t)(w.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(source), Key: aws.String("two")}))
	w.inventory()
	w.deliverInventory()
	if f := w.server.LogFailures(); len(f) != 0 {
		t.Fatal(f)
	}
	var rows []string
	for _, r := range w.list() {
		if r[2] == "" {
			t.Errorf("no version id: %q", r)
		}
		rows = append(rows, strings.Join(slices.Delete(r, 2, 3), " "))
	}
	if want := []string{
		"acme-data a+b/one true false 5 SSE-KMS ENABLED",
		"acme-data a+b/one false false 5 SSE-S3 DISABLED",
		"acme-data two true true   ",
		"acme-data two false false 5 DSSE-KMS DISABLED",
	}; !slices.Equal(rows, want) {
		t.Errorf("list:\n%s", strings.Join(rows, "\n"))
	}
	w.checkManifest(key)
}

// checkManifest reads the manifest as a reader of inventories would.
func (w *world) checkManifest(key string) {
	w.Helper()
	patterns := []string{
		`^lists/acme-data/all/\d{4}-\d\d-\d\dT\d\d-\d\dZ/manifest\.checksum$`,
		`^lists/acme-data/all/\d{4}-\d\d-\d\dT\d\d-\d\dZ/manifest\.json$`,
		`^lists/acme-data/all/data/[0-9a-f]{32}\.csv\.gz$`,
		`^lists/acme-data/all/hive/dt=\d{4}-\d\d-\d\d-\d\d-\d\d/symlink\.txt$`,
	}
	keys := w.keys(target)
	if len(keys) != len(patterns) {
		w.Fatalf("keys: %q", keys)
	}
	for i, p := range patterns {
		if !regexp.MustCompile(p).MatchString(keys[i]) {
			w.Errorf("key %s, want %s", keys[i], p)
		}
		h := must[*s3.HeadObjectOutput](w.T)(w.s3.HeadObject(w.Context(), &s3.HeadObjectInput{Bucket: aws.String(target), Key: &keys[i]}))
		if aws.ToString(h.SSEKMSKeyId) != key {
			w.Errorf("%s is under %s", keys[i], aws.ToString(h.SSEKMSKeyId))
		}
	}
	sum := func(b []byte) string { s := md5.Sum(b); return hex.EncodeToString(s[:]) }
	text, list := w.read(target, keys[1]), w.read(target, keys[2])
	if got := string(w.read(target, keys[0])); got != sum(text) {
		w.Errorf("manifest.checksum is %s, want %s", got, sum(text))
	}
	var m struct {
		SourceBucket, DestinationBucket, Version, CreationTimestamp, FileFormat, FileSchema string
		Files                                                                               []struct {
			Key, MD5checksum string
			Size             int
		}
	}
	if err := json.Unmarshal(text, &m); err != nil {
		w.Fatal(err)
	}
	if m.SourceBucket != source || m.DestinationBucket != "arn:aws:s3:::"+target || m.FileFormat != "CSV" || len(m.CreationTimestamp) != 13 ||
		m.FileSchema != "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, EncryptionStatus, BucketKeyStatus" {
		w.Errorf("manifest: %s", text)
	}
	if len(m.Files) != 1 || m.Files[0].Key != keys[2] || m.Files[0].Size != len(list) || m.Files[0].MD5checksum != sum(list) {
		w.Errorf("files: %+v", m.Files)
	}
}

func TestInventoryOfCurrentVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy(logdelivery.S3Inventory)
	w.version(source)
	for _, k := range []string{"in/deleted", "in/kept", "in/kept", "out"} {
		w.put(source, k, func(in *s3.PutObjectInput) { in.ChecksumAlgorithm = types.ChecksumAlgorithmCrc32 })
	}
	must[*s3.DeleteObjectOutput](t)(w.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(source), Key: aws.String("in/deleted")}))
	w.inventory(func(c *types.InventoryConfiguration) {
		c.IncludedObjectVersions = types.InventoryIncludedObjectVersionsCurrent
		c.Filter = &types.InventoryFilter{Prefix: aws.String("in/")}
		c.OptionalFields = []types.InventoryOptionalField{
			"Size", "LastModifiedDate", "StorageClass", "ETag", "IsMultipartUploaded", "ReplicationStatus", "EncryptionStatus",
			"ObjectLockRetainUntilDate", "ObjectLockMode", "ObjectLockLegalHoldStatus", "BucketKeyStatus", "ChecksumAlgorithm",
		}
	})
	w.deliverInventory()
	list := w.list()
	if len(list) != 1 {
		t.Fatalf("list: %q", list)
	}
	want := regexp.MustCompile(`^acme-data,in/kept,5,\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z,5d41402abc4b2a76b9719d911017c592,STANDARD,false,,SSE-S3,,,Off,DISABLED,CRC32$`)
	if got := strings.Join(list[0], ","); !want.MatchString(got) {
		t.Errorf("row: %s", got)
	}
}

// TestPoliciesDecideInventory changes one thing of a delivery that works.
func TestPoliciesDecideInventory(t *testing.T) {
	t.Parallel()
	d := delivery(logdelivery.S3Inventory)
	foreign := d
	foreign.SourceARNs = []string{"arn:aws:s3:::acme-other"}
	encryption := func(e types.InventoryEncryption) func(*world) {
		return func(w *world) {
			w.inventory(func(c *types.InventoryConfiguration) { c.Destination.S3BucketDestination.Encryption = &e })
		}
	}
	for name, test := range map[string]struct {
		change func(*world)
		reason string // of the failure; "": arrives
	}{
		"as documented":             {func(*world) {}, ""},
		"key of the bucket's":       {func(w *world) { w.encrypt(w.key(policy.LogDeliveryKey(d)...)) }, ""},
		"key for another source":    {func(w *world) { w.encrypt(w.key(policy.LogDeliveryKey(foreign)...)) }, "kms:GenerateDataKey"},
		"key with default policy":   {func(w *world) { w.encrypt(w.key()) }, "kms:GenerateDataKey"},
		"SSE-S3 where only SSE-KMS": {encryption(types.InventoryEncryption{SSES3: &types.SSES3{}}), "denied explicitly"},
		"SSE-KMS by configuration": {func(w *world) {
			encryption(types.InventoryEncryption{SSEKMS: &types.SSEKMS{KeyId: aws.String(w.key(policy.LogDeliveryKey(d)...))}})(w)
		}, ""},
		"another account's source": {func(w *world) {
			w.policy(logdelivery.S3Inventory, func(s *iam.Statement) { s.Condition["StringEquals"]["aws:SourceAccount"] = iam.Strings{other} })
		}, "aws:SourceAccount did not match"},
		"another ACL": {func(w *world) {
			w.policy(logdelivery.S3Inventory, func(s *iam.Statement) { s.Condition["StringEquals"]["s3:x-amz-acl"] = iam.Strings{"private"} })
		}, "s3:x-amz-acl did not match"},
		"another owner expected": {func(w *world) {
			w.inventory(func(c *types.InventoryConfiguration) { c.Destination.S3BucketDestination.AccountId = aws.String(other) })
		}, "AccessDenied"},
		"another Region": {func(w *world) {
			w.inventory(func(c *types.InventoryConfiguration) {
				c.Destination.S3BucketDestination.Bucket = aws.String("arn:aws:s3:::acme-abroad")
			})
			there := w.client(account, abroad)
			must[*s3.CreateBucketOutput](w.T)(there.CreateBucket(w.Context(), &s3.CreateBucketInput{
				Bucket: aws.String("acme-abroad"), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: abroad},
			}))
		}, "PermanentRedirect"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.policy(logdelivery.S3Inventory)
			w.inventory()
			test.change(w)
			w.put(source, "key")
			w.deliverInventory()
			failures := w.server.LogFailures()
			if test.reason == "" {
				if len(failures) != 0 || len(w.list()) != 1 {
					t.Errorf("failures %v, list %q", failures, w.list())
				}
				return
			}
			// One failure: the manifest must not name a list that isn't there.
			if len(failures) != 1 || !strings.Contains(failures[0].String(), test.reason) || failures[0].Service != "s3.amazonaws.com" {
				t.Errorf("failures: %v, want %q", failures, test.reason)
			}
			if got := w.keys(target); len(got) != 0 {
				t.Errorf("delivered: %q", got)
			}
		})
	}
}

func TestDisabledInventoryIsNotDelivered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy(logdelivery.S3Inventory)
	w.inventory(func(c *types.InventoryConfiguration) { c.IsEnabled = aws.Bool(false) })
	w.deliverInventory()
	if got := w.keys(target); len(got) != 0 {
		t.Errorf("delivered: %q", got)
	}
}

func TestUndeliverableInventoryIsRefusedByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for want, change := range map[string]func(*types.InventoryConfiguration){
		"format ORC": func(c *types.InventoryConfiguration) {
			c.Destination.S3BucketDestination.Format = types.InventoryFormatOrc
		},
		"format Parquet": func(c *types.InventoryConfiguration) {
			c.Destination.S3BucketDestination.Format = types.InventoryFormatParquet
		},
		"field ObjectOwner": func(c *types.InventoryConfiguration) {
			c.OptionalFields = []types.InventoryOptionalField{"ObjectOwner"}
		},
		`no inventory field "Colour"`: func(c *types.InventoryConfiguration) { c.OptionalFields = []types.InventoryOptionalField{"Colour"} },
	} {
		if err := w.putInventory(change); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
