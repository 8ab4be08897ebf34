package s3

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

func TestReplicationFailsForAReason(t *testing.T) {
	t.Parallel()
	without := func(statements []iam.Statement, action string) []iam.Statement {
		var out []iam.Statement
		for _, s := range statements {
			var keep iam.Strings
			for _, a := range s.Action {
				if a != action {
					keep = append(keep, a)
				}
			}
			if s.Action = keep; len(keep) > 0 {
				out = append(out, s)
			}
		}
		return out
	}
	role := func(action string) func(*pair) {
		return func(p *pair) { p.roleStatements = without(p.roleStatements, action) }
	}
	target := func(action string) func(*pair) {
		return func(p *pair) { p.targetStatements = without(p.targetStatements, action) }
	}
	for name, e := range map[string]struct {
		change, later func(*pair)
		put           func(*sdk.PutObjectInput)
		reason        string
	}{
		"role not for S3":                {change: func(p *pair) { p.trust = iam.Strings{"lambda.amazonaws.com"} }, reason: "AssumeRoleNotPermitted"},
		"role may not read":              {change: role("s3:GetObjectVersionForReplication"), reason: "SrcGetObjectNotPermitted"},
		"role may get versions only":     {change: func(p *pair) { p.roleStatements[1].Action[0] = "s3:GetObjectVersion" }, reason: "SrcGetObjectNotPermitted"},
		"role may not read ACLs":         {change: role("s3:GetObjectVersionAcl"), reason: "SrcGetAclNotPermitted"},
		"role may not replicate":         {change: role("s3:ReplicateObject"), reason: "DstPutObjectNotPermitted"},
		"destination doesn't admit":      {change: target("s3:ReplicateObject"), reason: "DstPutObjectNotPermitted"},
		"destination doesn't admit tags": {change: target("s3:ReplicateTags"), reason: "DstPutTaggingNotPermitted"},
		"role may not decrypt":           {change: role("kms:Decrypt"), reason: "SrcGetObjectNotPermitted"},
		"role may not encrypt":           {change: role("kms:Encrypt"), reason: "DstPutObjectNotPermitted"},
		"bucket key without Decrypt abroad": {change: func(p *pair) {
			p.source = defaulting("aws:kms", p.sourceKey, true)
			p.roleStatements[len(p.roleStatements)-1].Action = iam.Strings{"kms:Encrypt", "kms:GenerateDataKey"}
		}, reason: "DstPutObjectNotPermitted"},
		"source key disabled":                {later: func(p *pair) { p.disable(p.sourceKey) }, reason: "SrcKmsKeyInvalidState"},
		"replica key disabled":               {later: func(p *pair) { p.disable(p.destKey) }, reason: "DstKmsKeyInvalidState"},
		"replica key missing":                {change: func(p *pair) { p.replicaKey = p.sourceKey[:len(p.sourceKey)-12] + "000000000000" }, reason: "DstKmsKeyNotFound"},
		"destination gone":                   {later: func(p *pair) { p.removeTarget() }, reason: "DstBucketNotFound"},
		"destination unversioned":            {later: func(p *pair) { p.suspendTarget() }, reason: "DstBucketUnversioned"},
		"SSE-C blocked at the destination":   {change: func(p *pair) { p.target.BlockedEncryptionTypes = blocking("SSE-C") }, put: withCustomerKey, reason: "DstPutObjectNotPermitted"},
		"destination admits its key only":    {change: func(p *pair) { p.denyOtherKeys(); p.replicaKey = p.sourceKey; p.mayEncryptWithSource() }, reason: "DstPutObjectNotPermitted"},
		"destination admits customer's only": {change: func(p *pair) { p.denyWithoutCustomerKey() }, reason: "DstPutObjectNotPermitted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t)
			if e.change != nil {
				e.change(p)
			}
			p.build()
			put := func(in *sdk.PutObjectInput) {
				in.Tagging = aws.String("team=blue")
				if e.put != nil {
					e.put(in)
				}
			}
			status := p.put("k", put, e.later)
			if got := p.lastFailure(); status != "FAILED" || got.Reason != e.reason {
				t.Errorf("status %s, failure %+v, want %s", status, got, e.reason)
			}
			if got := p.lastFailure(); got.SourceBucket != sourceBucket || got.DestinationBucket != targetBucket || got.RuleID != "all" || got.VersionID == "" || got.Detail == "" {
				t.Errorf("failure says too little: %+v", got)
			}
		})
	}
}

func (p *pair) removeTarget() {
	b, err := p.s3.find(targetBucket)
	p.ok(err)
	p.ok(p.s3.removeBucket(b))
}

func (p *pair) suspendTarget() {
	_, err := p.root(abroad).PutBucketVersioning(context.Background(), &sdk.PutBucketVersioningInput{
		Bucket: aws.String(targetBucket), VersioningConfiguration: &types.VersioningConfiguration{Status: "Suspended"},
	})
	p.ok(err)
}

// mayEncryptWithSource lets the role use the source's key for replicas too.
func (p *pair) mayEncryptWithSource() {
	p.roleStatements = append(p.roleStatements, allow(iam.Strings{"kms:Encrypt"}, iam.Strings{p.sourceKey}))
}

func (p *pair) deny(action string, condition iam.Condition) {
	p.targetStatements = append(p.targetStatements, iam.Statement{
		Effect: iam.Deny, Principal: &iam.Principal{Any: true}, Action: iam.Strings{action}, Resource: iam.Strings{targetARN + "/*"}, Condition: condition,
	})
}

// denyOtherKeys is true for a request that names no key, too.
func (p *pair) denyOtherKeys() {
	p.deny("s3:ReplicateObject", iam.Condition{"ArnNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": {p.destKey}}})
}

// denyOtherKeysGuarded is the same for requests that name a key, and refuses
// those that name SSE-KMS and no key.
func (p *pair) denyOtherKeysGuarded() {
	key := "s3:x-amz-server-side-encryption-aws-kms-key-id"
	p.deny("s3:ReplicateObject", iam.Condition{"ArnNotEquals": {key: {p.destKey}}, "Null": {key: {"false"}}})
	p.deny("s3:ReplicateObject", iam.Condition{
		"StringEquals": {"s3:x-amz-server-side-encryption": {"aws:kms", "aws:kms:dsse"}},
		"Null":         {key: {"true"}},
	})
}

func (p *pair) denyWithoutCustomerKey() {
	p.deny("s3:ReplicateObject", iam.Condition{"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": {"true"}}})
}

func TestFailedReplicationIsLogged(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.deny("s3:ReplicateObject", nil)
	var log bytes.Buffer
	p.s3.opt.Log = api.NewLog(&log)
	p.build()
	p.put("k", nil, nil)
	for _, want := range []string{
		" replication of s3://" + sourceBucket + "/k, version ", ", to s3://" + targetBucket + " failed: DstPutObjectNotPermitted: ",
		"\n    denied explicitly: s3:ReplicateObject on " + targetARN + "/k by ", "of bucket policy of " + targetBucket + "\n",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no %q in %s", want, log.String())
		}
	}
}
