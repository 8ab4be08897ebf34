package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// madeKey is a KMS key that a scene has made.
type madeKey struct {
	by  *client
	arn string
}

// createKey makes a KMS key with a policy, nil for KMS's default one. The name is
// how the report calls it. Without an ARN it has failed.
func (p *stageplay) createKey(ctx context.Context, by *client, name string, policy *string) (arn, got string) {
	out, err := by.kms.CreateKey(ctx, &kms.CreateKeyInput{Policy: policy})
	if err != nil {
		return "", outcome(err)
	}
	p.keys = append(p.keys, madeKey{by, *out.KeyMetadata.Arn})
	p.call(*out.KeyMetadata.Arn, name)
	return *out.KeyMetadata.Arn, "ok " + *out.KeyMetadata.Arn
}

// tidy removes what the scenes have made: whoever goes on with the local AWS
// finds what the stacks deployed, and nothing careless that a scene showed.
func (p *stageplay) tidy(ctx context.Context, before map[string]string) {
	p.scene("What the scenes made is removed again", "The accounts are as the stacks deployed them. Only the key in the key ring is a newer one.")
	p.step("aws s3api delete-objects  # every version, in every bucket", p.emptyBuckets(ctx), "ok")
	_, err := p.administrator.s3.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: aws.String(logsUnderKMS)})
	p.step("aws s3 rb s3://"+logsUnderKMS, outcome(err), "ok")
	_, err = p.administrator.secrets.DeleteSecret(ctx, &secretsmanager.DeleteSecretInput{SecretId: aws.String(plainSecret), ForceDeleteWithoutRecovery: aws.Bool(true)})
	p.step("aws secretsmanager delete-secret --secret-id "+plainSecret, outcome(err), "ok")
	for _, k := range p.keys {
		_, err := k.by.kms.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: &k.arn, PendingWindowInDays: aws.Int32(7)})
		p.step("aws kms schedule-key-deletion --key-id "+k.arn, outcome(err), "ok")
	}
	for _, role := range []string{carelessRole, s3UserRole} {
		p.step("aws iam delete-role --role-name "+role, outcome(p.server.RemoveRole(sourceAccount, role)), "ok")
	}
	p.step("# What differs from before the scenes?", difference(before, p.state(ctx)), "nothing")
}

// emptyBuckets deletes all objects of the buckets of the stacks, and of those of
// scenes.
func (p *stageplay) emptyBuckets(ctx context.Context) string {
	for _, c := range []*client{p.administrator, p.replicaReader} {
		names, err := c.buckets(ctx)
		if err != nil {
			return outcome(err)
		}
		for _, bucket := range names {
			if err := c.empty(ctx, bucket); err != nil {
				return bucket + ": " + outcome(err)
			}
		}
	}
	return "ok"
}

// buckets are those of the stage; the CDK has one of its own.
func (c *client) buckets(ctx context.Context) (names []string, err error) {
	list, err := c.s3.ListBuckets(ctx, &s3.ListBucketsInput{})
	if err != nil {
		return nil, err
	}
	for _, b := range list.Buckets {
		if strings.HasPrefix(*b.Name, "demo-") {
			names = append(names, *b.Name)
		}
	}
	return names, nil
}

// versions are the ids of all that is in a bucket.
func (c *client) versions(ctx context.Context, bucket string) (ids []types.ObjectIdentifier, err error) {
	pages := s3.NewListObjectVersionsPaginator(c.s3, &s3.ListObjectVersionsInput{Bucket: &bucket})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, v := range page.Versions {
			ids = append(ids, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
		for _, m := range page.DeleteMarkers {
			ids = append(ids, types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
		}
	}
	return ids, nil
}

func (c *client) empty(ctx context.Context, bucket string) error {
	ids, err := c.versions(ctx, bucket)
	if err != nil {
		return err
	}
	return c.delete(ctx, bucket, ids)
}

// delete deletes versions for good.
func (c *client) delete(ctx context.Context, bucket string, ids []types.ObjectIdentifier) (err error) {
	for part := range slices.Chunk(ids, 1000) { // the most that a request may name
		if err != nil {
			break
		}
		var out *s3.DeleteObjectsOutput
		out, err = c.s3.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &bucket, Delete: &types.Delete{Objects: part, Quiet: aws.Bool(true)}})
		if err == nil && len(out.Errors) > 0 {
			err = fmt.Errorf("%s: %s", aws.ToString(out.Errors[0].Key), aws.ToString(out.Errors[0].Message))
		}
	}
	return err
}

