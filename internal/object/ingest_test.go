package object

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/object/objecttest"
	"github.com/s3seal/s3seal/internal/ssec"
)

const uploads = "uploads" // the bucket that is copied from

// startIngest starts functions and an ingest function, with a bucket to copy
// from that keeps versions or not.
func startIngest(t *testing.T, pattern encryption.Pattern, versioning types.BucketVersioningStatus) (*functions, *Handler, *s3.Client) {
	f := start(t, pattern)
	client := s3.NewFromConfig(f.server.Admin)
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(uploads)}); err != nil {
		t.Fatal(err)
	}
	if versioning != "" {
		if _, err := client.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
			Bucket: aws.String(uploads), VersioningConfiguration: &types.VersioningConfiguration{Status: versioning},
		}); err != nil {
			t.Fatal(err)
		}
	}
	return f, f.open(invokeIngest, "SOURCE_BUCKETS="+uploads), client
}

func upload(t testing.TB, client *s3.Client, key, body string) {
	t.Helper()
	if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(uploads), Key: &key, Body: strings.NewReader(body), ContentType: aws.String("text/x-" + body),
		Metadata: map[string]string{"body": body}, Tagging: aws.String("body=" + url.QueryEscape(body) + "&ssec-kid=other"),
	}); err != nil {
		t.Fatal(err)
	}
}

// notification is the one that AWS's page shows, of a bucket and a key.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
func notification(event, bucket, key string) string {
	record := map[string]any{
		"eventVersion": "2.6", "eventSource": "aws:s3", "awsRegion": "us-west-2",
		"eventTime": "1970-01-01T00:00:00.000Z", "eventName": event,
		"userIdentity":      map[string]string{"principalId": "AIDAJDPLRKLG7UEXAMPLE"},
		"requestParameters": map[string]string{"sourceIPAddress": "172.16.0.1"},
		"responseElements":  map[string]string{"x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S/JRWeUWerMUE5JgHvANOjpD"},
		"s3": map[string]any{
			"s3SchemaVersion": "1.0", "configurationId": "testConfigRule",
			"bucket": map[string]any{"name": bucket, "ownerIdentity": map[string]string{"principalId": "A3NL1KOZZKExample"}, "arn": "arn:aws:s3:::" + bucket},
			"object": map[string]any{"key": url.QueryEscape(key), "size": 1024, "eTag": "d41d8cd98f00b204e9800998ecf8427e", "versionId": "096fKKXTRTtl3on89fVO.nfljtsv6qko", "sequencer": "0055AED6DCD90281E5"},
		},
	}
	text, err := json.Marshal(map[string]any{"Records": []any{record}})
	if err != nil {
		panic(err)
	}
	return string(text)
}

const testEvent = `{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2014-10-13T15:57:02.089Z","Bucket":"amzn-s3-demo-bucket","RequestId":"5582815E1AEA5ADF","HostId":"8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE"}`

// body is what the get function reads.
func (f *functions) body(t testing.TB, key string) string {
	t.Helper()
	text, _ := f.mustCall(t, f.get, fmt.Sprintf(`{"key":%q}`, key))["body"].(string)
	return text
}

func TestNewObjectsOfAnotherBucketAreCopied(t *testing.T) {
	t.Parallel()
	for pattern, object := range map[encryption.Pattern]string{
		encryption.SSES3: "sse-s3", encryption.SSEKMSAWSManaged: "sse-kms", encryption.SSEC: "sse-c",
	} {
		f, ingest, client := startIngest(t, pattern, types.BucketVersioningStatusEnabled)
		for _, key := range []string{"HappyFace.jpg", "red flower.jpg", "a+b/ü?versionId=x&y%20"} {
			upload(t, client, key, "one")
			f.mustCall(t, ingest, notification("ObjectCreated:Put", uploads, key))
			got := f.mustCall(t, f.get, fmt.Sprintf(`{"key":%q}`, key))
			if got["body"] != "one" || got["encryption"] != object || got["contentType"] != "text/x-one" {
				t.Errorf("%s, %s: %v", pattern, key, got)
			}
			tagged, err := client.GetObjectTagging(t.Context(), &s3.GetObjectTaggingInput{Bucket: aws.String(objecttest.Bucket), Key: &key})
			if err != nil {
				t.Fatal(err)
			}
			tags := map[string]string{}
			for _, tag := range tagged.TagSet {
				tags[*tag.Key] = *tag.Value
			}
			want := map[string]string{"body": "one"}
			if pattern == encryption.SSEC {
				want[ssec.KeyIDTag] = "k0"
			}
			if diff := cmp.Diff(want, tags); diff != "" {
				t.Errorf("%s, %s: tags -want +got %s", pattern, key, diff)
			}
		}
	}
}

