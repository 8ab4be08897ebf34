package sweep

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// The local AWS has neither Object Lock nor archives: here an answer of HEAD says
// so, and what the copy asks for is looked at.
func TestLockedAndArchivedVersions(t *testing.T) {
	t.Parallel()
	soon, past := time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	for name, c := range map[string]struct {
		head  s3.HeadObjectOutput
		state State
		moves bool // with Locked
	}{
		"retained":         {s3.HeadObjectOutput{ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: &soon}, Locked, true},
		"held":             {s3.HeadObjectOutput{ObjectLockLegalHoldStatus: "ON"}, Locked, true},
		"held by an event": {s3.HeadObjectOutput{ObjectLockEventHold: "ON", ObjectLockEventHoldDurationDays: aws.Int32(7)}, Locked, true},
		"was retained":     {s3.HeadObjectOutput{ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: &past, ObjectLockLegalHoldStatus: "OFF"}, Moved, true},
		"archived":         {s3.HeadObjectOutput{StorageClass: "GLACIER"}, Archived, false},
		"deep":             {s3.HeadObjectOutput{StorageClass: "DEEP_ARCHIVE", Restore: aws.String(`ongoing-request="true"`)}, Archived, false},
		"tier":             {s3.HeadObjectOutput{StorageClass: "INTELLIGENT_TIERING", ArchiveStatus: "ARCHIVE_ACCESS"}, Archived, false},
		"restored":         {s3.HeadObjectOutput{StorageClass: "GLACIER", Restore: aws.String(`ongoing-request="false", expiry-date="Fri, 21 Dec 2029 00:00:00 GMT"`)}, Moved, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := &fakeS3{head: c.head}
			s := &Sweeper{S3: fake, Ring: fixedRing{t}, Bucket: "bucket"}
			f, err := s.process(t.Context(), name1, true)
			if err != nil || f.state != c.state {
				t.Fatalf("%+v, %v", f, err)
			}
			s.Locked, fake.copied = true, nil
			if f, err = s.process(t.Context(), name1, true); err != nil || (f.state == Moved) != c.moves {
				t.Fatalf("with Locked: %+v, %v", f, err)
			}
			if !c.moves {
				return
			}
			got := fake.copied
			wantMode, wantUntil := c.head.ObjectLockMode, c.head.ObjectLockRetainUntilDate
			if wantUntil == &past {
				wantMode, wantUntil = "", nil
			}
			hold := c.head.ObjectLockLegalHoldStatus
			if hold == "OFF" {
				hold = ""
			}
			if got.ObjectLockMode != wantMode || got.ObjectLockRetainUntilDate != wantUntil || got.ObjectLockLegalHoldStatus != hold ||
				got.ObjectLockEventHold != c.head.ObjectLockEventHold || got.ObjectLockEventHoldDurationDays != c.head.ObjectLockEventHoldDurationDays ||
				got.StorageClass != c.head.StorageClass {
				t.Errorf("the copy asks for %+v", got)
			}
		})
	}
}

var name1 = name{"a", "v1"}

// fakeS3 has one object, under k0, with what an answer of HEAD says of it.
type fakeS3 struct {
	S3
	head   s3.HeadObjectOutput
	copied *s3.CopyObjectInput
}

func (f *fakeS3) HeadObject(_ context.Context, in *s3.HeadObjectInput, _ ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	h := f.head
	h.ETag, h.SSECustomerKeyMD5 = aws.String(`"e"`), in.SSECustomerKeyMD5
	return &h, nil
}

func (f *fakeS3) GetObjectTagging(context.Context, *s3.GetObjectTaggingInput, ...func(*s3.Options)) (*s3.GetObjectTaggingOutput, error) {
	return &s3.GetObjectTaggingOutput{TagSet: []types.Tag{{Key: aws.String("ssec-kid"), Value: aws.String("k0")}}}, nil
}

func (f *fakeS3) CopyObject(_ context.Context, in *s3.CopyObjectInput, _ ...func(*s3.Options)) (*s3.CopyObjectOutput, error) {
	f.copied = in
	return &s3.CopyObjectOutput{}, nil
}
