package s3

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

const (
	ofHome = "-" + home + "-" + tokyo + "-an"
	ofEast = "-" + home + "-us-east-1-an"
)

func createIn(region, name string, namespace types.BucketNamespace) *sdk.CreateBucketInput {
	in := &sdk.CreateBucketInput{Bucket: &name, BucketNamespace: namespace}
	if region != "us-east-1" {
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(region)}
	}
	return in
}

func TestAccountRegionalBuckets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	c := w.root(home)
	_, err := c.CreateBucket(ctx, createIn(tokyo, "acme"+ofHome, "account-regional"))
	w.ok(err)
	_, err = c.CreateBucket(ctx, createIn(tokyo, "acme-global", "global"))
	w.ok(err)
	east := w.client(iam.AccountRoot(home), "us-east-1")
	_, err = east.CreateBucket(ctx, createIn("us-east-1", "acme"+ofEast, "account-regional"))
	w.ok(err)
	// Of a global bucket AWS accepts this in us-east-1.
	_, err = east.CreateBucket(ctx, createIn("us-east-1", "acme"+ofEast, "account-regional"))
	w.refused(err, 409, "BucketAlreadyOwnedByYou", "")
	list, err := c.ListBuckets(ctx, &sdk.ListBucketsInput{})
	w.ok(err)
	var names []string
	for _, b := range list.Buckets {
		names = append(names, *b.Name)
	}
	if want := []string{"acme" + ofHome, "acme" + ofEast, "acme-global"}; !slices.Equal(names, want) {
		t.Errorf("the buckets are %q, want %q", names, want)
	}
	bucket := "acme" + ofHome
	_, err = c.PutObject(ctx, &sdk.PutObjectInput{Bucket: &bucket, Key: aws.String("k"), Body: reader("x")})
	w.ok(err)
	objects, err := c.ListObjectsV2(ctx, &sdk.ListObjectsV2Input{Bucket: &bucket})
	w.ok(err)
	if len(objects.Contents) != 1 {
		t.Errorf("listed %+v", objects.Contents)
	}
}

func TestBucketNamesThatS3Refuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	prefix := func(n int) string { return strings.Repeat("p", n) }
	for name, e := range map[string]struct {
		bucket    string
		namespace types.BucketNamespace
		region    string
		code      string
	}{
		"no namespace":           {"acme" + ofHome, "", tokyo, "InvalidBucketName"},
		"the global one":         {"acme" + ofHome, "global", tokyo, "InvalidBucketName"},
		"-an alone":              {"acme-an", "", tokyo, "InvalidBucketName"},
		"no suffix":              {"acme", "account-regional", tokyo, "InvalidBucketName"},
		"-an only":               {"acme-an", "account-regional", tokyo, "InvalidBucketName"},
		"of another account":     {"acme-" + abroad + "-" + tokyo + "-an", "account-regional", tokyo, "InvalidBucketName"},
		"of another Region":      {"acme" + ofEast, "account-regional", tokyo, "InvalidBucketName"},
		"no prefix":              {ofHome[1:], "account-regional", tokyo, "InvalidBucketName"},
		"prefix is a hyphen":     {ofHome, "account-regional", tokyo, "InvalidBucketName"},
		"too long":               {prefix(64-len(ofHome)) + ofHome, "account-regional", tokyo, "InvalidBucketName"},
		"another namespace":      {"acme", "mine", tokyo, "InvalidArgument"},
		"a Region that has none": {"acme-" + home + "-me-south-1-an", "account-regional", "me-south-1", "InvalidRequest"},
		"as long as possible":    {prefix(63-len(ofHome)) + ofHome, "account-regional", tokyo, ""},
		"a prefix like an -an":   {"acme-an" + ofHome, "account-regional", tokyo, ""},
		"an account in a longer": {"acme-1" + ofHome[1:], "account-regional", tokyo, "InvalidBucketName"},
		"no LocationConstraint":  {"acme2" + ofHome, "account-regional", "", "IllegalLocationConstraintException"},
		"a global one there":     {"acme-sand", "", "me-south-1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			region := e.region
			in := createIn(region, e.bucket, e.namespace)
			if region == "" {
				region, in.CreateBucketConfiguration = tokyo, nil
			}
			_, err := w.client(iam.AccountRoot(home), region).CreateBucket(context.Background(), in)
			if e.code == "" {
				w.ok(err)
				return
			}
			w.refused(err, 400, e.code, "")
		})
	}
}

