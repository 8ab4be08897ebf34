package rule

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/logdelivery"
)

var logRules = []Rule{
	{
		ID:       "log-destination-unfit",
		Severity: Error,
		Reason:   "S3 refuses to send a server access log to another account or Region, so that the deployment fails; in a bucket with Object Lock it never arrives, and to the logged bucket itself it goes without end. Other services ask for a Region, a name or ACLs, too.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshooting-server-access-logging.html",
		Fix:      "Send the log to a bucket as the message says.",
		check:    func(c *checker) { c.eachArrival(c.checkLogDestination) },
	},
	{
		ID:       "log-encryption-unsupported",
		Severity: Error,
		Reason:   "Under a default encryption that a service can't write with, its logs aren't delivered, or nobody can read them, and nothing fails when they are set up.",
		Source:   "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html",
		Fix:      "Change the bucket's default encryption, or the path of the logs, as the message says.",
		check: func(c *checker) {
			c.eachLog(func(l sentLog) {
				if b := c.set.Anywhere(l.bucket); b != nil {
					if e, _ := logEncryption(l, b); logdelivery.Lookup(l.Source, e).Verdict == logdelivery.Refused {
						c.checkLogEncryption(l, b)
						return
					}
				}
				c.arrive(l, c.checkLogEncryption)
			})
			c.eachOtherArrival(c.checkWrittenEncryption)
		},
	},
	{
		ID:       "log-delivery-denied",
		Severity: Error,
		Reason:   "A service puts its logs into a bucket only if the bucket's policy lets it, and most services tell nobody when it doesn't.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html",
		Fix:      "Add the service's statement to the bucket's policy. For vended, flow, WAF, Network Firewall and Resolver logs it is a warning: AWS may add the statement itself.",
		check: func(c *checker) {
			c.eachFit(c.checkLogPut)
			c.eachOtherArrival(c.checkWriter)
		},
	},
	{
		ID:       "log-key-denied",
		Severity: Error,
		Reason:   "In a bucket under a customer managed key, a log arrives only if the key's policy lets its service encrypt; no service changes a key's policy.",
		Source:   "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html",
		Fix:      "Add the service's statement to the key's policy.",
		check: func(c *checker) {
			c.eachFit(c.checkLogKey)
			c.eachOtherArrival(c.checkWrittenKey)
		},
	},
}

// logEncryption is what a log will be under: what its source asks for, or the
// bucket's default. key is the customer managed one, as it is written.
func logEncryption(l sentLog, b *resource.Bucket) (e encryption.Pattern, key string) {
	algorithm, key := b.Algorithm, b.Key
	switch {
	case l.kmsKey != "":
		algorithm, key = "aws:kms", l.kmsKey
	case l.sseS3:
		algorithm = "AES256"
	}
	own := !resource.AWSManaged(key)
	e = encryption.OfDefault(algorithm, own)
	if !own || e.Traits().Key != encryption.CustomerManaged {
		key = ""
	}
	return e, key
}

func (c *checker) checkLogEncryption(l sentLog, b *resource.Bucket) {
	e, key := logEncryption(l, b)
	t, cell := l.traits, logdelivery.Lookup(l.Source, e)
	switch {
	case cell.Verdict == logdelivery.Unknown:
		c.unknown(l.from, l.at, fmt.Errorf("%s", cell.Refusal()))
	case !cell.Delivers():
		c.findWith(Error, logdelivery.Alternative(l.Source), l.from, l.at, "logs go to %s: %s", bucketPlace(b), cell.Refusal())
	case t.KeyIDError != "" && e == encryption.SSEKMSCMK && resource.ARN(key).Resource == "":
		c.findWith(Error, "Give KMSMasterKeyID as the key's ARN.", l.from, l.at,
			"logs go to %s: %s need the ARN of the bucket's key, and it is given as %s: they can't be set up (%s)", bucketPlace(b), t.Title, key, t.KeyIDError)
	}
}

func bucketPlace(b *resource.Bucket) string {
	return place(b.Stack().Name, b.LogicalID, b.ConstructPath)
}

// checkLogDestination finds what makes a bucket unfit whatever its encryption
// and policy.
func (c *checker) checkLogDestination(l sentLog, b *resource.Bucket) {
	lines, err := unfit(l, b)
	if err != nil {
		c.unknown(b.Resource, "", err)
	}
	ownLogs, known := c.exists(b.Resource, b.Properties().Get("LoggingConfiguration"))
	if err != nil || !known {
		return
	}
	if l.traits.NeedsACL && !b.ACLsInForce() {
		instead := logdelivery.Alternative(l.Source)
		c.findWith(Error, instead, l.from, l.at,
			"logs go to %s: %s need a bucket with ACLs, and this one's owner owns every object: %s", bucketPlace(b), l.traits.Title, instead)
	}
	for _, line := range lines {
		c.find(l.from, l.at, "logs go to %s: %s", bucketPlace(b), line)
	}
	for _, line := range loops(l, b, ownLogs) {
		c.findAs(Warning, l.from, l.at, "logs go to %s: %s", bucketPlace(b), line)
	}
}

// eachFit is eachArrival for those that nothing but a policy can keep from
// arriving.
func (c *checker) eachFit(f func(sentLog, *resource.Bucket)) {
	c.eachArrival(func(l sentLog, b *resource.Bucket) {
		e, _ := logEncryption(l, b)
		if lines, err := unfit(l, b); err == nil && lines == nil && logdelivery.Lookup(l.Source, e).Delivers() {
			f(l, b)
		}
	})
}

// unfit is what keeps the log from arriving, but for encryption, policy and ACLs.
func unfit(l sentLog, b *resource.Bucket) ([]string, error) {
	configuration := b.Properties().Get("ObjectLockConfiguration")
	enabled, err := b.Properties().Get("ObjectLockEnabled").Default(false).Bool()
	configured, err2 := configuration.Exists()
	retention, err3 := configuration.Get("Rule", "DefaultRetention").Exists()
	if err := cmp.Or(err, err2, err3); err != nil || l.traits.NeedsACL {
		return nil, err // package logdelivery knows only buckets without ACLs
	}
	d := l.Delivery
	if !l.traits.NoAWSLogsPrefix {
		d.Prefix = "" // they arrive, though package logdelivery keeps its own from there
	}
	return linesOf(logdelivery.Destination{
		Name: b.Name, Account: b.Account, Region: b.Region, Encryption: encryption.SSES3,
		ObjectLock: enabled || configured, DefaultRetention: retention,
	}.Arrive(d)), nil
}

// loops is why the log arrives and is logged in turn. Where a bucket logs to
// itself that is all there is to say.
func loops(l sentLog, b *resource.Bucket, logged bool) []string {
	to := logdelivery.Destination{Name: b.Name}
	if lines := linesOf(to.Loop(l.Delivery)); lines != nil || !logged {
		return lines
	}
	to.ServerAccessLogs = "another"
	return linesOf(to.Loop(l.Delivery))
}

func linesOf(err error) []string {
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}
