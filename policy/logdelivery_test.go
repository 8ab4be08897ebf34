package policy

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/logdelivery"
)

const (
	bucketARN = "arn:aws:s3:::aws-waf-logs-acme"
	keyARN    = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	owner     = "111122223333"
	stranger  = "999999999999"
)

// sent is what a service sends when it delivers a log, by its page.
type sent struct {
	service string
	arn     string // aws:SourceArn
	key     string // of the object
	acl     bool   // x-amz-acl: bucket-owner-full-control
	looks   bool   // GetBucketAcl and ListBucket first
	kms     []string
	context map[string]iam.Strings // of the KMS requests
}

const (
	delivers = "delivery.logs.amazonaws.com"
	balances = "logdelivery.elasticloadbalancing.amazonaws.com"
	logsARN  = "arn:aws:logs:us-east-1:111122223333:"
	elbARN   = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/"
	trailARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/all"
)

var vendedKMS = []string{"kms:Encrypt", "kms:Decrypt", "kms:ReEncryptTo", "kms:ReEncryptFrom", "kms:GenerateDataKey", "kms:DescribeKey"}

var requests = map[logdelivery.Source]sent{
	logdelivery.S3ServerAccess:       {service: "logging.s3.amazonaws.com", arn: "arn:aws:s3:::source", key: "source/2026-11-22-00-00-00-E568B2907131C0C0"},
	logdelivery.S3ServerAccessVended: {service: delivers, arn: logsARN + "delivery-source:d", key: "AWSLogs/111122223333/s3/l.json", acl: true, kms: vendedKMS},
	logdelivery.S3Inventory:          {service: "s3.amazonaws.com", arn: "arn:aws:s3:::source", key: "source/all/2026-11-22T01-00Z/manifest.json", acl: true, kms: []string{"kms:GenerateDataKey"}},
	logdelivery.S3Analytics:          {service: "s3.amazonaws.com", arn: "arn:aws:s3:::source", key: "analytics.csv", acl: true, kms: []string{"kms:GenerateDataKey"}},
	logdelivery.StorageLens:          {service: "storage-lens.s3.amazonaws.com", arn: "arn:aws:s3:us-east-1:111122223333:storage-lens/all", key: "StorageLens/111122223333/all/V_1/reports/r.csv", acl: true, kms: []string{"kms:GenerateDataKey"}},
	logdelivery.ALBAccess:            {service: balances, arn: elbARN + "app/web/50dc6c495c0c9188", key: "AWSLogs/111122223333/elasticloadbalancing/us-east-1/2026/11/22/l.gz"},
	logdelivery.ALBConnection:        {service: balances, arn: elbARN + "app/web/50dc6c495c0c9188", key: "AWSLogs/111122223333/ELBConnectionLogTestFile"},
	logdelivery.ALBHealthCheck:       {service: balances, arn: elbARN + "app/web/50dc6c495c0c9188", key: "AWSLogs/111122223333/ELBHealthCheckLogTestFile"},
	logdelivery.ALBAccessVended:      {service: delivers, arn: logsARN + "delivery-source:d", key: "AWSLogs/111122223333/elasticloadbalancing/us-east-1/l", acl: true, kms: vendedKMS},
	logdelivery.ALBConnectionVended:  {service: delivers, arn: logsARN + "delivery-source:d", key: "AWSLogs/aws-account-id=111122223333/elasticloadbalancing/l", acl: true, kms: vendedKMS},
	logdelivery.ALBHealthCheckVended: {service: delivers, arn: logsARN + "delivery-source:d", key: "AWSLogs/111122223333/elasticloadbalancing/us-east-1/l", acl: true, kms: vendedKMS},
	logdelivery.NLBAccess:            {service: delivers, arn: logsARN + "*", key: "AWSLogs/111122223333/elasticloadbalancing/us-east-1/l.gz", acl: true, looks: true, kms: vendedKMS},
	logdelivery.NLBAccessVended:      {service: delivers, arn: logsARN + "delivery-source:d", key: "AWSLogs/111122223333/elasticloadbalancing/us-east-1/l", acl: true, kms: vendedKMS},
	logdelivery.CLBAccess:            {service: balances, arn: elbARN + "web", key: "AWSLogs/111122223333/ELBAccessLogTestFile"},
	logdelivery.CloudFrontV2:         {service: delivers, arn: logsARN + "delivery-source:d", key: "AWSLogs/111122223333/CloudFront/l.gz", acl: true, kms: vendedKMS},
	logdelivery.VPCFlowLogs:          {service: delivers, arn: logsARN + "*", key: "AWSLogs/111122223333/vpcflowlogs/us-east-1/l.gz", acl: true, looks: true, kms: vendedKMS},
	logdelivery.CloudTrail: {service: "cloudtrail.amazonaws.com", arn: trailARN, key: "AWSLogs/111122223333/CloudTrail/us-east-1/l.gz", acl: true,
		kms: []string{"kms:GenerateDataKey", "kms:DescribeKey", "kms:Decrypt"}, context: map[string]iam.Strings{"kms:EncryptionContext:aws:cloudtrail:arn": {trailARN}}},
	logdelivery.Config:            {service: "config.amazonaws.com", arn: "arn:aws:config:us-east-1:111122223333:*", key: "AWSLogs/111122223333/Config/us-east-1/h.gz", acl: true, looks: true, kms: []string{"kms:GenerateDataKey", "kms:Decrypt"}},
	logdelivery.WAF:               {service: delivers, arn: logsARN + "*", key: "AWSLogs/111122223333/WAFLogs/us-east-1/l.gz", acl: true, looks: true, kms: vendedKMS},
	logdelivery.NetworkFirewall:   {service: delivers, arn: logsARN + "*", key: "AWSLogs/111122223333/network-firewall/flow/us-east-1/l.gz", acl: true, looks: true, kms: vendedKMS},
	logdelivery.ResolverQueryLogs: {service: delivers, arn: logsARN + "*", key: "AWSLogs/111122223333/vpcdnsquerylogs/l.gz", acl: true, looks: true, kms: vendedKMS},
}

