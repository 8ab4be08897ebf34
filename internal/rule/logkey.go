package rule

import (
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
	"github.com/s3seal/s3seal/logdelivery"
	logpolicy "github.com/s3seal/s3seal/policy"
)

// checkLogKey asks the key as the service that delivers.
func (c *checker) checkLogKey(l sentLog, b *resource.Bucket, written string) {
	t, _ := logdelivery.Of(l.Source)
	if l.Account == "" || l.Region == "" || b.Account == "" {
		c.unknown(l.from, l.at, errNowhere)
		return
	}
	arn, why := c.keyARN(written, b)
	if why != nil {
		c.unknown(l.from, l.at, why)
		return
	}
	endpoint, err := s3Endpoint(b.Stack())
	if err != nil {
		c.unknown(l.from, l.at, err)
		return
	}
	principal := t.Principal
	if t.NeedsACL {
		principal = cloudWatchLogs // as CloudFront's page has it, without a condition
	}
	if why := c.keyUnknown(arn); why != nil {
		c.unknown(l.from, l.at, why)
		return
	}
	var denied []logRequest
	var because iam.Decision // of the first
	for _, ask := range l.keyRequests(b, arn, endpoint) {
		d := c.asWriter(l, principal, func(caller iam.Caller, sent context) iam.Decision {
			return c.set.Decide(resource.Request{Caller: caller, Action: ask.action, Resource: ask.arn, Context: with(sent, ask.context)})
		})
		if d.Allowed {
			continue
		}
		if denied = append(denied, ask); len(denied) == 1 || d.Explicit {
			because = d
		}
	}
	if len(denied) == 0 || !because.Explicit && c.mayDeliverByRole(l) {
		return
	}
	fix := statementsFor(logpolicy.LogDeliveryKey(l.Delivery), iam.ServicePrincipal(principal), arnPart(arn, 4), l.sent(), denied)
	if fix == "" {
		fix = "kms:GenerateDataKey* for the service " + principal
	}
	c.findWith(Error, "Add to the policy of key "+arn+": "+fix, l.from, l.at, "%s don't arrive in %s: %s", t.Title, bucketPlace(b), explain(because))
}

// keyRequests are those without which nothing arrives. They come through S3,
// with its encryption context; CloudTrail asks with its own for a trail's key.
// WAF's page has kms:GenerateDataKey* alone, where the one on the service that
// delivers has kms:Decrypt too.
// Sources: those of package policy's statements.
func (l sentLog) keyRequests(b *resource.Bucket, key, endpoint string) []logRequest {
	sent := context{"kms:ViaService": {endpoint}, "kms:EncryptionContext:aws:s3:arn": {b.ARN + "/" + l.object}}
	if b.BucketKey {
		sent["kms:EncryptionContext:aws:s3:arn"] = iam.Strings{b.ARN}
	}
	actions := []string{"kms:GenerateDataKey"}
	switch l.Source {
	case logdelivery.CloudTrail:
		sent["kms:EncryptionContext:aws:cloudtrail:arn"] = l.SourceARNs
		if l.kmsKey != "" {
			actions = append(actions, "kms:DescribeKey")
		}
	case logdelivery.S3Inventory, logdelivery.S3Analytics, logdelivery.StorageLens, logdelivery.WAF, logdelivery.CloudFrontLegacy:
	default:
		actions = append(actions, "kms:Decrypt")
	}
	var list []logRequest
	for _, action := range actions {
		list = append(list, logRequest{action, key, sent})
	}
	return list
}

// keyARN is the key that a bucket, or a source, names by ARN, id or alias.
func (c *checker) keyARN(written string, b *resource.Bucket) (arn string, why error) {
	alias := aliasName(written)
	if alias == "" {
		if arnPart(written, 2) == "kms" {
			return written, nil
		}
		return "arn:" + arnPart(b.ARN, 1) + ":kms:" + b.Region + ":" + b.Account + ":key/" + written, nil
	}
	why = fmt.Errorf("which key %s is: it is in none of the stacks", written)
	c.each("AWS::KMS::Alias", func(r *template.Resource) {
		name, err := r.Properties().Get("AliasName").String()
		if s := r.Stack(); err != nil || name != alias || s.Account != b.Account || s.Region != b.Region {
			return
		}
		target, err := r.Properties().Get("TargetKeyId").String()
		if err == nil && !strings.HasPrefix(target, "alias/") {
			arn, why = c.keyARN(target, b)
		}
	})
	return arn, why
}

// keyUnknown says why a key's policy isn't known; nil when it is.
func (d *deployment) keyUnknown(arn string) error {
	if d.set.KeyWithARN(arn) != nil {
		return nil
	}
	for _, u := range d.set.Unknown {
		if own, err := u.Att("Arn"); u.Type == "AWS::KMS::Key" && err == nil && own == arn {
			return u.Err
		}
	}
	return fmt.Errorf("the policy of key %s: it is in none of the stacks", arn)
}
