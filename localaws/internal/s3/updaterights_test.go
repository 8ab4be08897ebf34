package s3

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/iam"
)

func (w *world) policyAdmittingAll(bucket string) {
	w.t.Helper()
	_, err := w.root(home).DeletePublicAccessBlock(context.Background(), &sdk.DeletePublicAccessBlockInput{Bucket: &bucket})
	w.ok(err)
	w.policy(home, bucket, iam.Statement{
		Effect: iam.Allow, Principal: &iam.Principal{Any: true}, Action: iam.Strings{"s3:*"}, Resource: iam.Strings{"arn:aws:s3:::" + bucket + "/*"},
	})
}

// TestUpdateNeedsBothKeys: each right on each key that the pages name.
func TestUpdateNeedsBothKeys(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	type right struct{ action, key string }
	ofNew := []right{{"kms:Encrypt", "new"}, {"kms:GenerateDataKey", "new"}, {"kms:Decrypt", "new"}, {"kms:ReEncryptTo", "new"}}
	ofOld := []right{{"kms:Decrypt", "old"}, {"kms:ReEncryptFrom", "old"}}
	for name, e := range map[string]struct {
		rule   func(old string) types.ServerSideEncryptionRule
		rights []right
	}{
		"SSE-S3":                    {func(string) types.ServerSideEncryptionRule { return noRule }, ofNew},
		"SSE-KMS":                   {func(old string) types.ServerSideEncryptionRule { return defaulting("aws:kms", old, false) }, slices.Concat(ofOld, ofNew)},
		"SSE-KMS with a bucket key": {func(old string) types.ServerSideEncryptionRule { return defaulting("aws:kms", old, true) }, slices.Concat(ofOld, ofNew)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			arn := map[string]string{"old": w.key(home, tokyo), "new": w.key(home, tokyo)}
			w.bucket(home, "rights", e.rule(arn["old"]))
			b, err := w.s3.find("rights")
			w.ok(err)
			context := func(bucketKey bool) string {
				if bucketKey {
					return "arn:aws:s3:::rights"
				}
				return "arn:aws:s3:::rights/k"
			}
			user := func(name string, rights []right, bucketKey bool) *sdk.Client {
				contexts := map[string]string{"old": context(b.settings().Encryption.BucketKeyEnabled), "new": context(bucketKey)}
				statements := []iam.Statement{allow(iam.Strings{"s3:UpdateObjectEncryption"}, iam.Strings{"arn:aws:s3:::rights/*"})}
				for _, r := range rights {
					on := allow(iam.Strings{r.action}, iam.Strings{arn[r.key]})
					on.Condition = iam.Condition{"StringEquals": {
						"kms:ViaService": {"s3.ap-northeast-1.amazonaws.com"}, "kms:EncryptionContext:aws:s3:arn": {contexts[r.key]},
					}}
					statements = append(statements, on)
				}
				return w.client(w.user(home, name, statements...), tokyo)
			}
			for _, bucketKey := range []bool{false, true} {
				_, err := w.root(home).PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("rights"), Key: aws.String("k"), Body: reader("x")})
				w.ok(err)
				for i, missing := range e.rights {
					c := user(fmt.Sprintf("without-%d-%v", i, bucketKey), slices.Concat(e.rights[:i], e.rights[i+1:]), bucketKey)
					w.refused(w.update(c, "rights", "k", "", arn["new"], bucketKey), 403, "AccessDenied", missing.action+" on resource: "+arn[missing.key])
				}
				w.ok(w.update(user(fmt.Sprintf("with-all-%v", bucketKey), e.rights, bucketKey), "rights", "k", "", arn["new"], bucketKey))
			}
			w.refused(w.update(w.client(w.user(home, "writer", allow(iam.Strings{"s3:PutObject", "kms:*"}, iam.Strings{everything})), tokyo),
				"rights", "k", "", arn["new"], false), 403, "AccessDenied", "s3:UpdateObjectEncryption")
		})
	}
}

// TestConditionKeysOfAnUpdate: they come from the body.
func TestConditionKeysOfAnUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.root(home)
	key, other := w.key(home, tokyo), w.key(home, tokyo)
	w.bucket(home, "conditions", noRule)
	w.versioned(home, "conditions")
	out, err := c.PutObject(context.Background(), &sdk.PutObjectInput{Bucket: aws.String("conditions"), Key: aws.String("k"), Body: reader("x"), Tagging: aws.String("team=blue")})
	w.ok(err)
	w.ok(w.update(c, "conditions", "k", *out.VersionId, key, true))
	want := []map[string]iam.Strings{{
		"s3:x-amz-server-side-encryption": {"aws:kms"}, "s3:x-amz-server-side-encryption-aws-kms-key-id": {key}, "s3:ExistingObjectTag/team": {"blue"},
	}}
	if diff := cmp.Diff(want, w.access.of("s3:UpdateObjectEncryption")); diff != "" {
		t.Errorf("condition keys (-want +got):\n%s", diff)
	}
	w.policy(home, "conditions", iam.Statement{
		Effect: iam.Deny, Principal: &iam.Principal{Any: true}, Action: iam.Strings{"s3:UpdateObjectEncryption"}, Resource: iam.Strings{"arn:aws:s3:::conditions/*"},
		Condition: iam.Condition{"ArnNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": {key}}},
	})
	w.ok(w.update(c, "conditions", "k", "", key, false))
	w.refused(w.update(c, "conditions", "k", "", other, false), 403, "AccessDenied", "explicit deny in a resource-based policy")
}
