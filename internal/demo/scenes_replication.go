package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/policy"
)

// replication puts an object and reads its replica in the other account.
func (p *stageplay) replication(ctx context.Context) {
	source, replica := p.output("replication", "SourceBucketName"), p.output("replica", "ReplicaBucketName")
	p.scene("A replica in the other account is under that account's key",
		"It survives the loss of the first account, and its own account can read it.")
	p.step("aws s3 cp hello.txt s3://"+source+"/  # as app", put(ctx, p.app.s3, source, "hello.txt"), "ok aws:kms")
	p.step("aws s3api head-object --bucket "+source+" --key hello.txt", p.status(ctx, p.administrator, source, "hello.txt"), "COMPLETED")
	p.step("aws s3api head-object --bucket "+replica+" --key hello.txt  # in the other account", p.status(ctx, p.replicaReader, replica, "hello.txt"), "REPLICA")
	p.step("aws s3 cp s3://"+replica+"/hello.txt -  # in the other account", get(ctx, p.replicaReader.s3, replica, "hello.txt"),
		fmt.Sprintf("ok %q aws:kms under %s", content, p.output("replica", "ReplicaKeyArn")))
	p.step("aws s3 cp s3://"+replica+"/hello.txt -  # in the source account", get(ctx, p.abroad.s3, replica, "hello.txt"), "403 AccessDenied")
}

// replicatedParts replicates an object that was uploaded in parts, and then a
// change of its tags: S3 authorizes the requests for either without the headers
// of the encryption, and a replica bucket whose Deny holds for those too would
// get neither.
func (p *stageplay) replicatedParts(ctx context.Context) {
	source, replica := p.output("replication", "SourceBucketName"), p.output("replica", "ReplicaBucketName")
	p.scene("A large object is replicated in parts, and so is a change of its tags",
		"S3 asks for these without naming the encryption; a policy that denies such requests would stop them.")
	p.step("aws s3 cp large s3://"+source+"/large  # as app, in two parts", p.putParts(ctx, source, "large"), "ok aws:kms")
	p.step("aws s3api head-object --key large", p.status(ctx, p.administrator, source, "large"), "COMPLETED")
	_, err := p.administrator.s3.PutObjectTagging(ctx, &s3.PutObjectTaggingInput{
		Bucket: &source, Key: aws.String("large"), Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("kept"), Value: aws.String("for ever")}}},
	})
	p.step("aws s3api put-object-tagging --key large  # kept=for ever", outcome(err), "ok")
	p.step("aws s3api head-object --key large", p.status(ctx, p.administrator, source, "large"), "COMPLETED")
	p.step("aws s3api head-object --key large  # in the other account", p.status(ctx, p.replicaReader, replica, "large"), "REPLICA")
	p.step("aws s3api get-object-tagging --key large  # in the other account", p.tags(ctx, p.replicaReader, replica, "large"), "ok kept=for ever")
	p.step("aws s3api get-object --key large --part-number 2  # in the other account",
		get(ctx, p.replicaReader.s3, replica, "large", func(in *s3.GetObjectInput) { in.PartNumber = aws.Int32(2) }),
		fmt.Sprintf("ok %q aws:kms under %s", content, p.output("replica", "ReplicaKeyArn")))
}

// putParts uploads an object of two parts, the second of which is the content.
func (p *stageplay) putParts(ctx context.Context, bucket, key string) string {
	c := p.app.s3
	upload, err := c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return outcome(err)
	}
	done := types.CompletedMultipartUpload{}
	for i, body := range []string{strings.Repeat("-", 5<<20), content} {
		number := aws.Int32(int32(i + 1))
		part, err := c.UploadPart(ctx, &s3.UploadPartInput{
			Bucket: &bucket, Key: &key, UploadId: upload.UploadId, PartNumber: number, Body: strings.NewReader(body),
		})
		if err != nil {
			return outcome(err)
		}
		done.Parts = append(done.Parts, types.CompletedPart{PartNumber: number, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32})
	}
	out, err := c.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: &bucket, Key: &key, UploadId: upload.UploadId, MultipartUpload: &done})
	if err != nil {
		return outcome(err)
	}
	return "ok " + reported(string(out.ServerSideEncryption), out.SSEKMSKeyId, out.BucketKeyEnabled, nil)
}

// tags says what tags an object has.
func (p *stageplay) tags(ctx context.Context, c *client, bucket, key string) string {
	out, err := c.s3.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return outcome(err)
	}
	text := "ok"
	for _, t := range out.TagSet {
		text += " " + *t.Key + "=" + *t.Value
	}
	return text
}

// status waits until S3 has replicated what it had to, and says how it went.
func (p *stageplay) status(ctx context.Context, c *client, bucket, key string) string {
	if err := p.server.WaitReplication(ctx); err != nil {
		return outcome(err)
	}
	out, err := c.s3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return outcome(err)
	}
	return string(out.ReplicationStatus)
}

