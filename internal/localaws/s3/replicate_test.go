package s3

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/iam"
)

const (
	sourceBucket = "acme-source"
	targetBucket = "acme-target"
	sourceARN    = "arn:aws:s3:::acme-source"
	targetARN    = "arn:aws:s3:::acme-target"
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
	head := &sdk.HeadObjectInput{Bucket: in.Bucket, Key: &key, SSECustomerAlgorithm: in.SSECustomerAlgorithm, SSECustomerKey: in.SSECustomerKey, SSECustomerKeyMD5: in.SSECustomerKeyMD5}
	out, err := p.root(home).HeadObject(context.Background(), head)
	p.ok(err)
	return string(out.ReplicationStatus)
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

func TestReplicaKeepsTypeAndIsReadableAbroad(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]struct {
		change func(*pair)
		put    func(*sdk.PutObjectInput)
		get    func(*sdk.GetObjectInput)
		mode   types.ServerSideEncryption
		kms    bool
		bucket bool
	}{
		"SSE-KMS":                               {mode: "aws:kms", kms: true},
		"SSE-KMS with a bucket key":             {change: func(p *pair) { p.source = defaulting("aws:kms", p.sourceKey, true) }, mode: "aws:kms", kms: true, bucket: true},
		"DSSE-KMS":                              {change: func(p *pair) { p.source = defaulting("aws:kms:dsse", p.sourceKey, false) }, mode: "aws:kms:dsse", kms: true},
		"SSE-S3, not the destination's default": {put: func(in *sdk.PutObjectInput) { in.ServerSideEncryption = "AES256" }, mode: "AES256"},
		"SSE-C keeps its key":                   {put: withCustomerKey, get: getWithCustomerKey},
		"body in a file": {put: func(in *sdk.PutObjectInput) {
			in.Body = reader("replicate me" + strings.Repeat(".", spillOver+1))
		}, mode: "aws:kms", kms: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t)
			if e.change != nil {
				e.change(p)
			}
			p.build()
			put := func(in *sdk.PutObjectInput) {
				in.Tagging, in.Metadata, in.ContentType = aws.String("team=blue"), map[string]string{"a": "b"}, aws.String("text/plain")
				if e.put != nil {
					e.put(in)
				}
			}
			if status := p.put("k", put, nil); status != "COMPLETED" {
				t.Fatalf("status %s: %+v", status, p.lastFailure())
			}
			out, err := p.replica("k", e.get)
			p.ok(err)
			if text := content(out); !strings.HasPrefix(text, "replicate me") || out.ReplicationStatus != "REPLICA" || out.ServerSideEncryption != e.mode ||
				out.Metadata["a"] != "b" || *out.ContentType != "text/plain" || aws.ToInt32(out.TagCount) != 1 || aws.ToBool(out.BucketKeyEnabled) != e.bucket {
				t.Errorf("replica %q is %+v", text[:min(20, len(text))], out)
			}
			if e.kms && *out.SSEKMSKeyId != p.destKey {
				t.Errorf("replica is under %s, want the destination's %s", *out.SSEKMSKeyId, p.destKey)
			}
			// Deleting the source leaves the replica whole.
			_, err = p.root(home).DeleteObject(context.Background(), &sdk.DeleteObjectInput{Bucket: aws.String(sourceBucket), Key: aws.String("k"), VersionId: out.VersionId})
			p.ok(err)
			again, err := p.replica("k", e.get)
			p.ok(err)
			if !strings.HasPrefix(content(again), "replicate me") {
				t.Error("the replica went with its source")
			}
		})
	}
}

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
		"role not for S3":                    {change: func(p *pair) { p.trust = iam.Strings{"lambda.amazonaws.com"} }, reason: "AssumeRoleNotPermitted"},
		"role may not read":                  {change: role("s3:GetObjectVersionForReplication"), reason: "SrcGetObjectNotPermitted"},
		"role may not read ACLs":             {change: role("s3:GetObjectVersionAcl"), reason: "SrcGetAclNotPermitted"},
		"role may not read tags":             {change: role("s3:GetObjectVersionTagging"), reason: "SrcGetTaggingNotPermitted"},
		"role may not replicate":             {change: role("s3:ReplicateObject"), reason: "DstPutObjectNotPermitted"},
		"destination doesn't admit":          {change: target("s3:ReplicateObject"), reason: "DstPutObjectNotPermitted"},
		"destination doesn't admit tags":     {change: target("s3:ReplicateTags"), reason: "DstPutTaggingNotPermitted"},
		"role may not decrypt":               {change: role("kms:Decrypt"), reason: "SrcGetObjectNotPermitted"},
		"role may not encrypt":               {change: role("kms:Encrypt"), reason: "DstPutObjectNotPermitted"},
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

