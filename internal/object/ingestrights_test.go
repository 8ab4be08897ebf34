package object

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/policy"
)

const scans = "scans" // a bucket to copy from whose objects are under a customer managed key

// Each action of an ingest function's policy is there for something that the
// function does, and it does all with these actions.
func TestIngestNeedsEachOfItsPermissions(t *testing.T) {
	t.Parallel()
	for _, p := range []encryption.Pattern{encryption.SSES3, encryption.SSEKMSCMK, encryption.SSEC} {
		t.Run(string(p), func(t *testing.T) {
			t.Parallel()
			f := startUnder(t, p)
			sourceKey := f.prepareSources(t)
			objects := policy.Objects{BucketARN: "arn:aws:s3:::bucket", ViaService: "s3." + f.server.Admin.Region + ".amazonaws.com", KMSKeyARN: f.env["KMS_KEY_ARN"], SecretARN: f.env["SECRET_ARN"]}
			allowed := objects.Ingest([]policy.Source{{BucketARN: "arn:aws:s3:::" + uploads}, {BucketARN: "arn:aws:s3:::" + scans, KMSKeyARN: sourceKey}})
			want := f.ingestAll(t, allowed)
			if strings.Contains(want, string(function.AccessDenied)) {
				t.Errorf("with all permissions:\n%s", want)
			}
			for _, key := range []string{"versioned", "null", "scanned"} {
				if got := f.body(t, key); got != key {
					t.Errorf("the copy of %s is %q", key, got)
				}
			}
			for lacking, less := range eachLess(allowed) {
				if got := f.ingestAll(t, less); got == want {
					t.Errorf("without %s nothing is otherwise:\n%s", lacking, got)
				}
			}
			// A right to one source is none to the other.
			for _, one := range []string{uploads, scans} {
				less := slices.Clone(allowed)
				for i, s := range less {
					less[i].Resource = slices.DeleteFunc(slices.Clone(s.Resource), func(arn string) bool { return strings.Contains(arn, ":::"+one) })
				}
				if got := f.ingestAll(t, less); got == want {
					t.Errorf("without rights to %s nothing is otherwise:\n%s", one, got)
				}
			}
		})
	}
}

// prepareSources makes buckets to copy from, with an object that has a version
// and one of before there were versions, and returns the key of the other's.
func (f *functions) prepareSources(t *testing.T) (keyARN string) {
	t.Helper()
	client := f.client()
	keyARN = f.newKey(t)
	for _, name := range []string{uploads, scans} {
		if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(name)}); err != nil {
			t.Fatal(err)
		}
	}
	upload(t, client, "null", "null")
	if _, err := client.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: aws.String(uploads), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	}); err != nil {
		t.Fatal(err)
	}
	upload(t, client, "versioned", "versioned")
	if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(scans), Key: aws.String("scanned"), Body: strings.NewReader("scanned"),
		ServerSideEncryption: types.ServerSideEncryptionAwsKms, SSEKMSKeyId: &keyARN,
	}); err != nil {
		t.Fatal(err)
	}
	return keyARN
}

// ingestAll invokes an ingest function, as a user with the statements, and says
// how that went.
func (f *functions) ingestAll(t *testing.T, statements []iam.Statement) string {
	t.Helper()
	h := f.open(invokeIngest, append(f.as(t, statements), "SOURCE_BUCKETS="+uploads+","+scans)...)
	var said []string
	try := func(what, bucket, key string) {
		_, failed, _ := f.call(t, h, notification("ObjectCreated:Put", bucket, key))
		said = append(said, fmt.Sprintf("%s: %q", what, failed))
	}
	try("versioned", uploads, "versioned")
	try("null", uploads, "null")
	try("scanned", scans, "scanned")
	try("gone", uploads, "gone")
	if f.env["SECRET_ARN"] != "" {
		f.server.SetEncryption(t, types.EncryptionTypeSseC, nil)
		try("blocked", uploads, "versioned")
		f.server.SetEncryption(t, types.EncryptionTypeNone, nil)
	}
	return strings.Join(said, "\n")
}
