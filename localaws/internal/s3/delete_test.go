package s3

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
)

// deleteIf deletes by DeleteObject and by DeleteObjects, each an object of its own
// that make makes, and gives both codes; "" is success.
func (w *world) deleteIf(c *sdk.Client, bucket, match string, make func(key string)) (one, many string) {
	w.t.Helper()
	ctx := context.Background()
	make("one")
	in := &sdk.DeleteObjectInput{Bucket: &bucket, Key: aws.String("one")}
	if match != "" {
		in.IfMatch = &match
	}
	_, err := c.DeleteObject(ctx, in)
	one = codeOfSDK(err)
	make("many")
	object := types.ObjectIdentifier{Key: aws.String("many")}
	if match != "" {
		object.ETag = &match
	}
	out, err := c.DeleteObjects(ctx, &sdk.DeleteObjectsInput{Bucket: &bucket, Delete: &types.Delete{Objects: []types.ObjectIdentifier{object}}})
	w.ok(err)
	if len(out.Errors) > 0 {
		many = *out.Errors[0].Code
	}
	return one, many
}

// TestConditionalDeletes: only an object that is there and unchanged is deleted.
//
// Source: AmazonS3/latest/userguide/conditional-deletes.html.
func TestConditionalDeletes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "deletes", noRule)
	w.versioned(home, "deletes")
	c := w.root(home)
	const etag = `"1cb251ec0d568de6a929b520c4aed8d1"` // of "text"
	put := func(key string) { w.send(w.tls, "PUT", "/deletes/"+key, "text", nil) }
	mark := func(key string) { put(key); w.send(w.tls, "DELETE", "/deletes/"+key, "", nil) }
	for _, e := range []struct {
		name, match string
		make        func(string)
		code        string
	}{
		{"nothing there", "*", func(string) {}, "NoSuchKey"},
		{"nothing there", etag, func(string) {}, "NoSuchKey"},
		{"a delete marker", "*", mark, "PreconditionFailed"},
		{"a delete marker", etag, mark, "PreconditionFailed"},
		{"another ETag", `"other"`, put, "PreconditionFailed"},
		{"its ETag", etag, put, ""},
		{"any ETag", "*", put, ""},
	} {
		if one, many := w.deleteIf(c, "deletes", e.match, e.make); one != e.code || many != e.code {
			t.Errorf("%s, If-Match %s: %q and %q, want %q", e.name, e.match, one, many, e.code)
		}
	}
}

// TestPolicyDemandsConditionalDeletes: both examples of the page. An ETag needs
// s3:GetObject too, or deletes would tell it to who may not read.
//
// Source: AmazonS3/latest/userguide/conditional-delete-enforce.html.
func TestPolicyDemandsConditionalDeletes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "enforced", noRule)
	conditional := allow(iam.Strings{"s3:DeleteObject"}, iam.Strings{"arn:aws:s3:::enforced/*"})
	conditional.Condition = iam.Condition{"Null": {"s3:if-match": {"false"}}}
	read := allow(iam.Strings{"s3:GetObject"}, iam.Strings{"arn:aws:s3:::enforced/*"})
	put := func(key string) { w.send(w.tls, "PUT", "/enforced/"+key, "text", nil) }
	const etag = `"1cb251ec0d568de6a929b520c4aed8d1"`
	reader, existence := w.client(w.user(home, "reader", conditional, read), tokyo), w.client(w.user(home, "existence", conditional), tokyo)
	for _, e := range []struct {
		name  string
		who   *sdk.Client
		match string
		code  string
	}{
		{"with s3:GetObject, unconditional", reader, "", "AccessDenied"},
		{"with s3:GetObject, ETag", reader, etag, ""},
		{"with s3:GetObject, *", reader, "*", ""},
		{"without, unconditional", existence, "", "AccessDenied"},
		{"without, ETag", existence, etag, "AccessDenied"},
		{"without, *", existence, "*", ""},
	} {
		if one, many := w.deleteIf(e.who, "enforced", e.match, put); one != e.code || many != e.code {
			t.Errorf("%s: %q and %q, want %q", e.name, one, many, e.code)
		}
	}
}
