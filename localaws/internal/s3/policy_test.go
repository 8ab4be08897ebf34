package s3

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
)

func TestPutBucketPolicyRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "policies", noRule)
	w.user(home, "known")
	statement := func(s string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + s + `}]}`
	}
	owner := `"Principal":{"AWS":"arn:aws:iam::111122223333:root"},`
	for name, e := range map[string]struct {
		policy        string
		status        int
		code, message string
	}{
		"fine":                         {statement(owner + `"Action":"s3:GetObject","Resource":"arn:aws:s3:::policies/*"`), 204, "", ""},
		"account as 12 digits":         {statement(`"Principal":{"AWS":"444455556666"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::policies/*"`), 204, "", ""},
		"user that exists":             {statement(`"Principal":{"AWS":"arn:aws:iam::111122223333:user/known"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::policies/*"`), 204, "", ""},
		"both levels":                  {statement(owner + `"Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::policies","arn:aws:s3:::policies/*"]`), 204, "", ""},
		"no JSON":                      {`Statement`, 400, "MalformedPolicy", ""},
		"user that doesn't exist":      {statement(`"Principal":{"AWS":"arn:aws:iam::111122223333:user/nobody"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::policies/*"`), 400, "MalformedPolicy", "Invalid principal in policy"},
		"account that doesn't exist":   {statement(`"Principal":{"AWS":"999999999999"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::policies/*"`), 400, "MalformedPolicy", "Invalid principal in policy"},
		"same Sid twice":               {`{"Statement":[{"Sid":"A","Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::policies/*"},{"Sid":"A","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::policies/*"}]}`, 400, "MalformedPolicy", "unique statement ID"},
		"no principal":                 {statement(`"Action":"s3:GetObject","Resource":"arn:aws:s3:::policies/*"`), 400, "MalformedPolicy", "Missing required field Principal"},
		"another bucket":               {statement(owner + `"Action":"s3:GetObject","Resource":"arn:aws:s3:::other/*"`), 400, "MalformedPolicy", "Policy has invalid resource"},
		"all resources":                {statement(owner + `"Action":"s3:GetObject","Resource":"*"`), 400, "MalformedPolicy", "Policy has invalid resource"},
		"bucket that begins the same":  {statement(owner + `"Action":"s3:GetObject","Resource":"arn:aws:s3:::policies2/*"`), 400, "MalformedPolicy", "Policy has invalid resource"},
		"another service":              {statement(owner + `"Action":"kms:Decrypt","Resource":"arn:aws:s3:::policies/*"`), 400, "MalformedPolicy", "Policy has invalid action"},
		"no such action":               {statement(owner + `"Action":"s3:GetObjects","Resource":"arn:aws:s3:::policies/*"`), 400, "MalformedPolicy", "Policy has invalid action"},
		"action of no likeness":        {statement(owner + `"Action":"s3:FoldObjectIntoPaper","Resource":"arn:aws:s3:::policies/*"`), 400, "MalformedPolicy", "Policy has invalid action"},
		"pattern of no action":         {statement(owner + `"Action":"s3:Fold*","Resource":"arn:aws:s3:::policies/*"`), 400, "MalformedPolicy", "Policy has invalid action"},
		"key of no likeness":           {statement(owner + `"Action":"s3:PutObject","Resource":"arn:aws:s3:::policies/*","Condition":{"StringEquals":{"s3:paper":"A4"}}`), 400, "MalformedPolicy", "Policy has an invalid condition key"},
		"no such key":                  {statement(owner + `"Action":"s3:PutObject","Resource":"arn:aws:s3:::policies/*","Condition":{"StringEquals":{"s3:x-amz-aclx":"private"}}`), 400, "MalformedPolicy", "Policy has an invalid condition key"},
		"key of another action":        {statement(owner + `"Action":["s3:ListBucket","s3:GetObject"],"Resource":["arn:aws:s3:::policies","arn:aws:s3:::policies/*"],"Condition":{"StringEquals":{"s3:prefix":"x"}}`), 400, "MalformedPolicy", "Conditions do not apply to combination of actions and resources in statement"},
		"service without any suffix":   {statement(`"Principal":{"Service":"cloudtrail"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::policies/*"`), 400, "MalformedPolicy", "Invalid principal in policy"},
		"object action on the bucket":  {statement(owner + `"Action":"s3:GetObject","Resource":"arn:aws:s3:::policies"`), 400, "MalformedPolicy", "Action does not apply to any resource(s) in statement"},
		"bucket action on the objects": {statement(owner + `"Action":"s3:ListBucket","Resource":"arn:aws:s3:::policies/*"`), 400, "MalformedPolicy", "Action does not apply to any resource(s) in statement"},
		"public":                       {statement(`"Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::policies/*"`), 403, "AccessDenied", "BlockPublicPolicy"},
		"too long":                     {statement(owner + `"Action":"s3:GetObject","Resource":"arn:aws:s3:::policies/` + strings.Repeat("x", 20<<10) + `"`), 400, "MalformedPolicy", ""},
	} {
		a := w.send(w.tls, "PUT", "/policies?policy", e.policy, nil)
		if a.status != e.status || a.err.Code != e.code || !strings.Contains(a.err.Message, e.message) {
			t.Errorf("%s: %d %+v, want %d %s %q", name, a.status, a.err, e.status, e.code, e.message)
		}
	}
	// Without Block Public Access the public one is taken, and shown as such.
	c := w.root(home)
	_, err := c.DeletePublicAccessBlock(context.Background(), &sdk.DeletePublicAccessBlockInput{Bucket: aws.String("policies")})
	w.ok(err)
	public := statement(`"Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::policies/*"`)
	if a := w.send(w.tls, "PUT", "/policies?policy", public, nil); a.status != 204 {
		t.Errorf("public policy without Block Public Access: %d %s", a.status, a.body)
	}
	status, err := c.GetBucketPolicyStatus(context.Background(), &sdk.GetBucketPolicyStatusInput{Bucket: aws.String("policies")})
	w.ok(err)
	if !*status.PolicyStatus.IsPublic {
		t.Error("a public policy is not shown as public")
	}
	got, err := c.GetBucketPolicy(context.Background(), &sdk.GetBucketPolicyInput{Bucket: aws.String("policies")})
	w.ok(err)
	if *got.Policy != public {
		t.Errorf("policy comes back as %s", *got.Policy)
	}
}

