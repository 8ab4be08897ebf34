package demo

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// replication puts an object and reads its replica in the other account.
func (p *stageplay) replication(ctx context.Context) {
	source, replica := p.output("replication", "SourceBucketName"), p.output("replica", "ReplicaBucketName")
	p.scene("An object is replicated to the other account, under that account's key, and readable there")
	p.step("aws s3 cp hello.txt s3://"+source, put(ctx, p.app.s3, source, "hello.txt"), "ok aws:kms")
	p.step("aws s3api head-object --bucket "+source, p.status(ctx, p.administrator, source, "hello.txt"), "COMPLETED")
	p.step("in "+replicaAccount+": aws s3api head-object --bucket "+replica, p.status(ctx, p.replicaReader, replica, "hello.txt"), "REPLICA")
	p.step("in "+replicaAccount+": aws s3 cp s3://"+replica+"/hello.txt -", get(ctx, p.replicaReader.s3, replica, "hello.txt"),
		fmt.Sprintf("ok %q aws:kms %s", content, p.output("replica", "ReplicaKeyArn")))
	p.step("in "+sourceAccount+": aws s3 cp s3://"+replica+"/hello.txt -", get(ctx, p.administrator.s3, replica, "hello.txt"), "403 AccessDenied")
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

// unreadableReplica plays the trap of a rule with a key that the replica's
// account cannot use: with the replica bucket's deny, and without.
func (p *stageplay) unreadableReplica(ctx context.Context) {
	source, replica := p.output("replication", "SourceBucketName"), p.output("replica", "ReplicaBucketName")
	p.scene("A rule with a key of the wrong account: caught by the replica bucket, silent without its deny")
	old, err := p.administrator.s3.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: &source})
	if err != nil {
		p.step("aws s3api get-bucket-replication --bucket "+source, outcome(err), "ok")
		return
	}
	wrong := p.output("buckets", "SseKmsCmkKeyArn")
	p.step("aws s3api put-bucket-replication (ReplicaKmsKeyID of account "+sourceAccount+")", p.replicateUnder(ctx, source, old.ReplicationConfiguration, wrong), "ok")
	put(ctx, p.app.s3, source, "wrong-key.txt")
	p.step("aws s3api head-object --bucket "+source+" --key wrong-key.txt", p.status(ctx, p.administrator, source, "wrong-key.txt"), "FAILED")
	right := *old.ReplicationConfiguration.Rules[0].Destination.EncryptionConfiguration.ReplicaKmsKeyID
	p.step("aws s3api put-bucket-replication (the replica's own key again)", p.replicateUnder(ctx, source, old.ReplicationConfiguration, right), "ok")
	put(ctx, p.app.s3, source, "right-key.txt")
	p.step("in "+replicaAccount+": aws s3 cp s3://"+replica+"/right-key.txt -", p.after(ctx, p.replicaReader, replica, "right-key.txt"), fmt.Sprintf("ok %q", content))
}

func (p *stageplay) after(ctx context.Context, c *client, bucket, key string) string {
	if err := p.server.WaitReplication(ctx); err != nil {
		return outcome(err)
	}
	return get(ctx, c.s3, bucket, key)
}

// replicateUnder changes the rule's key. S3 does not look whether it exists.
func (p *stageplay) replicateUnder(ctx context.Context, source string, c *types.ReplicationConfiguration, key string) string {
	changed := *c
	changed.Rules = append([]types.ReplicationRule(nil), c.Rules...)
	destination := *c.Rules[0].Destination
	destination.EncryptionConfiguration = &types.EncryptionConfiguration{ReplicaKmsKeyID: aws.String(key)}
	changed.Rules[0].Destination = &destination
	_, err := p.administrator.s3.PutBucketReplication(ctx, &s3.PutBucketReplicationInput{Bucket: &source, ReplicationConfiguration: &changed})
	return outcome(err)
}