// sources are those that a bucket of ours can receive.
func sources() []logdelivery.Source {
	return slices.DeleteFunc(logdelivery.Sources(), func(s logdelivery.Source) bool {
		t, _ := logdelivery.Of(s)
		return t.NeedsACL
	})
}

func delivery(s logdelivery.Source) logdelivery.Delivery {
	d := logdelivery.Delivery{Source: s, Partition: "aws", Account: owner, Region: "us-east-1"}
	if t, _ := logdelivery.Of(s); t.NamesSource {
		d.SourceARNs = []string{requests[s].arn}
	}
	return d
}

// variant is a request as a service sends it for somebody.
type variant struct {
	name                  string
	service, account, arn string
	want                  bool
}

// variants are the right request, and those of confused deputies: another
// account's resource, another resource of the account, another service.
func variants(s logdelivery.Source) []variant {
	r := requests[s]
	list := []variant{
		{"the right source", r.service, owner, r.arn, true},
		{"another account's source", r.service, stranger, strings.Replace(r.arn, owner, stranger, 1), false},
		{"another source of the account", r.service, owner, "arn:aws:other:us-east-1:111122223333:x", false},
		{"another Region's source", r.service, owner, strings.Replace(strings.Replace(r.arn, "us-east-1", "us-east-2", 1), ":::source", ":::source2", 1), false},
		{"another service", "sns.amazonaws.com", owner, r.arn, false},
	}
	if d := delivery(s); len(d.SourceARNs) > 0 {
		list = append(list, variant{"a source whose name begins alike", r.service, owner, r.arn + "2", false})
	}
	return list
}

func (v variant) context(more ...map[string]iam.Strings) map[string]iam.Strings {
	c := map[string]iam.Strings{"aws:SourceAccount": {v.account}, "aws:SourceArn": {v.arn}}
	for _, m := range more {
		maps.Copy(c, m)
	}
	return c
}