// TestConditionKeysComeFromTheRequestOnly: a Deny for each key, which matches
// exactly the request that carries the header. Bucket defaults fill in none.
func TestConditionKeysComeFromTheRequestOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	key := w.key(home, tokyo)
	dev := w.client(w.user(home, "dev", allow(iam.Strings{"s3:*", "kms:*"}, iam.Strings{everything})), tokyo)
	put := func(change func(*sdk.PutObjectInput)) func(bucket string) error {
		return func(bucket string) error {
			in := &sdk.PutObjectInput{Bucket: &bucket, Key: aws.String("k"), Body: reader("x")}
			change(in)
			_, err := dev.PutObject(ctx, in)
			return err
		}
	}
	bare := put(func(*sdk.PutObjectInput) {})
	list := func(change func(*sdk.ListObjectsV2Input)) func(bucket string) error {
		return func(bucket string) error {
			in := &sdk.ListObjectsV2Input{Bucket: &bucket}
			change(in)
			_, err := dev.ListObjectsV2(ctx, in)
			return err
		}
	}
	bareList := list(func(*sdk.ListObjectsV2Input) {})
	for i, e := range []struct {
		action, key string
		value       string
		with, bare  func(bucket string) error
	}{
		{"PutObject", "s3:x-amz-server-side-encryption", "aws:kms", put(func(in *sdk.PutObjectInput) { in.ServerSideEncryption = "aws:kms" }), bare},
		{"PutObject", "s3:x-amz-server-side-encryption-aws-kms-key-id", key, put(func(in *sdk.PutObjectInput) { in.ServerSideEncryption, in.SSEKMSKeyId = "aws:kms", &key }), bare},
		{"PutObject", "s3:x-amz-server-side-encryption-customer-algorithm", "AES256", put(withCustomerKey), bare},
		{"PutObject", "s3:x-amz-acl", "bucket-owner-full-control", put(func(in *sdk.PutObjectInput) { in.ACL = "bucket-owner-full-control" }), bare},
		{"PutObject", "s3:x-amz-storage-class", "STANDARD_IA", put(func(in *sdk.PutObjectInput) { in.StorageClass = "STANDARD_IA" }), bare},
		{"PutObject", "s3:if-none-match", "*", put(func(in *sdk.PutObjectInput) { in.IfNoneMatch, in.Key = aws.String("*"), aws.String("new") }), bare},
		{"PutObject", "s3:RequestObjectTag/team", "blue", put(func(in *sdk.PutObjectInput) { in.Tagging = aws.String("team=blue") }), bare},
		{"PutObject", "s3:RequestObjectTagKeys", "team", put(func(in *sdk.PutObjectInput) { in.Tagging = aws.String("team=blue") }), bare},
		{"ListBucket", "s3:prefix", "home/", list(func(in *sdk.ListObjectsV2Input) { in.Prefix = aws.String("home/") }), bareList},
		{"ListBucket", "s3:delimiter", "/", list(func(in *sdk.ListObjectsV2Input) { in.Delimiter = aws.String("/") }), bareList},
		{"ListBucket", "s3:max-keys", "7", list(func(in *sdk.ListObjectsV2Input) { in.MaxKeys = aws.Int32(7) }), bareList},
	} {
		bucket := fmt.Sprintf("condition-%d", i)
		// The default is the very key that the condition names.
		w.bucket(home, bucket, defaulting("aws:kms", key, false))
		resource := "arn:aws:s3:::" + bucket
		if e.action == "PutObject" {
			resource += "/*"
		}
		w.ok(e.with(bucket))
		deny := iam.Statement{
			Effect: iam.Deny, Principal: &iam.Principal{Any: true}, Action: iam.Strings{"s3:" + e.action}, Resource: iam.Strings{resource},
			Condition: iam.Condition{"StringEquals": {e.key: {e.value}}},
		}
		w.policy(home, bucket, deny)
		w.refused(e.with(bucket), 403, "AccessDenied", "explicit deny")
		w.ok(e.bare(bucket))
		deny.Condition = iam.Condition{"Null": {e.key: {"true"}}}
		w.policy(home, bucket, deny)
		w.refused(e.bare(bucket), 403, "AccessDenied", "explicit deny")
	}
}

