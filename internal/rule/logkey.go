package rule

import (
	"cmp"
	"slices"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/policy"
)

// checkLogKey asks the key as the service that delivers.
func (c *checker) checkLogKey(l sentLog, b *resource.Bucket) {
	e, written := logEncryption(l, b)
	if e != encryption.SSEKMSCMK {
		return
	}
	if l.Account == "" || l.Region == "" || b.Account == "" {
		c.unknown(l.from, l.at, errNowhere)
		return
	}
	arn, why := c.set.KeyARN(written, b)
	if why != nil {
		c.unknown(l.from, l.at, why)
		return
	}
	if why := c.keyDoubt(arn); why != nil {
		c.unknown(l.from, l.at, why)
		return
	}
	principal := cmp.Or(l.traits.KeyPrincipal, l.traits.Principal)
	denied, because := c.deniedTo(principal, l, l.keyRequests(b, arn))
	if len(denied) == 0 || !because.Explicit && c.mayDeliverByRole(l) {
		return
	}
	fix := statementsFor(policy.LogDeliveryKey(l.Delivery), iam.ServicePrincipal(principal), resource.ARN(arn).AccountID, l.sent(), denied)
	if fix == "" {
		fix = "kms:GenerateDataKey* for the service " + principal
	}
	c.findWith(Error, "Add to the policy of key "+arn+": "+fix, l.from, l.at, "%s don't arrive in %s: %s", l.traits.Title, bucketPlace(b), explain(because))
}

// keyRequests are those without which nothing arrives. They come through S3,
// with its encryption context; CloudTrail asks with its own for a trail's key.
func (l sentLog) keyRequests(b *resource.Bucket, key string) (list []logRequest) {
	sent := question.ThroughS3(b, b.BucketKey, "/"+l.object)
	for _, use := range l.traits.KeyUses {
		if use.Context != "" {
			sent[conditionkey.KMSContext+use.Context] = l.SourceARNs
		}
	}
	actions := slices.Clone(l.traits.KeyRequests)
	if l.kmsKey != "" {
		actions = append(actions, l.traits.NamedKeyRequests...)
	}
	for _, action := range actions {
		list = append(list, logRequest{action, key, sent})
	}
	return list
}
