package s3

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/transport/http"
)

func TestVersionsAndDeleteMarkers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "versions", noRule)
	c := w.root(home)
	bucket, key := aws.String("versions"), aws.String("k")
	put := func(text string) string {
		t.Helper()
		out, err := c.PutObject(ctx, &sdk.PutObjectInput{Bucket: bucket, Key: key, Body: reader(text)})
		w.ok(err)
		return aws.ToString(out.VersionId)
	}
	get := func(version string) (string, error) {
		in := &sdk.GetObjectInput{Bucket: bucket, Key: key}
		if version != "" {
			in.VersionId = &version
		}
		out, err := c.GetObject(ctx, in)
		if err != nil {
			return "", err
		}
		return content(out), nil
	}
	is := func(version, want string) {
		t.Helper()
		got, err := get(version)
		w.ok(err)
		if got != want {
			t.Errorf("version %q is %q, want %q", version, got, want)
		}
	}
	if id := put("unversioned"); id != "" {
		t.Errorf("version id %q before versioning", id)
	}
	w.versioned(home, "versions")
	is("null", "unversioned")
	one, two := put("one"), put("two")
	is("", "two")
	is(one, "one")

	deleted, err := c.DeleteObject(ctx, &sdk.DeleteObjectInput{Bucket: bucket, Key: key})
	w.ok(err)
	if !*deleted.DeleteMarker || *deleted.VersionId == "" {
		t.Errorf("delete answered %+v", deleted)
	}
	_, err = get("")
	w.refused(err, 404, "NoSuchKey", "")
	var response *http.ResponseError
	if !errors.As(err, &response) || response.Response.Header.Get("x-amz-delete-marker") != "true" {
		t.Error("a deleted object's 404 doesn't say x-amz-delete-marker")
	}
	_, err = get(*deleted.VersionId)
	w.refused(err, 405, "MethodNotAllowed", "")
	is(two, "two")
	list, err := c.ListObjectsV2(ctx, &sdk.ListObjectsV2Input{Bucket: bucket})
	w.ok(err)
	if len(list.Contents) != 0 {
		t.Error("a deleted object is listed")
	}
	all, err := c.ListObjectVersions(ctx, &sdk.ListObjectVersionsInput{Bucket: bucket})
	w.ok(err)
	if len(all.Versions) != 3 || len(all.DeleteMarkers) != 1 || !*all.DeleteMarkers[0].IsLatest || *all.Versions[0].VersionId != two || *all.Versions[2].VersionId != "null" {
		t.Errorf("versions are %+v and %+v", all.Versions, all.DeleteMarkers)
	}
	// Deleting the marker brings the object back.
	_, err = c.DeleteObject(ctx, &sdk.DeleteObjectInput{Bucket: bucket, Key: key, VersionId: deleted.VersionId})
	w.ok(err)
	is("", "two")
	_, err = c.DeleteObject(ctx, &sdk.DeleteObjectInput{Bucket: bucket, Key: key, VersionId: &two})
	w.ok(err)
	is("", "one")
	_, err = get(two)
	w.refused(err, 404, "NoSuchVersion", "")

	_, err = c.PutBucketVersioning(ctx, &sdk.PutBucketVersioningInput{Bucket: bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: "Suspended"}})
	w.ok(err)
	if id := put("suspended"); id != "null" {
		t.Errorf("version id %q while suspended", id)
	}
	is("null", "suspended")
	is(one, "one")
	_, err = c.DeleteBucket(ctx, &sdk.DeleteBucketInput{Bucket: bucket})
	w.refused(err, 409, "BucketNotEmpty", "You must delete all versions")

	batch, err := c.DeleteObjects(ctx, &sdk.DeleteObjectsInput{Bucket: bucket, Delete: &types.Delete{
		Objects: []types.ObjectIdentifier{{Key: key, VersionId: aws.String("null")}, {Key: key, VersionId: &one}},
	}})
	w.ok(err)
	if len(batch.Deleted) != 2 || len(batch.Errors) != 0 {
		t.Errorf("DeleteObjects answered %+v", batch)
	}
	_, err = c.DeleteBucket(ctx, &sdk.DeleteBucketInput{Bucket: bucket})
	w.ok(err)
	_, err = c.HeadBucket(ctx, &sdk.HeadBucketInput{Bucket: bucket})
	w.refused(err, 404, "NotFound", "")
}

