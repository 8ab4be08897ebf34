package s3

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// TestCreateBucketAgain: in us-east-1 the owner may create a bucket again, which
// changes nothing; a stack may not.
//
// Source: S3 developer guide, ErrorResponses (BucketAlreadyOwnedByYou); that tags
// make it fail is what public test suites recorded of S3.
func TestCreateBucketAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	create := func(account, region, name string, tags ...types.Tag) error {
		in := createIn(region, name, "")
		if len(tags) > 0 {
			in.CreateBucketConfiguration = &types.CreateBucketConfiguration{Tags: tags}
		}
		_, err := w.client(callerOf(account), region).CreateBucket(ctx, in)
		return err
	}
	tag := types.Tag{Key: aws.String("k"), Value: aws.String("v")}
	w.ok(create(home, "us-east-1", "virginia", tag))
	east := w.client(callerOf(home), "us-east-1")
	_, err := east.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("virginia"), Key: aws.String("k"), Body: reader("x")})
	w.ok(err)
	w.ok(create(home, "us-east-1", "virginia"))
	list, err := east.ListObjectsV2(ctx, &sdk.ListObjectsV2Input{Bucket: aws.String("virginia")})
	w.ok(err)
	tags, err := east.GetBucketTagging(ctx, &sdk.GetBucketTaggingInput{Bucket: aws.String("virginia")})
	w.ok(err)
	if len(list.Contents) != 1 || len(tags.TagSet) != 1 {
		t.Errorf("created again, the bucket has %d objects and %d tags", len(list.Contents), len(tags.TagSet))
	}
	w.refused(create(home, "us-east-1", "virginia", tag), 409, "BucketAlreadyOwnedByYou", "")
	w.refused(create(abroad, "us-east-1", "virginia"), 409, "BucketAlreadyExists", "")
	w.refused(create(home, tokyo, "virginia"), 409, "BucketAlreadyOwnedByYou", "")
	w.ok(create(home, tokyo, "tokyo"))
	w.refused(create(home, "us-east-1", "tokyo"), 409, "BucketAlreadyOwnedByYou", "")
	p := w.s3.Providers()["AWS::S3::Bucket"]
	if _, err := p.Create(ctx, stackContext(home, "us-east-1"), "Bucket", json.RawMessage(`{"BucketName":"virginia"}`)); codeOf(err) != "BucketAlreadyOwnedByYou" {
		t.Errorf("a stack created it again: %v", err)
	}
}

// TestLocationConstraints: each Region's endpoint makes buckets of that Region.
//
// Source: S3 API reference, API_CreateBucket; S3 developer guide, ErrorResponses
// (IllegalLocationConstraintException, InvalidLocationConstraint); the words are
// those that public test suites recorded of S3.
func TestLocationConstraints(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const illegal, invalid = "IllegalLocationConstraintException", "InvalidLocationConstraint"
	for _, e := range []struct {
		endpoint, constraint string
		code, message        string
		location             string // of what was made
	}{
		{"us-east-1", "", "", "", ""},
		{"us-east-1", "us-east-1", invalid, "The specified location-constraint is not valid", ""},
		{"us-east-1", "atlantis", invalid, "The specified location-constraint is not valid", ""},
		{"us-east-1", "eu-west-1", illegal, "The eu-west-1 location constraint is incompatible", ""},
		{"eu-west-1", "", illegal, "The unspecified location constraint is incompatible", ""},
		{"eu-west-1", "us-east-1", illegal, "The us-east-1 location constraint is incompatible", ""},
		{"eu-west-1", "atlantis", illegal, "The atlantis location constraint is incompatible", ""},
		{"eu-west-1", "eu-west-1", "", "", "eu-west-1"},
		{"eu-west-1", "EU", "", "", "EU"},
		{tokyo, "EU", illegal, "The EU location constraint is incompatible", ""},
	} {
		name := strings.ToLower("from-" + e.endpoint + "-to-" + e.constraint + "-x")
		c := w.client(callerOf(home), e.endpoint)
		in := &sdk.CreateBucketInput{Bucket: &name}
		if e.constraint != "" {
			in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(e.constraint)}
		}
		_, err := c.CreateBucket(context.Background(), in)
		if e.code != "" {
			w.refused(err, http.StatusBadRequest, e.code, e.message)
			continue
		}
		w.ok(err)
		out, err := c.GetBucketLocation(context.Background(), &sdk.GetBucketLocationInput{Bucket: &name})
		w.ok(err)
		if string(out.LocationConstraint) != e.location {
			t.Errorf("%s from %s is in %q, want %q", e.constraint, e.endpoint, out.LocationConstraint, e.location)
		}
	}
}
