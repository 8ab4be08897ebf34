package rule

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

const replicationConfiguration = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html"

var replicationRules = []Rule{
	{
		ID:       "replication-unversioned",
		Severity: Error,
		Reason:   "Both buckets of a replication must be versioned: S3 refuses the configuration otherwise.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html",
		Fix:      "Set VersioningConfiguration with Status: Enabled on the source and on the destination bucket.",
		check: eachReplication(func(c *checker, r replication) {
			v := r.bucket.Properties().Get("VersioningConfiguration", "Status")
			if status, known := c.text(r.bucket, v); known && status != "Enabled" {
				c.find(r.bucket, v.Path(), "the bucket is replicated and keeps no versions")
			}
			if r.destination != nil && !r.destination.Versioned {
				c.find(r.destination.Resource, "", "%s is replicated here, and the bucket keeps no versions", place(r.bucket.Stack().Name, r.bucket.LogicalID, ""))
			}
		}),
	},
	{
		ID:       "replication-skips-kms-objects",
		Severity: Error,
		Reason:   "S3 replicates objects under KMS keys only when the rule asks for them; without that, it passes over them in silence.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html",
		Fix:      "Set SourceSelectionCriteria.SseKmsEncryptedObjects.Status to Enabled and give ReplicaKmsKeyID.",
		check:    eachReplication((*checker).checkSkippedObjects),
	},
	{
		ID:       "replica-key-unpaired",
		Severity: Error,
		Reason:   "ReplicaKmsKeyID and SseKmsEncryptedObjects: Enabled go together: S3 refuses one without the other.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/API/API_SourceSelectionCriteria.html",
		Fix:      "Give both, or neither.",
		check: eachReplication(func(c *checker, r replication) {
			on, known := c.kmsObjects(r)
			v := r.value.Get("Destination", "EncryptionConfiguration", "ReplicaKmsKeyID")
			given, alsoKnown := c.exists(r.bucket, v)
			switch {
			case !known || !alsoKnown || on == given:
			case on:
				c.find(r.bucket, v.Path(), "SseKmsEncryptedObjects is enabled without a ReplicaKmsKeyID")
			default:
				c.find(r.bucket, v.Path(), "a ReplicaKmsKeyID is given and SseKmsEncryptedObjects isn't enabled")
			}
		}),
	},
	{
		ID:       "replication-filter-incomplete",
		Severity: Error,
		Reason:   "A rule with a Filter is of the second version of the configuration, which needs Priority and DeleteMarkerReplication.",
		Source:   replicationConfiguration,
		Fix:      "Add Priority (a number, different in each rule) and DeleteMarkerReplication with a Status.",
		check: eachReplication(func(c *checker, r replication) {
			if filtered, known := c.exists(r.bucket, r.value.Get("Filter")); !known || !filtered {
				return
			}
			for _, path := range [][]string{{"Priority"}, {"DeleteMarkerReplication", "Status"}} {
				v := r.value.Get(path...)
				if given, known := c.exists(r.bucket, v); known && !given {
					c.find(r.bucket, v.Path(), "the rule has a Filter and no %s", strings.Join(path, "."))
				}
			}
		}),
	},
	{
		ID:       "replication-without-metrics",
		Severity: Warning,
		Reason:   "Without metrics S3 sends no event when a replica fails: nobody notices.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-metrics-events.html",
		Fix:      "Set Destination.Metrics.Status to Enabled.",
		check: eachReplication(func(c *checker, r replication) {
			v := r.value.Get("Destination", "Metrics", "Status")
			if status, known := c.text(r.bucket, v); known && status != "Enabled" {
				c.find(r.bucket, v.Path(), "the rule reports no failures")
			}
		}),
	},
	{
		ID:       "replication-without-account",
		Severity: Error,
		Reason:   "Destination.Account says to whom AccessControlTranslation gives the replicas: CloudFormation requires the one with the other, and an account that doesn't own the destination bucket is a mistake.",
		Source:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-replicationdestination.html",
		Fix:      "Set Destination.Account to the account that owns the destination bucket, or leave out both: a bucket with ObjectOwnership: BucketOwnerEnforced owns its replicas anyway.",
		check:    eachReplication((*checker).checkDestinationAccount),
	},
	{
		ID:       "replication-sse-c-blocked",
		Severity: Error,
		Reason:   "Replicas of SSE-C objects stay under SSE-C; a destination that blocks it, as new buckets do, refuses every one.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html",
		Fix:      "Set BlockedEncryptionTypes: {EncryptionType: [NONE]} on the destination bucket.",
		check: eachReplication(func(c *checker, r replication) {
			switch source, _ := c.bucket(r.bucket); {
			case source == nil || !c.demandsSSEC(source):
			case r.destination == nil:
				c.unknown(r.bucket, r.value.Path(), r.whyNot)
			case !(len(r.destination.Blocked) == 1 && r.destination.Blocked[0] == "NONE"):
				c.find(r.destination.Resource, "", "SSE-C objects are replicated here from %s, and the bucket doesn't unblock SSE-C", source.Name)
			}
		}),
	},
}

