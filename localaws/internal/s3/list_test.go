package s3

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// expected is what a listing must show, computed the slow way.
func expected(keys []string, prefix, delimiter, after string) (contents, prefixes []string) {
	for _, k := range keys {
		if !strings.HasPrefix(k, prefix) || k <= after {
			continue
		}
		if i := strings.Index(k[len(prefix):], delimiter); delimiter != "" && i >= 0 {
			if p := k[:len(prefix)+i+len(delimiter)]; !slices.Contains(prefixes, p) {
				prefixes = append(prefixes, p)
			}
			continue
		}
		contents = append(contents, k)
	}
	return contents, prefixes
}

// TestListingsAgreeWithASlowOne pages through random key sets in all ways.
func TestListingsAgreeWithASlowOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	c := w.root(home)
	rounds := 8
	if testing.Short() {
		rounds = 2
	}
	for round := range rounds {
		bucket := fmt.Sprintf("listing-%d", round)
		w.bucket(home, bucket, noRule)
		if round%2 == 0 {
			w.versioned(home, bucket)
		}
		b, err := w.s3.find(bucket)
		w.ok(err)
		var keys []string
		for range 60 {
			k := ""
			for range 1 + rand.N(4) {
				k += []string{"a", "b", "/", "é", "~", "//", "a b&<"}[rand.N(7)]
			}
			// A deleted key must not show, nor a prefix of deleted keys only.
			deleted := rand.N(4) == 0
			if slices.Contains(keys, k) || b.read(k, "") != nil {
				continue
			}
			w.ok(w.s3.PutObject(call(callerOf(home), tokyo, true), bucket, k, nil, nil))
			if deleted {
				_, err := w.s3.remove(b, k, "", func(*version) error { return nil })
				w.ok(err)
				continue
			}
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, prefix := range []string{"", "a", "a/", "é", "none"} {
			for _, delimiter := range []string{"", "/", "a"} {
				for _, size := range []int32{1, 2, 7, 1000} {
					wantKeys, wantPrefixes := expected(keys, prefix, delimiter, "")
					var gotKeys, gotPrefixes []string
					pages := sdk.NewListObjectsV2Paginator(c, &sdk.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix, Delimiter: &delimiter, MaxKeys: &size})
					for pages.HasMorePages() {
						page, err := pages.NextPage(ctx)
						w.ok(err)
						if n := len(page.Contents) + len(page.CommonPrefixes); n > int(size) || n != int(*page.KeyCount) {
							t.Fatalf("a page of %d has %d entries, KeyCount %d", size, n, *page.KeyCount)
						}
						for _, o := range page.Contents {
							gotKeys = append(gotKeys, *o.Key)
						}
						for _, p := range page.CommonPrefixes {
							gotPrefixes = append(gotPrefixes, *p.Prefix)
						}
					}
					if !slices.Equal(gotKeys, wantKeys) || !slices.Equal(gotPrefixes, wantPrefixes) {
						t.Fatalf("%q by %q in pages of %d:\n got %q %q\nwant %q %q", prefix, delimiter, size, gotKeys, gotPrefixes, wantKeys, wantPrefixes)
					}
				}
			}
		}
		out, err := c.ListObjects(ctx, &sdk.ListObjectsInput{Bucket: &bucket, Marker: aws.String("b"), EncodingType: "url"})
		w.ok(err)
		want, _ := expected(keys, "", "", "b")
		if len(out.Contents) != len(want) {
			t.Errorf("ListObjects behind a marker: %d, want %d", len(out.Contents), len(want))
		}
	}
}

func TestVersionListingPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "listing", noRule)
	w.versioned(home, "listing")
	c := w.root(home)
	var want []string
	for _, k := range []string{"a", "b", "c/1", "c/2"} {
		var ids []string
		for range 3 {
			out, err := c.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("listing"), Key: &k})
			w.ok(err)
			ids = append(ids, k+" "+*out.VersionId)
		}
		slices.Reverse(ids)
		want = append(want, ids...)
	}
	for _, size := range []int32{1, 2, 5, 1000} {
		var got []string
		in := &sdk.ListObjectVersionsInput{Bucket: aws.String("listing"), MaxKeys: &size}
		for {
			page, err := c.ListObjectVersions(ctx, in)
			w.ok(err)
			for _, v := range page.Versions {
				got = append(got, *v.Key+" "+*v.VersionId)
			}
			if !*page.IsTruncated {
				break
			}
			in.KeyMarker, in.VersionIdMarker = page.NextKeyMarker, page.NextVersionIdMarker
		}
		if !slices.Equal(got, want) {
			t.Errorf("in pages of %d: %v, want %v", size, got, want)
		}
	}
	out, err := c.ListObjectVersions(ctx, &sdk.ListObjectVersionsInput{Bucket: aws.String("listing"), Delimiter: aws.String("/")})
	w.ok(err)
	if len(out.Versions) != 6 || len(out.CommonPrefixes) != 1 {
		t.Errorf("by delimiter: %d versions, %d prefixes", len(out.Versions), len(out.CommonPrefixes))
	}
}