func TestConditionalWrites(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "conditions", noRule)
	w.versioned(home, "conditions")
	c := w.root(home)
	put := func(change func(*sdk.PutObjectInput)) (string, error) {
		in := &sdk.PutObjectInput{Bucket: aws.String("conditions"), Key: aws.String("k"), Body: reader("x")}
		change(in)
		out, err := c.PutObject(ctx, in)
		if err != nil {
			return "", err
		}
		return *out.ETag, nil
	}
	create := func(in *sdk.PutObjectInput) { in.IfNoneMatch = aws.String("*") }
	match := func(etag string) func(*sdk.PutObjectInput) {
		return func(in *sdk.PutObjectInput) { in.IfMatch = &etag }
	}
	_, err := put(match(`"any"`))
	w.refused(err, 404, "NoSuchKey", "")
	etag, err := put(create)
	w.ok(err)
	_, err = put(create)
	w.refused(err, 412, "PreconditionFailed", "")
	_, err = put(match(`"other"`))
	w.refused(err, 412, "PreconditionFailed", "")
	_, err = put(match(etag))
	w.ok(err)
	_, err = put(func(in *sdk.PutObjectInput) { in.IfNoneMatch = aws.String(`"etag"`) })
	w.refused(err, 501, "NotImplemented", "")
	_, err = c.DeleteObject(ctx, &sdk.DeleteObjectInput{Bucket: aws.String("conditions"), Key: aws.String("k")})
	w.ok(err)
	// A delete marker is no object: nothing to match, free to create.
	_, err = put(match(etag))
	w.refused(err, 404, "NoSuchKey", "")
	_, err = put(create)
	w.ok(err)
}

// TestConditionIsCheckedWhenTheVersionBecomesVisible: a write that came while
// the body was on its way is seen.
func TestConditionIsCheckedWhenTheVersionBecomesVisible(t *testing.T) {
	t.Parallel()
	v := &version{id: "1", etag: "a"}
	marker := &version{id: "2", marker: true}
	for name, e := range map[string]struct {
		may     condition
		current *version
		code    string
	}{
		"create, still nothing":     {createOnly(nil), nil, ""},
		"create, another came":      {createOnly(nil), v, "PreconditionFailed"},
		"create, deleted meanwhile": {createOnly(nil), marker, "ConditionalRequestConflict"},
		"create over the marker":    {createOnly(marker), marker, ""},
		"replace":                   {replaceOnly("k", `"a"`), v, ""},
		"replace, another came":     {replaceOnly("k", `"b"`), v, "PreconditionFailed"},
		"replace, deleted":          {replaceOnly("k", `"a"`), marker, "NoSuchKey"},
		"replace, gone":             {replaceOnly("k", `"a"`), nil, "NoSuchKey"},
	} {
		err := e.may(e.current)
		if got := codeOf(err); got != e.code {
			t.Errorf("%s: %q, want %q", name, got, e.code)
		}
	}
}

func TestConditionalReads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "reads", noRule)
	put := w.send(w.tls, "PUT", "/reads/k", "text", nil)
	etag, other := put.header.Get("ETag"), `"00000000000000000000000000000000"`
	past, future := "Mon, 02 Jan 2006 15:04:05 GMT", "Wed, 02 Jan 2036 15:04:05 GMT"
	for name, e := range map[string]struct {
		header map[string]string
		status int
	}{
		"If-Match":                                     {map[string]string{"If-Match": etag}, 200},
		"If-Match of several":                          {map[string]string{"If-Match": other + ", " + etag}, 200},
		"If-Match other":                               {map[string]string{"If-Match": other}, 412},
		"If-None-Match":                                {map[string]string{"If-None-Match": etag}, 304},
		"If-None-Match other":                          {map[string]string{"If-None-Match": other}, 200},
		"If-Modified-Since past":                       {map[string]string{"If-Modified-Since": past}, 200},
		"If-Modified-Since future":                     {map[string]string{"If-Modified-Since": future}, 304},
		"If-Unmodified-Since past":                     {map[string]string{"If-Unmodified-Since": past}, 412},
		"If-Match wins over If-Unmodified-Since":       {map[string]string{"If-Match": etag, "If-Unmodified-Since": past}, 200},
		"If-None-Match wins over If-Modified-Since":    {map[string]string{"If-None-Match": other, "If-Modified-Since": future}, 200},
		"range that can't be read is the whole object": {map[string]string{"Range": "bytes=x"}, 200},
		"suffix range":                                 {map[string]string{"Range": "bytes=-2"}, 206},
	} {
		if a := w.send(w.tls, "GET", "/reads/k", "", e.header); a.status != e.status {
			t.Errorf("%s: %d, want %d", name, a.status, e.status)
		}
	}
}
