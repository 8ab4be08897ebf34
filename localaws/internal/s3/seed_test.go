package s3

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
)

// The SSE-C bucket of a well-known article, with its answers of real AWS: a
// policy that denies s3:PutObject without the algorithm header, the key
// "hws7rqxtlcwd98e8nds94jf8al3yyi5t", and the errors of each missing part.
const (
	seedKey = "aHdzN3JxeHRsY3dkOThlOG5kczk0amY4YWwzeXlpNXQ="
	seedMD5 = "aLkI4bOu2sXS3Guq7vU37A=="
)

func TestCustomerKeyTranscript(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	bucket := "fa-125-sse-c"
	w.bucket(home, bucket, types.ServerSideEncryptionRule{BlockedEncryptionTypes: blocking("NONE")})
	w.policy(home, bucket, iam.Statement{
		Effect: iam.Deny, Principal: &iam.Principal{Any: true}, Action: iam.Strings{"s3:PutObject"},
		Resource:  iam.Strings{"arn:aws:s3:::" + bucket + "/*"},
		Condition: iam.Condition{"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": {"true"}}},
	})
	c := w.client(w.user(home, "author", allow(iam.Strings{"s3:*"}, iam.Strings{"*"})), tokyo)

	_, err := c.PutObject(ctx, &sdk.PutObjectInput{Bucket: &bucket, Key: aws.String("test4-1-1.txt"), Body: reader("")})
	w.refused(err, 403, "AccessDenied", "explicit deny in a resource-based policy")

	put, err := c.PutObject(ctx, &sdk.PutObjectInput{
		Bucket: &bucket, Key: aws.String("test4-1-1.txt"), Body: reader(""),
		SSECustomerAlgorithm: aws.String("AES256"), SSECustomerKey: aws.String(seedKey), SSECustomerKeyMD5: aws.String(seedMD5),
	})
	w.ok(err)
	if *put.SSECustomerAlgorithm != "AES256" || *put.SSECustomerKeyMD5 != seedMD5 || put.ServerSideEncryption != "" {
		t.Errorf("PutObject echoed %v %v %v", put.SSECustomerAlgorithm, put.SSECustomerKeyMD5, put.ServerSideEncryption)
	}
	if *put.ETag == `"d41d8cd98f00b204e9800998ecf8427e"` {
		t.Error("the ETag of an SSE-C object is the MD5 of its body")
	}

	get := sdk.GetObjectInput{Bucket: &bucket, Key: aws.String("test4-1-1.txt")}
	_, err = c.GetObject(ctx, &get)
	w.refused(err, 400, "InvalidRequest", "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.")

	_, err = c.HeadObject(ctx, &sdk.HeadObjectInput{Bucket: &bucket, Key: get.Key})
	w.refused(err, 400, "BadRequest", "")

	get.SSECustomerAlgorithm, get.SSECustomerKey, get.SSECustomerKeyMD5 = aws.String("AES256"), aws.String(seedKey), aws.String(seedMD5)
	out, err := c.GetObject(ctx, &get)
	w.ok(err)
	if content(out) != "" || *out.ETag != *put.ETag || *out.AcceptRanges != "bytes" ||
		*out.SSECustomerAlgorithm != "AES256" || *out.SSECustomerKeyMD5 != seedMD5 {
		t.Errorf("GetObject answered %+v", out)
	}

	list, err := c.ListObjectsV2(ctx, &sdk.ListObjectsV2Input{Bucket: &bucket})
	w.ok(err)
	if len(list.Contents) != 1 || *list.Contents[0].Key != "test4-1-1.txt" || *list.Contents[0].Size != 0 {
		t.Errorf("listed %+v", list.Contents)
	}
}

// As the article has it, without BlockedEncryptionTypes NONE, the bucket can't
// be written at all since April 2026.
func TestNewBucketBlocksCustomerKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bucket := "fa-125-sse-c"
	w.bucket(home, bucket, noRule)
	c := w.root(home)
	_, err := c.PutObject(context.Background(), &sdk.PutObjectInput{
		Bucket: &bucket, Key: aws.String("k"), Body: reader("x"),
		SSECustomerAlgorithm: aws.String("AES256"), SSECustomerKey: aws.String(seedKey), SSECustomerKeyMD5: aws.String(seedMD5),
	})
	w.refused(err, 403, "AccessDenied", "because this bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C)")
	got, err := c.GetBucketEncryption(context.Background(), &sdk.GetBucketEncryptionInput{Bucket: &bucket})
	w.ok(err)
	r := got.ServerSideEncryptionConfiguration.Rules[0]
	if r.ApplyServerSideEncryptionByDefault.SSEAlgorithm != "AES256" || len(r.BlockedEncryptionTypes.EncryptionType) != 1 || r.BlockedEncryptionTypes.EncryptionType[0] != "SSE-C" {
		t.Errorf("encryption of a new bucket is %+v", r)
	}
}