func TestExistingObjectTagDecides(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "tagged", noRule)
	for _, k := range []string{"red", "blue"} {
		_, err := w.root(home).PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("tagged"), Key: &k, Tagging: aws.String("team=" + k)})
		w.ok(err)
	}
	c := w.client(w.user(home, "blue", iam.Statement{
		Effect: iam.Allow, Action: iam.Strings{"s3:GetObject"}, Resource: iam.Strings{"arn:aws:s3:::tagged/*"},
		Condition: iam.Condition{"StringEquals": {"s3:ExistingObjectTag/team": {"blue"}}},
	}), tokyo)
	_, err := c.GetObject(ctx, &sdk.GetObjectInput{Bucket: aws.String("tagged"), Key: aws.String("blue")})
	w.ok(err)
	_, err = c.GetObject(ctx, &sdk.GetObjectInput{Bucket: aws.String("tagged"), Key: aws.String("red")})
	w.refused(err, 403, "AccessDenied", "")
	// Tags with the object need s3:PutObjectTagging.
	writer := w.client(w.user(home, "writer", allow(iam.Strings{"s3:PutObject"}, iam.Strings{everything})), tokyo)
	_, err = writer.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("tagged"), Key: aws.String("k"), Tagging: aws.String("a=b")})
	w.refused(err, 403, "AccessDenied", "s3:PutObjectTagging")
}