// TestNamespaceIsAConditionKey, with the policy of gpbucketnamespaces.
func TestNamespaceIsAConditionKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	caller := w.user(home, "creator", allow(iam.Strings{"s3:CreateBucket"}, iam.Strings{everything}), iam.Statement{
		Effect: iam.Deny, Action: iam.Strings{"s3:CreateBucket"}, Resource: iam.Strings{"*"},
		Condition: iam.Condition{"StringNotEquals": {"s3:x-amz-bucket-namespace": {"account-regional"}}},
	})
	c := w.client(caller, tokyo)
	for _, namespace := range []types.BucketNamespace{"", "global"} {
		_, err := c.CreateBucket(ctx, createIn(tokyo, "acme", namespace))
		w.refused(err, 403, "AccessDenied", "explicit deny in an identity-based policy")
	}
	_, err := c.CreateBucket(ctx, createIn(tokyo, "acme"+ofHome, "account-regional"))
	w.ok(err)
	p, s := w.s3.Providers()["AWS::S3::Bucket"], stackContext(home, tokyo)
	s.Call = call(caller, tokyo, true)
	if _, err := p.Create(ctx, s, "Bucket", json.RawMessage(`{"BucketName":"acme"}`)); codeOf(err) != "AccessDenied" {
		t.Errorf("a global bucket of a stack: %v", err)
	}
	_, err = p.Create(ctx, s, "Bucket", json.RawMessage(`{"BucketNamePrefix":"stacks","BucketNamespace":"account-regional"}`))
	w.ok(err)
}

func TestBucketProviderNamespaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	p, s := w.s3.Providers()["AWS::S3::Bucket"], stackContext(home, tokyo)
	prefixed := json.RawMessage(`{"BucketNamePrefix":"acme","BucketNamespace":"account-regional"}`)
	r, err := p.Create(ctx, s, "Bucket", prefixed)
	w.ok(err)
	if r.PhysicalID != "acme"+ofHome || r.Attributes["Arn"] != "arn:aws:s3:::acme"+ofHome {
		t.Errorf("made %+v", r)
	}
	same, err := p.Update(ctx, s, "Bucket", r, prefixed, json.RawMessage(`{"BucketNamePrefix":"acme","BucketNamespace":"account-regional","VersioningConfiguration":{"Status":"Enabled"}}`))
	w.ok(err)
	if same.PhysicalID != r.PhysicalID {
		t.Errorf("a change of versioning made %s", same.PhysicalID)
	}
	for after, want := range map[string]string{
		`{"BucketNamePrefix":"other","BucketNamespace":"account-regional"}`:                  "other" + ofHome,
		fmt.Sprintf(`{"BucketName":"named%s","BucketNamespace":"account-regional"}`, ofHome): "named" + ofHome,
		`{"BucketName":"acme-global","BucketNamespace":"global"}`:                            "acme-global",
	} {
		replaced, err := p.Update(ctx, s, "Bucket", r, prefixed, json.RawMessage(after))
		w.ok(err)
		if replaced.PhysicalID != want {
			t.Errorf("%s made %s, want %s", after, replaced.PhysicalID, want)
		}
	}
	// The same name said otherwise would replace the bucket by itself. The
	// rollback that follows asks for what the bucket already is.
	named := json.RawMessage(fmt.Sprintf(`{"BucketName":"acme%s","BucketNamespace":"account-regional"}`, ofHome))
	if _, err := p.Update(ctx, s, "Bucket", r, prefixed, named); codeOf(err) != "BucketAlreadyOwnedByYou" {
		t.Errorf("the same name, said otherwise: %v", err)
	}
	back, err := p.Update(ctx, s, "Bucket", r, named, prefixed)
	w.ok(err)
	if back.PhysicalID != r.PhysicalID {
		t.Errorf("the rollback made %s", back.PhysicalID)
	}
	unnamed, err := p.Create(ctx, s, "Bucket", json.RawMessage("null"))
	w.ok(err)
	explicit, err := p.Update(ctx, s, "Bucket", unnamed, json.RawMessage("null"), json.RawMessage(`{"BucketNamespace":"global"}`))
	w.ok(err)
	if explicit.PhysicalID == unnamed.PhysicalID {
		t.Error("a namespace that is said now did not replace the bucket")
	}
}

