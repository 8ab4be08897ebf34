package rule

import (
	"strings"

	"github.com/s3seal/s3seal/internal/template"
	"github.com/s3seal/s3seal/logdelivery"
)

// logsOfBucket are server access logs, inventory lists and analytics exports.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
func (c *checker) logsOfBucket(r *template.Resource, send func(sentLog)) {
	p := r.Properties()
	c.serverAccessLogs(r, p.Get("LoggingConfiguration"), send)
	for _, v := range c.elements(r, p.Get("InventoryConfigurations")) {
		id, known := c.text(r, v.Get("Id"))
		if enabled, alsoKnown := c.flag(r, v.Get("Enabled")); known && alsoKnown && enabled {
			c.bucketReport(r, logdelivery.S3Inventory, v.Get("Destination"), id+"/2026-01-01T01-00Z/manifest.json", send)
		}
	}
	for _, v := range c.elements(r, p.Get("AnalyticsConfigurations")) {
		export := v.Get("StorageClassAnalysis", "DataExport", "Destination")
		if exists, known := c.exists(r, export); known && exists {
			c.bucketReport(r, logdelivery.S3Analytics, export, "analytics.csv", send)
		}
	}
}

func (c *checker) serverAccessLogs(r *template.Resource, logging template.Value, send func(sentLog)) {
	if exists, known := c.exists(r, logging); !known || !exists {
		return
	}
	l := c.log(r, logdelivery.S3ServerAccess)
	own, ok := c.own(&l)
	prefix, prefixKnown := c.text(r, logging.Get("LogFilePrefix"))
	partitioned, formatKnown := c.exists(r, logging.Get("TargetObjectKeyFormat", "PartitionedPrefix"))
	v := logging.Get("DestinationBucketName")
	to, toKnown := c.text(r, v)
	if !ok || !prefixKnown || !formatKnown || !toKnown {
		return
	}
	if l.bucket, l.at = to, v.Path(); to == "" {
		l.bucket = own // S3 logs to the bucket itself
	}
	// The prefix is put before the name as it is, with no slash between. A
	// statement for a folder would not do for one that has none at its end.
	if strings.HasSuffix(prefix, "/") {
		l.Prefix = strings.Trim(prefix, "/")
	}
	l.object = prefix + "2026-01-01-00-00-00-0123456789ABCDEF"
	if partitioned {
		l.object = prefix + l.Account + "/" + l.Region + "/" + own + "/2026/01/01/2026-01-01-00-00-00-0123456789ABCDEF"
	}
	send(l)
}

// bucketReport is what S3 writes about a bucket into another.
func (c *checker) bucketReport(r *template.Resource, s logdelivery.Source, to template.Value, object string, send func(sentLog)) {
	l := c.log(r, s)
	own, ok := c.own(&l)
	arrives := c.toARN(&l, to.Get("BucketArn"))
	if c.folder(&l, to.Get("Prefix")) && ok && arrives {
		l.object = l.below(own + "/" + object)
		send(l)
	}
}

// own puts the bucket's ARN into the log, and gives its name.
func (c *checker) own(l *sentLog) (name string, ok bool) {
	name, err := l.from.Ref()
	if err == nil {
		l.SourceARNs = []string{"arn:" + l.Partition + ":s3:::" + name}
		return name, true
	}
	c.unknown(l.from, "", err)
	return "", false
}

// logsOfStorageLens is a dashboard's export, which names its own encryption.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-storagelens.html
func (c *checker) logsOfStorageLens(r *template.Resource, send func(sentLog)) {
	v := r.Properties().Get("StorageLensConfiguration")
	to := v.Get("DataExport", "S3BucketDestination")
	l := c.log(r, logdelivery.StorageLens)
	exists, known := c.exists(r, to)
	enabled, alsoKnown := c.flag(r, v.Get("IsEnabled"))
	if !known || !alsoKnown || !exists || !enabled || !c.toARN(&l, to.Get("Arn")) || !c.folder(&l, to.Get("Prefix")) {
		return
	}
	id, known := c.text(r, v.Get("Id"))
	var keyKnown, sseKnown bool
	l.kmsKey, keyKnown = c.text(r, to.Get("Encryption", "SSEKMS", "KeyId"))
	l.sseS3, sseKnown = c.exists(r, to.Get("Encryption", "SSES3"))
	if !known || !keyKnown || !sseKnown {
		return
	}
	l.SourceARNs = l.arn("s3", "storage-lens/"+id)
	l.object = l.below("StorageLens/" + l.Account + "/" + id + "/V_1/manifests/dt=2026-01-01/manifest.json")
	send(l)
}
