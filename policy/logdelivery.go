package policy

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/logdelivery"
)

// LogDelivery is the statements of a bucket's policy that let services deliver
// logs. Each names the service, the folder that it writes to, and what it
// writes for (aws:SourceArn and, where the service's page has it,
// aws:SourceAccount), so that nobody can make the service write here for
// another account's resource: the confused deputy problem.
//
// The deny statements of this package do not refuse these services: they deliver
// over TLS and send no customer-provided key, and where they send no encryption
// header, the bucket's default encrypts. A source that can name a KMS key, such
// as a trail, must name one that the bucket admits.
//
// Sources: those of package logdelivery's families; IAM/latest/UserGuide/confused-deputy.html.
func LogDelivery(bucketARN string, deliveries ...logdelivery.Delivery) []iam.Statement {
	var list []iam.Statement
	for _, d := range deliveries {
		t, ok := logdelivery.Of(d.Source)
		if !ok || t.NeedsACL {
			continue
		}
		if len(t.Checks) > 0 {
			list = append(list, admit(t.CheckSid, d, t, t.Checks, bucketARN))
		}
		write := admit(t.Sid, d, t, []string{"s3:PutObject"})
		for _, key := range d.Keys() {
			write.Resource = append(write.Resource, bucketARN+"/"+key)
		}
		if t.SendsACL {
			add(write.Condition, "StringEquals", conditionkey.ACL, "bucket-owner-full-control")
		}
		list = append(list, write)
	}
	return distinct(list)
}

// LogDeliveryKey is the statements of a customer managed key's policy that let
// services encrypt the logs that they deliver. Sources that a bucket under such
// a key can't receive have none.
//
// None has a condition on S3's encryption context, so they work with an S3 Bucket
// Key and without. Log buckets still have no Bucket Key: AWS warns that with one a
// key policy doesn't decide every request of a log delivery.
// Source: AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html.
func LogDeliveryKey(deliveries ...logdelivery.Delivery) []iam.Statement {
	var list []iam.Statement
	for _, d := range deliveries {
		t, _ := logdelivery.Of(d.Source)
		for _, use := range t.KeyUses {
			s := admit(use.Sid, d, t, use.Actions, "*")
			if use.Context != "" {
				of := d
				of.Region = "*" // as CloudTrail's page has it
				add(s.Condition, "StringLike", conditionkey.KMSContext+use.Context, of.ARN("*"))
			}
			list = append(list, s)
		}
	}
	return distinct(list)
}

// admit lets the delivery's service do something for what the delivery is of.
func admit(sid string, d logdelivery.Delivery, t logdelivery.Traits, actions []string, resources ...string) iam.Statement {
	s := iam.Statement{
		Sid:       sid,
		Effect:    iam.Allow,
		Principal: service(t.Principal),
		Action:    slices.Clone(actions),
		Resource:  resources,
		Condition: iam.Condition{},
	}
	add(s.Condition, t.ARNOperator, conditionkey.SourceARN, d.ARNs()...)
	if t.SourceAccount {
		add(s.Condition, "StringEquals", conditionkey.SourceAccount, d.Account)
	}
	return s
}

func add(c iam.Condition, operator, key string, values ...string) {
	if c[operator] == nil {
		c[operator] = map[string]iam.Strings{}
	}
	c[operator][key] = values
}

// distinct drops statements that come again, since several logs of an account
// are delivered by the same service to the same folder, and numbers those that
// only share a Sid, which must be unique in a document.
// Source: IAM/latest/UserGuide/reference_policies_elements_sid.html.
func distinct(list []iam.Statement) []iam.Statement {
	var kept []iam.Statement
	named := map[string]int{}
	for _, s := range list {
		if slices.ContainsFunc(kept, func(k iam.Statement) bool {
			k.Sid = s.Sid
			return reflect.DeepEqual(k, s)
		}) {
			continue
		}
		named[s.Sid]++
		if n := named[s.Sid]; n > 1 {
			s.Sid += strconv.Itoa(n)
		}
		kept = append(kept, s)
	}
	return kept
}