func TestALateNotificationBringsNoOldObjectBack(t *testing.T) {
	t.Parallel()
	for _, versioning := range []types.BucketVersioningStatus{"", types.BucketVersioningStatusEnabled} {
		f, ingest, client := startIngest(t, encryption.SSEC, versioning)
		upload(t, client, "k", "old")
		event := notification("ObjectCreated:Put", uploads, "k")
		upload(t, client, "k", "new")
		for range 2 { // late, and twice
			f.mustCall(t, ingest, event)
			if got := f.body(t, "k"); got != "new" {
				t.Errorf("versioning %q: the copy is %q", versioning, got)
			}
		}
	}
}

// Whenever the source changes, the copy that is there in the end is the last one.
func TestTheSourceMayChangeWhileItIsCopied(t *testing.T) {
	t.Parallel()
	for _, versioning := range []types.BucketVersioningStatus{"", types.BucketVersioningStatusEnabled} {
		for _, moment := range []string{"GetObjectTagging", "CopyObject", "HeadObject"} {
			f, ingest, client := startIngest(t, encryption.SSEC, versioning)
			upload(t, client, "k", "old")
			changed := 0
			f.set(func(s *objecttest.Server) {
				s.Fault = func(operation string) *objecttest.Fault {
					// HeadObject: the one after the first copy.
					if operation == moment && changed < 2 && (moment != "HeadObject" || s.Calls["CopyObject"] > 0) {
						changed++
						upload(t, client, "k", fmt.Sprint("new", changed))
					}
					return nil
				}
			})
			f.mustCall(t, ingest, notification("ObjectCreated:Put", uploads, "k"))
			f.set(func(s *objecttest.Server) { s.Fault = nil })
			if got := f.body(t, "k"); got != "new2" {
				t.Errorf("versioning %q, changed before %s: the copy is %q", versioning, moment, got)
			}
			f.checkTagsFit(t, client, "k")
		}
	}
}

// checkTagsFit checks that every version of an object has the tags that were
// uploaded with its body.
func (f *functions) checkTagsFit(t testing.TB, client *s3.Client, key string) {
	t.Helper()
	list, err := client.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(objecttest.Bucket), Prefix: &key})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range list.Versions {
		tagged, err := client.GetObjectTagging(t.Context(), &s3.GetObjectTaggingInput{Bucket: aws.String(objecttest.Bucket), Key: &key, VersionId: v.VersionId})
		if err != nil {
			t.Fatal(err)
		}
		body := f.mustCall(t, f.get, fmt.Sprintf(`{"key":%q,"versionId":%q}`, key, *v.VersionId))["body"]
		for _, tag := range tagged.TagSet {
			if *tag.Key == "body" && *tag.Value != body {
				t.Errorf("a version has the body %q with the tags of %q", body, *tag.Value)
			}
		}
	}
}

func TestASourceThatNeverRests(t *testing.T) {
	t.Parallel()
	f, ingest, client := startIngest(t, encryption.SSES3, types.BucketVersioningStatusEnabled)
	n := 0
	f.set(func(s *objecttest.Server) {
		s.Fault = func(operation string) *objecttest.Fault {
			if operation == "HeadObject" {
				n++
				upload(t, client, "k", fmt.Sprint(n))
			}
			return nil
		}
	})
	if _, failure, text := f.call(t, ingest, notification("ObjectCreated:Put", uploads, "k")); failure != function.Unavailable {
		t.Errorf("%s %s, want Unavailable", failure, text)
	}
}

func TestNotificationsThatNameNothingToCopy(t *testing.T) {
	t.Parallel()
	f, ingest, client := startIngest(t, encryption.SSES3, types.BucketVersioningStatusEnabled)
	upload(t, client, "deleted", "one")
	if _, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(uploads), Key: aws.String("deleted")}); err != nil {
		t.Fatal(err)
	}
	upload(t, client, "there", "one")
	for _, event := range []string{
		testEvent,
		notification("ObjectCreated:Put", uploads, "deleted"),
		notification("ObjectCreated:Put", uploads, "never"),
		notification("ObjectRemoved:Delete", uploads, "there"),
		notification("ObjectTagging:Put", uploads, "there"),
	} {
		f.mustCall(t, ingest, event)
	}
	if f.exists(t, "deleted") || f.exists(t, "there") {
		t.Error("something was copied")
	}
}