var (
	overTLS = map[string]iam.Strings{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.2"}}
	fullACL = map[string]iam.Strings{"s3:x-amz-acl": {"bucket-owner-full-control"}}
)

func ask(d iam.Document, v variant, action, resource string, context map[string]iam.Strings) iam.Decision {
	return iam.Evaluate(
		iam.Request{Caller: iam.ServicePrincipal(v.service), Action: action, Resource: resource, ResourceAccount: owner, Context: context},
		iam.Policies{Resource: &iam.Source{Name: "policy", Document: d}})
}

func TestBucketPolicyAdmitsTheRightSourceOnly(t *testing.T) {
	t.Parallel()
	for _, s := range sources() {
		r, ok := requests[s]
		if !ok {
			t.Errorf("%s: requests says nothing of what its service sends", s)
			continue
		}
		// With every deny statement that a bucket of ours can have.
		statements := append(LogDelivery(bucketARN, delivery(s)),
			DenyInsecureTransport(bucketARN), DenyOldTLS(bucketARN, "1.2"), NoSSEC(bucketARN),
			NoForeignAWSManagedKey(bucketARN, owner), OnlySSEKMS(bucketARN, "aws:kms"), OnlyThisKey(bucketARN, keyARN),
			NoAWSManagedKey(bucketARN, "aws:kms"))
		document := Document(statements...)
		acl := map[string]iam.Strings{}
		if r.acl {
			acl = fullACL
		}
		object := bucketARN + "/" + r.key
		for _, v := range variants(s) {
			if d := ask(document, v, "s3:PutObject", object, v.context(overTLS, acl)); d.Allowed != v.want {
				t.Errorf("%s, %s: %s", s, v.name, d.Explain())
			}
			if r.looks {
				for _, action := range []string{"s3:GetBucketAcl", "s3:ListBucket"} {
					if d := ask(document, v, action, bucketARN, v.context(overTLS)); d.Allowed != v.want {
						t.Errorf("%s, %s: %s", s, v.name, d.Explain())
					}
				}
			}
		}
		right := variants(s)[0]
		for name, c := range map[string]map[string]iam.Strings{
			"over http":    right.context(acl, map[string]iam.Strings{"aws:SecureTransport": {"false"}}),
			"over TLS 1.1": right.context(acl, map[string]iam.Strings{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.1"}}),
			"with a key":   right.context(acl, overTLS, map[string]iam.Strings{"s3:x-amz-server-side-encryption-customer-algorithm": {"AES256"}}),
		} {
			if d := ask(document, right, "s3:PutObject", object, c); d.Allowed {
				t.Errorf("%s %s: %s", s, name, d.Explain())
			}
		}
		if d := ask(document, right, "s3:PutObject", object, right.context(acl)); !d.Allowed {
			t.Errorf("%s without the keys about TLS: %s", s, d.Explain())
		}
		if r.acl {
			if d := ask(document, right, "s3:PutObject", object, right.context(overTLS)); d.Allowed {
				t.Errorf("%s without the ACL: %s", s, d.Explain())
			}
		}
		elsewhere := bucketARN + "/AWSLogs/" + stranger + "/l"
		if all := delivery(s).Keys()[0] == "*"; !all {
			if d := ask(document, right, "s3:PutObject", elsewhere, right.context(overTLS, acl)); d.Allowed {
				t.Errorf("%s into another account's folder: %s", s, d.Explain())
			}
		}
		for _, action := range []string{"s3:GetObject", "s3:DeleteObject", "s3:PutBucketPolicy"} {
			if d := ask(document, right, action, object, right.context(overTLS, acl)); d.Allowed {
				t.Errorf("%s: %s", s, d.Explain())
			}
		}
		if iam.Public(document) {
			t.Errorf("%s: the policy is public", s)
		}
	}
}

// A trail, for example, can name a KMS key of its own.
func TestLogsThatNameAKeyArriveUnderTheBucketsOnly(t *testing.T) {
	t.Parallel()
	const mine, theirs = "arn:aws:kms:us-east-1:" + owner + ":key/9999abcd-12ab-34cd-56ef-1234567890ab", "arn:aws:kms:us-east-1:" + stranger + ":key/1234abcd-12ab-34cd-56ef-1234567890ab"
	s := logdelivery.CloudTrail
	logs, right := LogDelivery(bucketARN, delivery(s)), variants(s)[0]
	for _, tc := range []struct {
		bucket string
		deny   iam.Statement
		key    string
		want   bool
	}{
		{"under its own key", OnlyThisKey(bucketARN, keyARN), keyARN, true},
		{"under its own key", OnlyThisKey(bucketARN, keyARN), mine, false},
		{"under its own key", OnlyThisKey(bucketARN, keyARN), theirs, false},
		{"under SSE-S3", NoForeignKey(bucketARN, "arn:aws:kms:us-east-1:"+owner+":key/*"), mine, true},
		{"under SSE-S3", NoForeignKey(bucketARN, "arn:aws:kms:us-east-1:"+owner+":key/*"), theirs, false},
	} {
		document := Document(append(logs, tc.deny, NoForeignAWSManagedKey(bucketARN, owner), NoSSEC(bucketARN))...)
		named := map[string]iam.Strings{conditionkey.Encryption: {"aws:kms"}, conditionkey.KMSKeyID: {tc.key}}
		if d := ask(document, right, "s3:PutObject", bucketARN+"/"+requests[s].key, right.context(overTLS, fullACL, named)); d.Allowed != tc.want {
			t.Errorf("a bucket %s, a trail under %s: %s", tc.bucket, tc.key, d.Explain())
		}
	}
	// A service has no account of the bucket's, and is spared all the same.
	document := Document(append(logs, NoOtherAccounts(bucketARN, owner), NoForeignAWSManagedKey(bucketARN, owner))...)
	keyless := map[string]iam.Strings{conditionkey.Encryption: {"aws:kms"}}
	if d := ask(document, right, "s3:PutObject", bucketARN+"/"+requests[s].key, right.context(overTLS, fullACL, keyless)); !d.Allowed {
		t.Errorf("a service of AWS: %s", d.Explain())
	}
}

func TestKeyPolicyAdmitsTheRightSourceOnly(t *testing.T) {
	t.Parallel()
	for _, s := range sources() {
		statements := LogDeliveryKey(delivery(s))
		if logdelivery.Lookup(s, encryption.SSEKMSCMK).Verdict != logdelivery.WithKeyPolicy {
			if len(statements) > 0 {
				t.Errorf("%s: a key statement for a log that doesn't arrive under a key", s)
			}
			continue
		}
		r, document := requests[s], Document(statements...)
		if len(r.kms) == 0 {
			t.Errorf("%s: requests says nothing of what its service asks of the key", s)
		}
		for _, action := range r.kms {
			for _, v := range variants(s) {
				if d := ask(document, v, action, keyARN, v.context(r.context)); d.Allowed != v.want {
					t.Errorf("%s, %s: %s", s, v.name, d.Explain())
				}
			}
		}
		for _, action := range []string{"kms:CreateGrant", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"} {
			if v := variants(s)[0]; ask(document, v, action, keyARN, v.context(r.context)).Allowed {
				t.Errorf("%s may %s", s, action)
			}
		}
	}
}

func TestTrailKeyIsForTheAccountsTrailsOnly(t *testing.T) {
	t.Parallel()
	document := Document(LogDeliveryKey(delivery(logdelivery.CloudTrail))...)
	right := variants(logdelivery.CloudTrail)[0]
	foreign := map[string]iam.Strings{"kms:EncryptionContext:aws:cloudtrail:arn": {strings.Replace(trailARN, owner, stranger, 1)}}
	if d := ask(document, right, "kms:GenerateDataKey", keyARN, right.context(foreign)); d.Allowed {
		t.Error(d.Explain())
	}
}

func TestPrefixComesBeforeTheLogs(t *testing.T) {
	t.Parallel()
	for _, s := range sources() {
		d := delivery(s)
		d.Prefix = "p"
		for _, statement := range LogDelivery(bucketARN, d) {
			for _, r := range statement.Resource {
				if r != bucketARN && !strings.HasPrefix(r, bucketARN+"/p/") {
					t.Errorf("%s: %s may write %s", s, statement.Sid, r)
				}
			}
		}
	}
}

func TestStatementsOfManyDeliveriesAreDistinct(t *testing.T) {
	t.Parallel()
	second := delivery(logdelivery.VPCFlowLogs)
	second.Account = "444455556666"
	statements := LogDelivery(bucketARN,
		delivery(logdelivery.WAF), delivery(logdelivery.NLBAccess), // the same two statements
		delivery(logdelivery.ALBAccess), delivery(logdelivery.CLBAccess), // the same one
		second)
	var sids []string
	for _, s := range statements {
		sids = append(sids, s.Sid)
	}
	want := []string{"AWSLogDeliveryAclCheck", "AWSLogDeliveryWrite", "LoadBalancerLogs", "AWSLogDeliveryAclCheck2", "AWSLogDeliveryWrite2"}
	if !slices.Equal(sids, want) {
		t.Errorf("got %v, want %v", sids, want)
	}
}
