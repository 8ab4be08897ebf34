package rule

import (
	"cmp"
	"strings"

	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

var replicaKeyRules = []Rule{
	{
		ID:       "replica-key-foreign",
		Severity: Error,
		Reason:   "S3 doesn't check the replica key: under one that isn't the destination's own, replicas fail, or arrive and can't be read there.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-troubleshoot.html",
		Fix:      "Give the ARN of a customer managed key of the destination's account and Region as ReplicaKmsKeyID.",
		check:    eachReplication((*checker).checkReplicaKey),
	},
	{
		ID:       "replica-under-foreign-key",
		Severity: Warning,
		Reason:   "The bucket admits a replica under a key that its account can't use; S3 reports it as completed, and nobody at the destination can read it.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-troubleshoot.html",
		// Without Null the first statement would hold for a request without the
		// key as well, and S3 authorizes the parts of a large object and changes
		// of tags as s3:ReplicateObject too.
		Fix: "In the destination's bucket policy, deny s3:ReplicateObject to Principal \"*\" in two statements: when ArnNotEquals says that " + conditionkey.KMSKeyID +
			" isn't the bucket's key, with Null: {\"" + conditionkey.KMSKeyID + "\": \"false\"} beside it; and when StringEquals says that " + conditionkey.Encryption +
			" is aws:kms or aws:kms:dsse, with Null: {\"" + conditionkey.KMSKeyID + "\": \"true\"}.",
		check: eachReplication((*checker).checkForeignReplica),
	},
}

func (c *checker) checkReplicaKey(r replication) {
	v := r.value.Get("Destination", "EncryptionConfiguration", "ReplicaKmsKeyID")
	key, known := c.text(r.bucket, v)
	if !known || key == "" {
		return
	}
	account, known := c.text(r.bucket, r.value.Get("Destination", "Account"))
	if !known {
		return
	}
	region := ""
	if r.destination != nil {
		account, region = r.destination.Account, r.destination.Region
	}
	at, arn, own := v.Path(), resource.ARN(key), r.bucket.Stack().Account
	// The pages ask for the ARN of a customer managed key. Whatever else is looked
	// up in the account of the source's role, and the key aws/s3 is of that: no
	// harm where the destination is of it too.
	loose := Error
	if cmp.Or(account, arn.AccountID, own) == own {
		loose = Warning
	}
	switch alias := resource.AliasName(key); {
	case strings.HasPrefix(alias, "alias/aws/"):
		c.findAs(loose, r.bucket, at, "%s is a key of the service: no other account can be let in", key)
	case alias == key:
		c.findAs(loose, r.bucket, at, "%s is an alias, which S3 looks up in the source's account", key)
	case keyID.MatchString(key):
		c.findAs(loose, r.bucket, at, "%q is no key ARN: S3 looks an id up in the source's account", key)
	case arn.Service != "kms":
		c.find(r.bucket, at, "%q is no key ARN", key)
	case account != "" && arn.AccountID != account:
		c.find(r.bucket, at, "the key is of account %s, the destination bucket of %s", arn.AccountID, account)
	case region != "" && arn.Region != region:
		c.find(r.bucket, at, "the key is in %s, the destination bucket in %s", arn.Region, region)
	case alias != "" && arn.AccountID != own:
		// The pages accept the ARN of an alias, and AWS's own sample of this has
		// one; they also say that KMS resolves an alias in the account of whoever
		// asks, here the source's role, and recommend the ARN of the key.
		c.findAs(Warning, r.bucket, at, "%s is an alias of another account, and AWS says both that its ARN will do and that KMS looks an alias up in the account of whoever asks: the key's own ARN leaves no doubt", key)
	case account == "" || region == "":
		c.unknown(r.bucket, at, r.whyNot)
	}
}

// checkForeignReplica asks the destination for a replica under a key of the
// source's account, and for one that names no key, which is under the key
// aws/s3 of that account, as the replication role.
func (c *checker) checkForeignReplica(r replication) {
	own := r.bucket.Stack().Account
	switch {
	case r.destination == nil:
		c.unknown(r.bucket, r.value.Path(), r.whyNot)
		return
	case own == "" || r.destination.Account == "":
		c.unknown(r.bucket, r.value.Path(), errNowhere)
		return
	case own == r.destination.Account:
		return // whoever reads there can be let into the key
	}
	if on, known := c.kmsObjects(r); !known || !on {
		return
	}
	b := r.destination
	foreign := question.SomeKey(b.Region, own)
	role, err := r.bucket.Properties().Get("ReplicationConfiguration", "Role").String()
	if err != nil {
		c.unknown(r.bucket, "", err)
		return
	}
	for _, replica := range []struct {
		what    string
		headers context
	}{
		{"under a key of account " + own, question.UnderKey("aws:kms", foreign)},
		{"under SSE-KMS that names no key, and so under the key aws/s3 of account " + own, question.SSEKMS},
	} {
		d := c.ask(question.Who{Caller: question.Caller(role)}, "s3:ReplicateObject", b.ARN+"/object", question.With(question.OverTLS, replica.headers))
		switch why := resource.Why(b.Unread); {
		case d.Explicit:
		case why != nil:
			c.unknown(b.Resource, "", why)
			return
		default:
			c.find(b.Resource, "", "no statement denies a replica from %s %s", r.bucket.LogicalID, replica.what)
			return
		}
	}
}