// state is what the scenes could have changed, in words.
func (p *stageplay) state(ctx context.Context) map[string]string {
	s := map[string]string{}
	for _, c := range []*client{p.administrator, p.replicaReader} {
		names, err := c.buckets(ctx)
		s["buckets of "+c.name] = fmt.Sprint(names, err)
		for _, bucket := range names {
			c.bucketState(ctx, bucket, s)
		}
	}
	for i, c := range []*client{p.administrator, p.abroad, p.replicaReader, p.stranger} {
		s[fmt.Sprintf("keys %d of %s", i, c.name)] = c.enabledKeys(ctx)
	}
	s["secrets"] = p.administrator.secretNames(ctx)
	ring, err := p.ring(ctx)
	if err == nil { // the key itself is another: the ring was rotated
		s["number of keys in the ring"] = fmt.Sprint(ring.Len())
	}
	return s
}

// bucketState puts a bucket's settings into s. An answer that says that there is
// none is as good as one.
func (c *client) bucketState(ctx context.Context, bucket string, s map[string]string) {
	put := func(what string, value any, err error) {
		text, _ := json.Marshal(value)
		s[what+" of "+bucket] = string(text) + " " + outcome(err)
	}
	policy, err := c.s3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &bucket})
	if err == nil {
		s["policy of "+bucket] = aws.ToString(policy.Policy)
	}
	encryption, err := c.s3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: &bucket})
	if err == nil {
		put("encryption", encryption.ServerSideEncryptionConfiguration, nil)
	}
	replication, err := c.s3.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: &bucket})
	if err == nil {
		put("replication", replication.ReplicationConfiguration, nil)
	}
	logging, err := c.s3.GetBucketLogging(ctx, &s3.GetBucketLoggingInput{Bucket: &bucket})
	if err == nil {
		put("logging", logging.LoggingEnabled, nil)
	}
	if !strings.Contains(bucket, "logs-") { // S3 may deliver one at any time
		ids, err := c.versions(ctx, bucket)
		put("objects", ids, err)
	}
}

func (c *client) secretNames(ctx context.Context) string {
	list, err := c.secrets.ListSecrets(ctx, &secretsmanager.ListSecretsInput{})
	if err != nil {
		return outcome(err)
	}
	var names []string
	for _, secret := range list.SecretList {
		names = append(names, *secret.Name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func (c *client) enabledKeys(ctx context.Context) string {
	list, err := c.kms.ListKeys(ctx, &kms.ListKeysInput{})
	if err != nil {
		return outcome(err)
	}
	var arns []string
	for _, k := range list.Keys {
		key, err := c.kms.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: k.KeyId})
		if err != nil {
			return outcome(err)
		}
		if m := key.KeyMetadata; m.KeyState == kmstypes.KeyStateEnabled && m.KeyManager == kmstypes.KeyManagerTypeCustomer {
			arns = append(arns, *m.Arn)
		}
	}
	slices.Sort(arns)
	return strings.Join(arns, " ")
}

// difference names what two states don't have in common.
func difference(before, after map[string]string) string {
	all := maps.Clone(before)
	maps.Copy(all, after)
	var differ []string
	for _, what := range slices.Sorted(maps.Keys(all)) {
		if before[what] != after[what] {
			differ = append(differ, what)
		}
	}
	if len(differ) == 0 {
		return "nothing"
	}
	return strings.Join(differ, ", ")
}