func (p *pair) denyOtherKeys() {
	p.deny("s3:ReplicateObject", iam.Condition{"ArnNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": {p.destKey}}})
}

func (p *pair) denyWithoutCustomerKey() {
	p.deny("s3:ReplicateObject", iam.Condition{"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": {"true"}}})
}

// TestReplicaUnderTheSourcesKeyIsUnreadable is the trap of a well-known
// article: the rule names a key of the source's account, replication completes,
// and the destination can't read what it has.
func TestReplicaUnderTheSourcesKeyIsUnreadable(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.replicaKey = p.sourceKey
	p.mayEncryptWithSource()
	p.build()
	if status := p.put("k", nil, nil); status != "COMPLETED" {
		t.Fatalf("status %s: %+v", status, p.lastFailure())
	}
	_, err := p.replica("k", nil)
	p.refused(err, 403, "AccessDenied", "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.")
	head, err := p.root(abroad).HeadObject(context.Background(), &sdk.HeadObjectInput{Bucket: aws.String(targetBucket), Key: aws.String("k")})
	p.ok(err)
	if *head.SSEKMSKeyId != p.sourceKey || head.ReplicationStatus != "REPLICA" {
		t.Errorf("replica is %+v", head)
	}
}

func TestWhatIsNotReplicated(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.prefix, p.kmsObjects, p.deleteMarkers = "in/", false, false
	p.build()
	ctx := context.Background()
	if status := p.put("in/kms", nil, nil); status != "" {
		t.Errorf("SSE-KMS object without the opt-in: %s", status)
	}
	plain := func(in *sdk.PutObjectInput) { in.ServerSideEncryption = "AES256" }
	if status := p.put("out/k", plain, nil); status != "" {
		t.Errorf("object outside of the prefix: %s", status)
	}
	if status := p.put("in/k", plain, nil); status != "COMPLETED" {
		t.Errorf("object inside: %s %+v", status, p.lastFailure())
	}
	_, err := p.root(home).DeleteObject(ctx, &sdk.DeleteObjectInput{Bucket: aws.String(sourceBucket), Key: aws.String("in/k")})
	p.ok(err)
	p.wait()
	_, err = p.replica("in/k", nil) // the marker stayed at home
	p.ok(err)
	if f := p.s3.ReplicationFailures(); len(f) != 0 {
		t.Errorf("failures: %+v", f)
	}
}

func TestDeleteMarkersAndTagsFollow(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.build()
	ctx := context.Background()
	if status := p.put("k", nil, nil); status != "COMPLETED" {
		t.Fatalf("status %s: %+v", status, p.lastFailure())
	}
	_, err := p.root(home).PutObjectTagging(ctx, &sdk.PutObjectTaggingInput{
		Bucket: aws.String(sourceBucket), Key: aws.String("k"), Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}},
	})
	p.ok(err)
	p.wait()
	tags, err := p.root(abroad).GetObjectTagging(ctx, &sdk.GetObjectTaggingInput{Bucket: aws.String(targetBucket), Key: aws.String("k")})
	p.ok(err)
	if len(tags.TagSet) != 1 || *tags.TagSet[0].Value != "b" {
		t.Errorf("replica's tags are %+v, %+v", tags.TagSet, p.lastFailure())
	}
	_, err = p.root(home).DeleteObject(ctx, &sdk.DeleteObjectInput{Bucket: aws.String(sourceBucket), Key: aws.String("k")})
	p.ok(err)
	p.wait()
	_, err = p.replica("k", nil)
	p.refused(err, 404, "NoSuchKey", "")
}

// TestReplicasAreNotReplicatedAgain: A -> B and B -> A end.
func TestReplicasAreNotReplicatedAgain(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.build()
	b, err := p.s3.find(targetBucket)
	p.ok(err)
	back := *b.settings().replication.copyTo(t, p.s3, sourceBucket)
	p.ok(b.change(func(c *config) error { c.replication = &back; return nil }))
	if status := p.put("k", nil, nil); status != "COMPLETED" {
		t.Fatalf("status %s: %+v", status, p.lastFailure())
	}
	source, err := p.s3.find(sourceBucket)
	p.ok(err)
	if n := len(source.index.versions["k"]); n != 1 {
		t.Errorf("%d versions at the source", n)
	}
}

// copyTo is the source's configuration with another destination.
func (*replicationConfiguration) copyTo(t *testing.T, s *Service, destination string) *replicationConfiguration {
	t.Helper()
	source, err := s.find(sourceBucket)
	if err != nil {
		t.Fatal(err)
	}
	c := *source.settings().replication
	c.Rules = append([]replicationRule{}, c.Rules...)
	c.Rules[0].Destination.Bucket = "arn:aws:s3:::" + destination
	return &c
}