func TestNotificationsThatFail(t *testing.T) {
	t.Parallel()
	f, ingest, client := startIngest(t, encryption.SSES3, types.BucketVersioningStatusEnabled)
	ingest.store.maxCopy = 4
	upload(t, client, "large", "12345")
	ring, err := ssec.ParseRing(ringOf("k0=" + hex1))
	if err != nil {
		t.Fatal(err)
	}
	_, sealed := ring.Primary()
	algorithm, key, sum := sealed.Customer()
	if _, err := client.PutBucketEncryption(t.Context(), &s3.PutBucketEncryptionInput{
		Bucket: aws.String(uploads),
		ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
			BlockedEncryptionTypes: &types.BlockedEncryptionTypes{EncryptionType: []types.EncryptionType{types.EncryptionTypeNone}},
		}}},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(uploads), Key: aws.String("sealed"), Body: strings.NewReader("x"),
		SSECustomerAlgorithm: algorithm, SSECustomerKey: key, SSECustomerKeyMD5: sum,
	}); err != nil {
		t.Fatal(err)
	}
	right := notification("ObjectCreated:Put", uploads, "large")
	for name, c := range map[string]struct {
		event string
		want  function.Type
	}{
		"too large":         {right, function.PayloadTooLarge},
		"under SSE-C":       {notification("ObjectCreated:Copy", uploads, "sealed"), function.NoMatchingKey},
		"another bucket":    {notification("ObjectCreated:Put", "stranger", "k"), function.BadRequest},
		"its own bucket":    {notification("ObjectCreated:Put", objecttest.Bucket, "k"), function.BadRequest},
		"no key":            {notification("ObjectCreated:Put", uploads, ""), function.BadRequest},
		"a long key":        {notification("ObjectCreated:Put", uploads, strings.Repeat("k", 1025)), function.BadRequest},
		"another version":   {strings.Replace(right, `"2.6"`, `"3.0"`, 1), function.BadRequest},
		"another service":   {strings.Replace(right, `"aws:s3"`, `"aws:sns"`, 1), function.BadRequest},
		"a key not encoded": {strings.Replace(right, `"large"`, `"%zz"`, 1), function.BadRequest},
		"a key not UTF-8":   {strings.Replace(right, `"large"`, `"%ff"`, 1), function.BadRequest},
		"no records":        {`{"Records":[]}`, function.BadRequest},
		"a put's event":     {`{"key":"a","body":"b"}`, function.BadRequest},
		"no JSON":           {`large`, function.BadRequest},
	} {
		if _, failure, text := f.call(t, ingest, c.event); failure != c.want {
			t.Errorf("%s: %s %s, want %s", name, failure, text, c.want)
		}
	}
	if _, failure, text := f.call(t, f.open(invokeIngest, "SOURCE_BUCKETS=a,"+objecttest.Bucket), testEvent); failure != function.BadConfig || !strings.Contains(text, "SOURCE_BUCKETS") {
		t.Errorf("its own bucket as source: %s %s, want BadConfig", failure, text)
	}
}

func TestABatchOfNotifications(t *testing.T) {
	t.Parallel()
	f, _, client := startIngest(t, encryption.SSEC, types.BucketVersioningStatusEnabled)
	ingest := f.open(invokeIngest, "SOURCE_BUCKETS="+uploads, "QUEUE_ARN="+standardQueue)
	upload(t, client, "a", "one")
	upload(t, client, "b", "two")
	answer := f.mustCall(t, ingest, batchOf(t, standardQueue,
		testEvent, notification("ObjectCreated:Put", uploads, "a"), notification("ObjectCreated:Put", "stranger", "a"), notification("ObjectCreated:Put", uploads, "b")))
	if diff := cmp.Diff([]string{"id-2"}, failed(t, answer)); diff != "" {
		t.Error(diff)
	}
	if f.body(t, "a") != "one" || f.body(t, "b") != "two" {
		t.Error("the objects beside the failure were not copied")
	}
}
