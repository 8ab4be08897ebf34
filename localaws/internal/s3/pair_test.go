package s3

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
)

const (
	sourceBucket = "acme-source-" + home + "-" + tokyo + "-an"
	targetBucket = "acme-target-" + abroad + "-" + tokyo + "-an"
	sourceARN    = "arn:aws:s3:::" + sourceBucket
	targetARN    = "arn:aws:s3:::" + targetBucket
)

// pair is a source in one account and a destination in another, with all
// rights that a replication needs. A test takes something away.
type pair struct {
	*world
	role               string
	sourceKey, destKey string
	source, target     types.ServerSideEncryptionRule // bucket defaults

	roleStatements   []iam.Statement
	targetStatements []iam.Statement
	trust            iam.Strings // service principals
	replicaKey       string
	kmsObjects       bool
	deleteMarkers    bool
	prefix           string
}

func newPair(t *testing.T) *pair {
	w := newWorld(t)
	p := &pair{world: w, trust: iam.Strings{"s3.amazonaws.com"}, kmsObjects: true, deleteMarkers: true}
	p.role = "arn:aws:iam::" + home + ":role/replication"
	p.sourceKey = w.key(home, tokyo)
	p.destKey = w.key(abroad, tokyo, iam.Statement{
		Effect: iam.Allow, Principal: &iam.Principal{AWS: iam.Strings{"arn:aws:iam::" + home + ":root"}},
		Action: iam.Strings{"kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"}, Resource: iam.Strings{"*"},
		Condition: iam.Condition{
			"ArnEquals":    {"aws:PrincipalArn": {p.role}},
			"StringEquals": {"kms:ViaService": {"s3.ap-northeast-1.amazonaws.com"}},
		},
	})
	p.replicaKey = p.destKey
	p.source, p.target = defaulting("aws:kms", p.sourceKey, false), defaulting("aws:kms", p.destKey, false)
	p.roleStatements = []iam.Statement{
		allow(iam.Strings{"s3:GetReplicationConfiguration", "s3:ListBucket"}, iam.Strings{sourceARN}),
		allow(iam.Strings{"s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"}, iam.Strings{sourceARN + "/*"}),
		allow(iam.Strings{"s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"}, iam.Strings{targetARN + "/*"}),
		allow(iam.Strings{"kms:Decrypt"}, iam.Strings{p.sourceKey}),
		allow(iam.Strings{"kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"}, iam.Strings{p.destKey}),
	}
	p.targetStatements = []iam.Statement{{
		Effect: iam.Allow, Principal: &iam.Principal{AWS: iam.Strings{"arn:aws:iam::" + home + ":root"}},
		Action: iam.Strings{"s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"}, Resource: iam.Strings{targetARN + "/*"},
		Condition: iam.Condition{"ArnEquals": {"aws:PrincipalArn": {p.role}}},
	}}
	return p
}

// build makes the buckets, the role and the rule.
func (p *pair) build() {
	p.t.Helper()
	p.bucket(home, sourceBucket, p.source)
	p.bucket(abroad, targetBucket, p.target)
	p.versioned(home, sourceBucket)
	p.versioned(abroad, targetBucket)
	p.policy(abroad, targetBucket, p.targetStatements...)
	_, err := p.directory.AddRole(home, "replication", iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Principal: &iam.Principal{Service: p.trust}, Action: iam.Strings{"sts:AssumeRole"},
	}}}, iam.Document{Version: iam.Version, Statement: p.roleStatements})
	p.ok(err)
	p.ok(p.rule())
}

func (p *pair) rule() error {
	status := func(on bool) string {
		if on {
			return "Enabled"
		}
		return "Disabled"
	}
	r := types.ReplicationRule{
		ID: aws.String("all"), Priority: aws.Int32(1), Status: "Enabled",
		Filter:                  &types.ReplicationRuleFilter{Prefix: aws.String(p.prefix)},
		DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatus(status(p.deleteMarkers))},
		Destination: &types.Destination{
			Bucket: aws.String(targetARN), Account: aws.String(abroad),
			AccessControlTranslation: &types.AccessControlTranslation{Owner: "Destination"},
			Metrics:                  &types.Metrics{Status: "Enabled"},
		},
	}
	if p.kmsObjects {
		r.SourceSelectionCriteria = &types.SourceSelectionCriteria{SseKmsEncryptedObjects: &types.SseKmsEncryptedObjects{Status: "Enabled"}}
		r.Destination.EncryptionConfiguration = &types.EncryptionConfiguration{ReplicaKmsKeyID: &p.replicaKey}
	}
	_, err := p.root(home).PutBucketReplication(context.Background(), &sdk.PutBucketReplicationInput{
		Bucket: aws.String(sourceBucket), ReplicationConfiguration: &types.ReplicationConfiguration{Role: &p.role, Rules: []types.ReplicationRule{r}},
	})
	return err
}

// put puts an object, waits, and returns its status. meanwhile is called when
// the object is there and replication hasn't begun.
func (p *pair) put(key string, change func(*sdk.PutObjectInput), meanwhile func(*pair)) string {
	p.t.Helper()
	in := &sdk.PutObjectInput{Bucket: aws.String(sourceBucket), Key: &key, Body: reader("replicate me")}
	if change != nil {
		change(in)
	}
	p.roles.held.Lock()
	_, err := p.root(home).PutObject(context.Background(), in)
	if err == nil && meanwhile != nil {
		meanwhile(p)
	}
	p.roles.held.Unlock()
	p.ok(err)
	p.wait()
	return p.status(key, func(head *sdk.HeadObjectInput) {
		head.SSECustomerAlgorithm, head.SSECustomerKey, head.SSECustomerKeyMD5 = in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5
	})
}

func (p *pair) wait() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	p.ok(p.s3.WaitReplication(ctx))
}

func (p *pair) replica(key string, change func(*sdk.GetObjectInput)) (*sdk.GetObjectOutput, error) {
	in := &sdk.GetObjectInput{Bucket: aws.String(targetBucket), Key: &key}
	if change != nil {
		change(in)
	}
	return p.root(abroad).GetObject(context.Background(), in)
}

func (p *pair) lastFailure() ReplicationFailure {
	f := p.s3.ReplicationFailures()
	if len(f) == 0 {
		return ReplicationFailure{}
	}
	return f[len(f)-1]
}