// TestContradictoryNamesOfStacks are refused by the check and when the bucket
// is made.
func TestContradictoryNamesOfStacks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.s3.Providers()["AWS::S3::Bucket"]
	for name, e := range map[string]struct {
		properties string
		unchecked  bool // it takes the account and Region
		message    string
	}{
		"name and prefix":         {`{"BucketName":"acme` + ofHome + `","BucketNamePrefix":"acme","BucketNamespace":"account-regional"}`, false, "cannot be used together"},
		"prefix, no namespace":    {`{"BucketNamePrefix":"acme"}`, false, "needs the BucketNamespace account-regional"},
		"prefix, global":          {`{"BucketNamePrefix":"acme","BucketNamespace":"global"}`, false, "needs the BucketNamespace account-regional"},
		"namespace alone":         {`{"BucketNamespace":"account-regional"}`, false, "needs a BucketNamePrefix or a BucketName"},
		"unknown namespace":       {`{"BucketNamespace":"mine"}`, false, "global or account-regional"},
		"name without suffix":     {`{"BucketName":"acme","BucketNamespace":"account-regional"}`, false, "not valid"},
		"suffix, no namespace":    {`{"BucketName":"acme` + ofHome + `"}`, false, "not valid"},
		"prefix in upper case":    {`{"BucketNamePrefix":"Acme","BucketNamespace":"account-regional"}`, false, "not valid"},
		"suffix of another":       {`{"BucketName":"acme-444455556666-ap-northeast-1-an","BucketNamespace":"account-regional"}`, true, "must end with " + ofHome},
		"suffix of another place": {`{"BucketName":"acme` + ofEast + `","BucketNamespace":"account-regional"}`, true, "must end with " + ofHome},
		"long prefix":             {`{"BucketNamePrefix":"` + strings.Repeat("p", 33) + `","BucketNamespace":"account-regional"}`, true, "leaves 32 of a name's 63"},
	} {
		_, err := p.Create(context.Background(), stackContext(home, tokyo), "Bucket", json.RawMessage(e.properties))
		if err == nil || !strings.Contains(err.Error(), e.message) {
			t.Errorf("%s: %v, want %q", name, err, e.message)
		}
		err = p.(api.Checker).Check(json.RawMessage(e.properties))
		if e.unchecked != (err == nil) || (err != nil && !strings.Contains(err.Error(), e.message)) {
			t.Errorf("%s: the check says %v", name, err)
		}
	}
	for _, unknown := range []string{
		`{"BucketName":"{{changeSet:KNOWN_AFTER_APPLY}}-an","BucketNamespace":"account-regional"}`,
		`{"BucketNamePrefix":"{{changeSet:KNOWN_AFTER_APPLY}}","BucketNamespace":"account-regional"}`,
		`{"BucketName":"acme` + ofHome + `","BucketNamespace":"{{changeSet:KNOWN_AFTER_APPLY}}"}`,
	} {
		w.ok(p.(api.Checker).Check(json.RawMessage(unknown)))
	}
	if n := len(w.s3.buckets); n != 0 {
		t.Errorf("%d buckets stay", n)
	}
}