func TestBuckets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	c := w.root(home)
	create := func(c *sdk.Client, name string, region types.BucketLocationConstraint) error {
		in := &sdk.CreateBucketInput{Bucket: &name}
		if region != "" {
			in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: region}
		}
		_, err := c.CreateBucket(ctx, in)
		return err
	}
	w.ok(create(c, "mine", tokyo))
	w.refused(create(c, "mine", tokyo), 409, "BucketAlreadyOwnedByYou", "")
	w.refused(create(w.root(abroad), "mine", tokyo), 409, "BucketAlreadyExists", "")
	w.refused(create(c, "elsewhere", "eu-west-1"), 400, "IllegalLocationConstraintException", "")
	w.ok(create(w.client(callerOf(home), "us-east-1"), "virginia", ""))
	for _, bad := range []string{"UPPER", "a..b", "192.168.0.1", "xn--a", "a-s3alias", "under_score", "-a-"} {
		w.refused(create(c, bad, tokyo), 400, "InvalidBucketName", "")
	}
	for name, want := range map[string]types.BucketLocationConstraint{"mine": tokyo, "virginia": ""} {
		out, err := c.GetBucketLocation(ctx, &sdk.GetBucketLocationInput{Bucket: &name})
		w.ok(err)
		if out.LocationConstraint != want {
			t.Errorf("%s is in %q", name, out.LocationConstraint)
		}
	}
	head, err := c.HeadBucket(ctx, &sdk.HeadBucketInput{Bucket: aws.String("mine")})
	w.ok(err)
	if *head.BucketRegion != tokyo {
		t.Errorf("region %s", *head.BucketRegion)
	}
	_, err = c.HeadBucket(ctx, &sdk.HeadBucketInput{Bucket: aws.String("mine"), ExpectedBucketOwner: aws.String(abroad)})
	w.refused(err, 403, "", "")
	_, err = w.root(abroad).HeadBucket(ctx, &sdk.HeadBucketInput{Bucket: aws.String("mine")})
	w.refused(err, 403, "", "")
	list, err := c.ListBuckets(ctx, &sdk.ListBucketsInput{})
	w.ok(err)
	other, err := w.root(abroad).ListBuckets(ctx, &sdk.ListBucketsInput{})
	w.ok(err)
	if len(list.Buckets) != 2 || len(other.Buckets) != 0 {
		t.Errorf("%d buckets here, %d abroad", len(list.Buckets), len(other.Buckets))
	}
}

func TestRequestToAnotherRegionIsRedirected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "tokyo-only", noRule)
	c := w.client(callerOf(home), "eu-west-1")
	_, err := c.ListObjectsV2(ctx, &sdk.ListObjectsV2Input{Bucket: aws.String("tokyo-only")})
	w.refused(err, 301, "PermanentRedirect", "")
	_, err = c.HeadBucket(ctx, &sdk.HeadBucketInput{Bucket: aws.String("tokyo-only")})
	w.refused(err, 301, "", "")
	out, err := c.GetBucketLocation(ctx, &sdk.GetBucketLocationInput{Bucket: aws.String("tokyo-only")})
	w.ok(err)
	if out.LocationConstraint != tokyo {
		t.Errorf("location %s", out.LocationConstraint)
	}
}

// TestListBucketsInPages, of a prefix and of all.
//
// Source: AmazonS3/latest/API/API_ListBuckets.html.
func TestListBucketsInPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, c := context.Background(), w.root(home)
	names := []string{"a-one", "a-three", "a-two", "b-one"}
	for _, name := range names {
		w.bucket(home, name, noRule)
	}
	w.bucket(abroad, "a-foreign", noRule)
	for _, e := range []struct {
		prefix string
		size   int32
		want   []string
		pages  int
	}{{"", 1, names, 4}, {"", 3, names, 2}, {"", 4, names, 1}, {"a-", 2, names[:3], 2}, {"c", 1, nil, 1}} {
		var got []string
		pages := 0
		for p := sdk.NewListBucketsPaginator(c, &sdk.ListBucketsInput{MaxBuckets: &e.size, Prefix: &e.prefix}); p.HasMorePages(); pages++ {
			page, err := p.NextPage(ctx)
			w.ok(err)
			for _, b := range page.Buckets {
				got = append(got, *b.Name)
			}
		}
		if !slices.Equal(got, e.want) || pages != e.pages {
			t.Errorf("%q in pages of %d: %q in %d", e.prefix, e.size, got, pages)
		}
	}
	for _, query := range []string{"max-buckets=0", "max-buckets=10001", "max-buckets=x", "continuation-token=%25"} {
		if a := w.send(w.tls, "GET", "/?"+query, "", nil); a.status != 400 || a.err.Code != "InvalidArgument" {
			t.Errorf("%s: %d %+v", query, a.status, a.err)
		}
	}
}

// TestWhatWasSentComesBack with a page, even if it is empty.
//
// Source: AmazonS3/latest/API/API_ListObjectsV2.html, ContinuationToken and
// StartAfter: each "if sent with the request ... is included in the response".
func TestWhatWasSentComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "echo", noRule)
	for query, want := range map[string]string{
		"&continuation-token=": "<ContinuationToken></ContinuationToken>",
		"&start-after=":        "<StartAfter></StartAfter>",
		"&start-after=a":       "<StartAfter>a</StartAfter>",
	} {
		if a := w.send(w.tls, "GET", "/echo?list-type=2"+query, "", nil); !strings.Contains(a.body, want) {
			t.Errorf("%s: %s", query, a.body)
		}
	}
	if a := w.send(w.tls, "GET", "/echo?list-type=2", "", nil); strings.Contains(a.body, "ContinuationToken") || strings.Contains(a.body, "StartAfter") {
		t.Errorf("not sent: %s", a.body)
	}
}