func TestMissingObjectWithoutListBucketIsDenied(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "hidden", noRule)
	get := allow(iam.Strings{"s3:GetObject"}, iam.Strings{everything})
	in := &sdk.GetObjectInput{Bucket: aws.String("hidden"), Key: aws.String("none")}
	_, err := w.client(w.user(home, "blind", get), tokyo).GetObject(ctx, in)
	w.refused(err, 403, "AccessDenied", "")
	_, err = w.client(w.user(home, "seeing", get, allow(iam.Strings{"s3:ListBucket"}, iam.Strings{everything})), tokyo).GetObject(ctx, in)
	w.refused(err, 404, "NoSuchKey", "")
	_, err = w.client(w.user(home, "nobody"), tokyo).GetObject(ctx, in)
	w.refused(err, 403, "AccessDenied", "")
	_, err = w.client(iam.Anonymous(), tokyo).GetObject(ctx, in)
	w.refused(err, 403, "AccessDenied", "")
	_, err = w.root(abroad).GetObject(ctx, in)
	w.refused(err, 403, "AccessDenied", "")
}

func TestOwnersRootIsNeverLockedOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "locked", noRule)
	w.policy(home, "locked", iam.Statement{
		Effect: iam.Deny, Principal: &iam.Principal{Any: true}, Action: iam.Strings{"s3:*"},
		Resource: iam.Strings{"arn:aws:s3:::locked", "arn:aws:s3:::locked/*"},
	})
	c := w.root(home)
	_, err := c.ListObjectsV2(ctx, &sdk.ListObjectsV2Input{Bucket: aws.String("locked")})
	w.refused(err, 403, "AccessDenied", "")
	admin := w.client(w.user(home, "admin", allow(iam.Strings{"*"}, iam.Strings{everything})), tokyo)
	_, err = admin.DeleteBucketPolicy(ctx, &sdk.DeleteBucketPolicyInput{Bucket: aws.String("locked")})
	w.refused(err, 403, "AccessDenied", "")
	_, err = c.DeleteBucketPolicy(ctx, &sdk.DeleteBucketPolicyInput{Bucket: aws.String("locked")})
	w.ok(err)
	_, err = c.ListObjectsV2(ctx, &sdk.ListObjectsV2Input{Bucket: aws.String("locked")})
	w.ok(err)
}

func TestACLsAreOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "acls", noRule)
	c := w.root(home)
	in := &sdk.PutObjectInput{Bucket: aws.String("acls"), Key: aws.String("k"), Body: reader("x"), ACL: "public-read"}
	_, err := c.PutObject(ctx, in)
	w.refused(err, 400, "AccessControlListNotSupported", "The bucket does not allow ACLs")
	in.ACL, in.GrantRead = "", aws.String("id=x")
	_, err = c.PutObject(ctx, in)
	w.refused(err, 400, "AccessControlListNotSupported", "")
	for _, fine := range []types.ObjectCannedACL{"private", "bucket-owner-full-control"} {
		_, err = c.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("acls"), Key: aws.String("k"), Body: reader("x"), ACL: fine})
		w.ok(err)
	}
	out, err := c.GetObjectAcl(ctx, &sdk.GetObjectAclInput{Bucket: aws.String("acls"), Key: aws.String("k")})
	w.ok(err)
	if len(out.Grants) != 1 || out.Grants[0].Permission != "FULL_CONTROL" || *out.Grants[0].Grantee.ID != *out.Owner.ID {
		text, _ := json.Marshal(out)
		t.Errorf("ACL is %s", text)
	}
}