func TestPutBucketReplicationRefusals(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.build()
	const head = `<ReplicationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Role>arn:aws:iam::111122223333:role/replication</Role><Rule>`
	const foot = `</Rule></ReplicationConfiguration>`
	status, priority, markers := `<Status>Enabled</Status>`, `<Priority>1</Priority>`, `<DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication>`
	filter := `<Filter><Prefix></Prefix></Filter>`
	destination := `<Destination><Bucket>` + targetARN + `</Bucket></Destination>`
	kms := `<SourceSelectionCriteria><SseKmsEncryptedObjects><Status>Enabled</Status></SseKmsEncryptedObjects></SourceSelectionCriteria>`
	withKey := `<Destination><Bucket>` + targetARN + `</Bucket><EncryptionConfiguration><ReplicaKmsKeyID>no-such-key</ReplicaKmsKeyID></EncryptionConfiguration></Destination>`
	for name, e := range map[string]struct {
		bucket, rule  string
		status        int
		code, message string
	}{
		"fine":                       {sourceBucket, status + priority + filter + markers + destination, 200, "", ""},
		"key that doesn't exist":     {sourceBucket, status + priority + filter + markers + kms + withKey, 200, "", ""},
		"first schema":               {sourceBucket, status + `<Prefix>a</Prefix>` + destination, 200, "", ""},
		"no priority":                {sourceBucket, status + filter + markers + destination, 400, "InvalidRequest", "Priority must be specified"},
		"no delete markers":          {sourceBucket, status + filter + priority + destination, 400, "InvalidRequest", "DeleteMarkerReplication must be specified"},
		"key without opt-in":         {sourceBucket, status + priority + filter + markers + withKey, 400, "InvalidRequest", "SseKmsEncryptedObjects must be specified"},
		"opt-in without key":         {sourceBucket, status + priority + filter + markers + kms + destination, 400, "InvalidRequest", "ReplicaKmsKeyID must be specified"},
		"destination missing":        {sourceBucket, status + priority + filter + markers + `<Destination><Bucket>arn:aws:s3:::none</Bucket></Destination>`, 400, "InvalidRequest", "Destination bucket must exist."},
		"markers with a tag filter":  {sourceBucket, status + priority + `<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter><DeleteMarkerReplication><Status>Enabled</Status></DeleteMarkerReplication>` + destination, 400, "InvalidRequest", "Tag filter"},
		"time control alone":         {sourceBucket, status + priority + filter + markers + `<Destination><Bucket>` + targetARN + `</Bucket><ReplicationTime><Status>Enabled</Status></ReplicationTime></Destination>`, 400, "InvalidRequest", "both ReplicationTime and Metrics"},
		"element that nobody knows":  {sourceBucket, status + priority + filter + markers + destination + `<Speed>high</Speed>`, 501, "NotImplemented", "ReplicationConfiguration/Rule/Speed"},
		"source not versioned":       {"acme-plain", status + priority + filter + markers + destination, 400, "InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration"},
		"existing objects":           {sourceBucket, status + priority + filter + markers + destination + `<ExistingObjectReplication><Status>Enabled</Status></ExistingObjectReplication>`, 400, "InvalidRequest", ""},
		"ownership without account":  {sourceBucket, status + priority + filter + markers + `<Destination><Bucket>` + targetARN + `</Bucket><AccessControlTranslation><Owner>Destination</Owner></AccessControlTranslation></Destination>`, 400, "InvalidRequest", "Account"},
		"account that isn't its own": {sourceBucket, status + priority + filter + markers + `<Destination><Bucket>` + targetARN + `</Bucket><Account>111122223333</Account></Destination>`, 400, "InvalidRequest", "Account"},
	} {
		if e.bucket == "acme-plain" {
			p.bucket(home, e.bucket, noRule)
		}
		a := p.send(p.tls, "PUT", "/"+e.bucket+"?replication", head+e.rule+foot, nil)
		if a.status != e.status || a.err.Code != e.code || !strings.Contains(a.err.Message, e.message) {
			t.Errorf("%s: %d %s %q, want %d %s %q", name, a.status, a.err.Code, a.err.Message, e.status, e.code, e.message)
		}
	}
	a := p.send(p.tls, "PUT", "/"+sourceBucket+"?versioning", `<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>`, nil)
	if a.status != 409 || a.err.Code != "InvalidBucketState" {
		t.Errorf("suspending versioning under replication: %d %+v", a.status, a.err)
	}
}
