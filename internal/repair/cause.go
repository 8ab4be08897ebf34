package repair

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/policy"
)

// A Cause is why objects are not replicated, or that it can't be known. Only what
// the source account knows is looked at: not the replica's bucket and key, nor
// policies of the organization.
type Cause struct {
	Text    string `json:"text"`
	Unknown bool   `json:"unknown"`
}

// causes collects them.
type causes []Cause

func (c *causes) found(format string, args ...any) {
	*c = append(*c, Cause{Text: fmt.Sprintf(format, args...)})
}

func (c *causes) unknown(what string, err error) {
	*c = append(*c, Cause{Text: what + ": " + oneLine(err), Unknown: true})
}

// rule is what a replication rule says.
type rule struct {
	role, roleARN       string
	replica, replicaKey string // ARNs
	sourceKey           string // "" for a key that is AWS's
	bucketKey           bool
}

// Causes looks for what is still wrong. A job that is started before it is
// corrected fails for the same objects, and costs as much.
func (r *Repairer) Causes(ctx context.Context) []Cause {
	var list causes
	found, ok := r.rule(ctx, &list)
	if !ok {
		return list
	}
	r.key(ctx, found, &list)
	r.role(ctx, found, &list)
	return list
}

// rule reads the bucket's rule.
func (r *Repairer) rule(ctx context.Context, list *causes) (rule, bool) {
	out, err := r.S3.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: &r.Bucket})
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() == "ReplicationConfigurationNotFoundError" {
		list.found("the bucket %s has no replication rule: deploy the stage", r.Bucket)
		return rule{}, false
	}
	if err != nil {
		list.unknown("the replication rule of "+r.Bucket, err)
		return rule{}, false
	}
	found := rule{roleARN: aws.ToString(out.ReplicationConfiguration.Role)}
	found.role = found.roleARN[strings.LastIndex(found.roleARN, "/")+1:]
	enabled := false
	for _, one := range out.ReplicationConfiguration.Rules {
		if one.Status != types.ReplicationRuleStatusEnabled || one.Destination == nil {
			continue
		}
		enabled = true
		found.replica = aws.ToString(one.Destination.Bucket)
		if e := one.Destination.EncryptionConfiguration; e != nil {
			found.replicaKey = aws.ToString(e.ReplicaKmsKeyID)
		}
	}
	if !enabled {
		list.found("the replication rule of %s is not enabled: deploy the stage", r.Bucket)
		return rule{}, false
	}
	r.encryption(ctx, &found, list)
	return found, true
}

func (r *Repairer) encryption(ctx context.Context, found *rule, list *causes) {
	out, err := r.S3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: &r.Bucket})
	if err != nil {
		list.unknown("the encryption of "+r.Bucket, err)
		return
	}
	for _, one := range out.ServerSideEncryptionConfiguration.Rules {
		found.bucketKey = aws.ToBool(one.BucketKeyEnabled)
		if d := one.ApplyServerSideEncryptionByDefault; d != nil {
			found.sourceKey = aws.ToString(d.KMSMasterKeyID)
		}
	}
}

// key looks at the state of the source bucket's own key.
func (r *Repairer) key(ctx context.Context, found rule, list *causes) {
	if found.sourceKey == "" {
		return
	}
	out, err := r.KMS.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &found.sourceKey})
	switch {
	case err != nil:
		list.unknown("the key "+found.sourceKey, err)
	case out.KeyMetadata.KeyState != kmstypes.KeyStateEnabled:
		list.found("the source bucket's key %s is %s: enable it, or cancel its deletion", found.sourceKey, out.KeyMetadata.KeyState)
	}
}

// role asks whether S3 may assume the rule's role, and whether the role may do
// what a replication needs.
func (r *Repairer) role(ctx context.Context, found rule, list *causes) {
	role, err := r.readRole(ctx, found.role)
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() == "NoSuchEntity" {
		list.found("the role %s of the replication rule is gone: deploy the stage", found.role)
		return
	}
	if err != nil {
		list.unknown("the role "+found.role, err)
		return
	}
	trusted := iam.Evaluate(iam.Request{
		Caller: iam.ServicePrincipal("s3.amazonaws.com"), Action: "sts:AssumeRole", Resource: found.roleARN, ResourceAccount: r.Account,
	}, iam.Policies{Resource: &role.trust})
	if !trusted.Allowed {
		list.found("S3 may not assume the role %s: correct its trust policy, or deploy the stage", found.role)
	}
	for _, text := range role.unknown {
		*list = append(*list, Cause{Text: text, Unknown: true})
	}
	bucket, err := r.bucketPolicy(ctx)
	if err != nil {
		list.unknown("the policy of "+r.Bucket, err)
	}
	var denied []string
	for _, n := range r.needs(found) {
		if d := iam.Evaluate(n.request(found.roleARN, r.Account), role.policies(n, r.Account, bucket)); !d.Allowed {
			denied = append(denied, n.action)
		}
	}
	if len(denied) > 0 && len(role.unknown) == 0 {
		list.found("the role %s may not do what a replication needs, %s: correct its policies, or deploy the stage", found.role, strings.Join(denied, ", "))
	}
}

// a need is a request of a replication.
type need struct {
	action, resource string
	inSource         bool // the source bucket's policy decides, too
	context          map[string]iam.Strings
}

// needs are the requests of the replication of an object.
//
// Sources: AmazonS3/latest/userguide/setting-repl-config-perm-overview.html,
// replication-config-for-kms-objects.html.
func (r *Repairer) needs(found rule) []need {
	const key = "an-object"
	bucket := r.bucketARN(r.Bucket)
	tls := map[string]iam.Strings{conditionkey.SecureTransport: {"true"}}
	list := []need{
		{"s3:GetReplicationConfiguration", bucket, true, tls},
		{"s3:ListBucket", bucket, true, tls},
		{"s3:GetObjectVersionForReplication", bucket + "/" + key, true, tls},
		{"s3:GetObjectVersionAcl", bucket + "/" + key, true, tls},
		{"s3:GetObjectVersionTagging", bucket + "/" + key, true, tls},
		{"s3:ReplicateObject", found.replica + "/" + key, false, tls},
		{"s3:ReplicateTags", found.replica + "/" + key, false, tls},
	}
	through := func(keyARN, bucketARN string) map[string]iam.Strings {
		of := bucketARN + "/" + key
		if found.bucketKey {
			of = bucketARN
		}
		region := strings.Split(keyARN+":::", ":")[3]
		return map[string]iam.Strings{
			conditionkey.SecureTransport: {"true"}, conditionkey.S3Context: {of},
			conditionkey.ViaService: {"s3." + region + "." + partition.Of(region).DNSSuffix},
		}
	}
	if found.sourceKey != "" {
		list = append(list, need{"kms:Decrypt", found.sourceKey, false, through(found.sourceKey, bucket)})
	}
	if found.replicaKey != "" {
		list = append(list, need{"kms:Encrypt", found.replicaKey, false, through(found.replicaKey, found.replica)})
	}
	return list
}

// request is the need of a role, as if the replica bucket were of its own account:
// the policies of others are not known here. A key's ARN has its account.
func (n need) request(roleARN, account string) iam.Request {
	if parts := strings.SplitN(n.resource, ":", 6); strings.HasPrefix(n.action, "kms:") && len(parts) == 6 {
		account = parts[4]
	}
	return iam.Request{Caller: iam.RoleSession(roleARN, "s3-replication"), Action: n.action, Resource: n.resource, ResourceAccount: account, Context: n.context}
}

func bucketARN(region, name string) string { return policy.BucketARN(partition.Of(region).Name, name) }

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