// foreignKey plays a rule with a key that the replica's account cannot use.
func (p *stageplay) foreignKey(ctx context.Context) {
	source, replica := p.output("replication", "SourceBucketName"), p.output("replica", "ReplicaBucketName")
	p.scene("A rule with a key of the wrong account fails where one can see it",
		"The usual mistake: the rule names a key of the source account, and the replicas can't be read where they are.")
	rules, ok := p.rules(ctx, source)
	if !ok {
		return
	}
	wrong, got := p.createKey(ctx, p.abroad, "the wrong key", nil) // in the replica's Region, where S3 needs it
	p.step("aws kms create-key --region "+replicaRegion+"  # in the source account", got, "ok")
	p.step("aws s3api put-bucket-replication  # ReplicaKmsKeyID: that key", p.replicateWith(ctx, source, rules, *rules.Role, wrong), "ok")
	p.step("aws s3 cp hello.txt s3://"+source+"/wrong-key.txt  # as app", put(ctx, p.app.s3, source, "wrong-key.txt"), "ok")
	p.step("aws s3api head-object --key wrong-key.txt", p.status(ctx, p.administrator, source, "wrong-key.txt"), "FAILED")
	p.step("aws s3api put-bucket-replication  # the deployed rule again", p.replicateWith(ctx, source, rules, *rules.Role, p.output("replica", "ReplicaKeyArn")), "ok")
	p.step("aws s3 cp hello.txt s3://"+source+"/right-key.txt  # as app", put(ctx, p.app.s3, source, "right-key.txt"), "ok")
	p.step("aws s3 cp s3://"+replica+"/right-key.txt -  # in the other account", p.whenReplicated(ctx, replica, "right-key.txt"), fmt.Sprintf("ok %q", content))
}

// unreadableReplica plays the same without what the program puts in its way: a
// role that may use every key, and a replica bucket without the deny. S3
// reports success, and the other account cannot read what it has.
func (p *stageplay) unreadableReplica(ctx context.Context) {
	source, replica := p.output("replication", "SourceBucketName"), p.output("replica", "ReplicaBucketName")
	p.scene("The same as it is often set up: COMPLETED, and nobody there can read it",
		"A role that may use every key, and a replica bucket without the policy that s3seal gives it. S3 reports success.")
	rules, ok := p.rules(ctx, source)
	if !ok {
		return
	}
	before, err := p.replicaReader.s3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &replica})
	if err != nil {
		p.step("aws s3api get-bucket-policy --bucket "+replica+"  # in the other account", outcome(err), "ok")
		return
	}
	r := policy.Replication{
		RoleARN: p.careless, SourceAccountRoot: "arn:aws:iam::" + sourceAccount + ":root", ReplicaBucketARN: "arn:aws:s3:::" + replica,
	}
	p.step("aws s3api put-bucket-policy  # in the other account: admits the role, denies nothing", p.replicaReader.putPolicy(ctx, replica, documentText(r.AdmitReplicas())), "ok")
	wrong, got := p.createKey(ctx, p.abroad, "another wrong key", nil) // in the replica's Region, where S3 needs it
	p.step("aws kms create-key --region "+replicaRegion+"  # in the source account", got, "ok")
	p.step("aws s3api put-bucket-replication  # the careless role, that key", p.replicateWith(ctx, source, rules, p.careless, wrong), "ok")
	p.step("aws s3 cp hello.txt s3://"+source+"/lost.txt  # as app", put(ctx, p.app.s3, source, "lost.txt"), "ok")
	p.step("aws s3api head-object --key lost.txt", p.status(ctx, p.administrator, source, "lost.txt"), "COMPLETED")
	p.step("aws s3 cp s3://"+replica+"/lost.txt -  # in the other account", p.whenReplicated(ctx, replica, "lost.txt"),
		"403 AccessDenied: The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.")
	p.step("aws s3api put-bucket-replication  # the deployed rule again", p.replicateWith(ctx, source, rules, *rules.Role, p.output("replica", "ReplicaKeyArn")), "ok")
	p.step("aws s3api put-bucket-policy  # in the other account: the deployed policy again", p.replicaReader.putPolicy(ctx, replica, before.Policy), "ok")
}

func (p *stageplay) rules(ctx context.Context, source string) (*types.ReplicationConfiguration, bool) {
	out, err := p.administrator.s3.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: &source})
	if err != nil {
		p.step("aws s3api get-bucket-replication --bucket "+source, outcome(err), "ok")
		return nil, false
	}
	return out.ReplicationConfiguration, true
}

// whenReplicated reads in the replica's account what S3 has replicated.
func (p *stageplay) whenReplicated(ctx context.Context, bucket, key string) string {
	if err := p.server.WaitReplication(ctx); err != nil {
		return outcome(err)
	}
	return get(ctx, p.replicaReader.s3, bucket, key)
}

// replicateWith changes the rule's role and key. S3 does not look whether the
// key exists.
func (p *stageplay) replicateWith(ctx context.Context, source string, c *types.ReplicationConfiguration, role, key string) string {
	changed := types.ReplicationConfiguration{Role: &role, Rules: slices.Clone(c.Rules)}
	destination := *c.Rules[0].Destination
	destination.EncryptionConfiguration = &types.EncryptionConfiguration{ReplicaKmsKeyID: &key}
	changed.Rules[0].Destination = &destination
	_, err := p.administrator.s3.PutBucketReplication(ctx, &s3.PutBucketReplicationInput{Bucket: &source, ReplicationConfiguration: &changed})
	return outcome(err)
}
