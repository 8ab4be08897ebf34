package rule

import (
	"github.com/s3seal/s3seal/internal/template"
	"github.com/s3seal/s3seal/logdelivery"
)

// logsOfTrail are a trail's, with the key that it may name. Those of an
// organization's other accounts lie in folders beside this one, below an id that
// the template doesn't tell.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html
func (c *checker) logsOfTrail(r *template.Resource, send func(sentLog)) {
	p := r.Properties()
	l := c.log(r, logdelivery.CloudTrail)
	var known bool
	if l.kmsKey, known = c.text(r, p.Get("KMSKeyId")); !known || !c.toBucket(&l, p.Get("S3BucketName")) || !c.folder(&l, p.Get("S3KeyPrefix")) {
		return
	}
	name, err := r.Ref()
	if err != nil {
		c.unknown(r, "", err)
		return
	}
	l.SourceARNs = l.arn("cloudtrail", "trail/"+name)
	l.object = l.below("AWSLogs/" + l.Account + "/CloudTrail/" + l.Region + "/2026/01/01/log.json.gz")
	send(l)
}

// logsOfConfig are configuration histories and snapshots, with the key that the
// channel may name. AWS Config tries the bucket with a file of its own.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-config-deliverychannel.html
func (c *checker) logsOfConfig(r *template.Resource, send func(sentLog)) {
	p := r.Properties()
	l := c.log(r, logdelivery.Config)
	var known bool
	if l.kmsKey, known = c.text(r, p.Get("S3KmsKeyArn")); !known || !c.toBucket(&l, p.Get("S3BucketName")) || !c.folder(&l, p.Get("S3KeyPrefix")) {
		return
	}
	l.SourceARNs = l.arn("config", "*")
	l.object = l.below("AWSLogs/" + l.Account + "/Config/ConfigWritabilityCheckFile")
	send(l)
}
