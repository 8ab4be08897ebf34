package s3

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
)

// TestInitiatorOfAnUpload is not the owner of what it becomes.
//
// Source: AmazonS3/latest/API/API_Initiator.html.
func TestInitiatorOfAnUpload(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, bucket := context.Background(), aws.String("initiated")
	w.bucket(home, "initiated", noRule)
	alice := w.user(home, "alice", allow(iam.Strings{"s3:PutObject"}, iam.Strings{"*"}))
	for key, e := range map[string]struct {
		who  *sdk.Client
		want string
	}{"root": {w.root(home), CanonicalUserID(home)}, "alice": {w.client(alice, tokyo), "arn:aws:iam::" + home + ":user/alice"}} {
		up, err := e.who.CreateMultipartUpload(ctx, &sdk.CreateMultipartUploadInput{Bucket: bucket, Key: &key})
		w.ok(err)
		parts, err := w.root(home).ListParts(ctx, &sdk.ListPartsInput{Bucket: bucket, Key: &key, UploadId: up.UploadId})
		w.ok(err)
		list, err := w.root(home).ListMultipartUploads(ctx, &sdk.ListMultipartUploadsInput{Bucket: bucket, Prefix: &key})
		w.ok(err)
		for _, got := range []types.Initiator{*parts.Initiator, *list.Uploads[0].Initiator} {
			if *got.ID != e.want {
				t.Errorf("%s: initiated by %s, want %s", key, *got.ID, e.want)
			}
		}
		if *list.Uploads[0].Owner.ID != CanonicalUserID(home) || *parts.Owner.ID != CanonicalUserID(home) {
			t.Errorf("%s: owned by %s", key, *list.Uploads[0].Owner.ID)
		}
	}
}