// replication is a rule of a bucket's replication configuration that is enabled.
type replication struct {
	bucket      *template.Resource
	value       template.Value // the rule
	destination *resource.Bucket
	whyNot      error // there is no destination
}

// eachReplication makes a check of one that looks at a rule of a bucket's
// replication.
func eachReplication(check func(*checker, replication)) func(*checker) {
	return eachOf("AWS::S3::Bucket", func(c *checker, b *template.Resource) {
		list, err := b.Properties().Get("ReplicationConfiguration", "Rules").List()
		if err != nil && !errors.Is(err, template.ErrMissing) {
			c.unknown(b, "", err)
		}
		for _, v := range list {
			if status, known := c.text(b, v.Get("Status")); known && status == "Enabled" {
				r := replication{bucket: b, value: v}
				r.destination, r.whyNot = c.destination(v)
				check(c, r)
			}
		}
	})
}

// destination is the bucket that a rule replicates to, if it is in the stacks.
func (d *deployment) destination(rule template.Value) (*resource.Bucket, error) {
	arn, err := rule.Get("Destination", "Bucket").String()
	if err != nil {
		return nil, err
	}
	name := resource.ARN(arn).Resource
	if b := d.set.BucketNamed(name); b != nil {
		return b, nil
	}
	return nil, cmp.Or(d.set.LeftOut(name), fmt.Errorf("the replication destination %s: it is in none of the stacks", name))
}

func defaultEncryption(r *template.Resource) template.Value {
	return r.Properties().Get("BucketEncryption", "ServerSideEncryptionConfiguration").Index(0).Get("ServerSideEncryptionByDefault")
}

// kmsObjects tells whether a rule replicates objects under KMS keys.
func (c *checker) kmsObjects(r replication) (on, known bool) {
	status, known := c.text(r.bucket, r.value.Get("SourceSelectionCriteria", "SseKmsEncryptedObjects", "Status"))
	return status == "Enabled", known
}

// checkDestinationAccount accuses no rule without an Account for that alone: the
// pages ask for it with the override of the owner only.
//
// No page says what S3 does with an Account that doesn't own the bucket. With
// the override it is what the page on it asks to be right; without, it is at
// least not what was meant.
//
// Source: AmazonS3/latest/API/API_Destination.html, and
// AmazonS3/latest/userguide/replication-change-owner.html.
func (c *checker) checkDestinationAccount(r replication) {
	v := r.value.Get("Destination", "Account")
	account, known := c.text(r.bucket, v)
	translated, alsoKnown := c.exists(r.bucket, r.value.Get("Destination", "AccessControlTranslation"))
	severity := Warning
	if translated {
		severity = Error
	}
	switch {
	case !known || !alsoKnown:
	case account == "" && translated:
		c.find(r.bucket, v.Path(), "AccessControlTranslation is given without an Account")
	case account == "" || r.destination == nil || r.destination.Account == "":
	case account != r.destination.Account:
		c.findAs(severity, r.bucket, v.Path(), "the rule says that the destination is of account %s, and it is of %s", account, r.destination.Account)
	}
}
