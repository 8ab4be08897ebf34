package rule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
	logpolicy "github.com/s3seal/s3seal/policy"
)

// checkLogKey asks the key as the service that delivers.
func (c *checker) checkLogKey(l sentLog, b *resource.Bucket, written string) {
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
	if why := c.keyUnknown(arn); why != nil {
		c.unknown(l.from, l.at, why)
		return
	}
	principal := cmp.Or(l.traits.KeyPrincipal, l.traits.Principal)
	denied, because := c.deniedTo(principal, l, l.keyRequests(b, arn, endpoint))
	if len(denied) == 0 || !because.Explicit && c.mayDeliverByRole(l) {
		return
	}
	fix := statementsFor(logpolicy.LogDeliveryKey(l.Delivery), iam.ServicePrincipal(principal), arnPart(arn, 4), l.sent(), denied)
	if fix == "" {
		fix = "kms:GenerateDataKey* for the service " + principal
	}
	c.findWith(Error, "Add to the policy of key "+arn+": "+fix, l.from, l.at, "%s don't arrive in %s: %s", l.traits.Title, bucketPlace(b), explain(because))
}

// keyRequests are those without which nothing arrives. They come through S3,
// with its encryption context; CloudTrail asks with its own for a trail's key.
func (l sentLog) keyRequests(b *resource.Bucket, key, endpoint string) (list []logRequest) {
	sent := context{"kms:ViaService": {endpoint}, "kms:EncryptionContext:aws:s3:arn": {b.ARN + "/" + l.object}}
	if b.BucketKey {
		sent["kms:EncryptionContext:aws:s3:arn"] = iam.Strings{b.ARN}
	}
	for _, use := range l.traits.KeyUses {
		if use.Context != "" {
			sent["kms:EncryptionContext:"+use.Context] = l.SourceARNs
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
