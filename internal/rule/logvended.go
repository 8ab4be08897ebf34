package rule

import (
	"errors"
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/internal/template"
	"github.com/s3seal/s3seal/logdelivery"
)

// vendedLogTypes are the log types of delivery sources.
// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliverySource.html
var vendedLogTypes = map[string]logdelivery.Source{
	"S3_SERVER_ACCESS_LOGS": logdelivery.S3ServerAccessVended,
	"ALB_ACCESS_LOGS":       logdelivery.ALBAccessVended,
	"ALB_CONNECTION_LOGS":   logdelivery.ALBConnectionVended,
	"ALB_HEALTH_CHECK_LOGS": logdelivery.ALBHealthCheckVended,
	"NLB_ACCESS_LOGS":       logdelivery.NLBAccessVended,
}

// logsOfDelivery is what a delivery takes from its source to its destination,
// each of which may be in another stack.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-delivery.html
func (c *checker) logsOfDelivery(r *template.Resource, send func(sentLog)) {
	p := r.Properties()
	name, known := c.text(r, p.Get("DeliverySourceName"))
	arn, alsoKnown := c.text(r, p.Get("DeliveryDestinationArn"))
	if !known || !alsoKnown {
		return
	}
	to := c.deliveryEnd("AWS::Logs::DeliveryDestination", func(end *template.Resource) (string, error) { return end.Att("Arn") }, arn)
	if to == nil {
		c.unknown(r, p.Get("DeliveryDestinationArn").Path(), fmt.Errorf("where delivery destination %s leads: it is in none of the stacks", arn))
		return
	}
	l := c.log(r, "")
	target := to.Properties().Get("DestinationResourceArn")
	arn, known = c.text(to, target)
	bucket, prefix, _ := strings.Cut(arnPart(arn, 5), "/")
	if !known || arnPart(arn, 2) != "s3" {
		return // a log group or a Firehose stream
	}
	l.bucket, l.Prefix, l.at = bucket, strings.Trim(prefix, "/"), p.Get("DeliveryDestinationArn").Path()
	from := c.deliveryEnd("AWS::Logs::DeliverySource", func(end *template.Resource) (string, error) {
		if end.Stack().Account != l.Account || end.Stack().Region != l.Region {
			return "", errors.New("out of reach")
		}
		return end.Ref()
	}, name)
	if from == nil {
		c.unknown(r, p.Get("DeliverySourceName").Path(), fmt.Errorf("which logs delivery source %s has: it is in none of the stacks", name))
		return
	}
	if !c.vendedSource(&l, from) {
		return
	}
	hive, known := c.flag(r, p.Get("S3EnableHiveCompatiblePath"))
	suffix, alsoKnown := c.text(r, p.Get("S3SuffixPath"))
	if !known || !alsoKnown {
		return
	}
	folder := l.Prefix
	switch {
	case folder != "": // stands in place of the rest
	case hive:
		folder = "AWSLogs/aws-account-id=" + l.Account
	default:
		folder = "AWSLogs/" + l.Account
	}
	if suffix = strings.Trim(suffix, "/"); suffix != "" {
		folder += "/" + suffix
	}
	l.object = folder + "/log.gz"
	l.SourceARNs = l.arn("logs", "delivery-source:"+name)
	send(l)
}

// vendedSource reads what a delivery source has.
func (c *checker) vendedSource(l *sentLog, from *template.Resource) bool {
	logType, known := c.text(from, from.Properties().Get("LogType"))
	if !known {
		return false
	}
	if l.Source = vendedLogTypes[logType]; l.Source != "" {
		return true
	}
	// Other services call theirs ACCESS_LOGS too.
	what := from.Properties().Get("ResourceArn")
	arn, err := what.String()
	if logType == "ACCESS_LOGS" && (arnPart(arn, 2) == "cloudfront" || err != nil && strings.Contains(err.Error(), "AWS::CloudFront::Distribution")) {
		l.Source = logdelivery.CloudFrontV2
		return true
	}
	c.unknown(l.from, l.at, fmt.Errorf("in which buckets vended logs of type %s arrive: they aren't known here", logType))
	return false
}

// deliveryEnd is the delivery source or destination whose id is this.
func (c *checker) deliveryEnd(typ string, id func(*template.Resource) (string, error), want string) (end *template.Resource) {
	c.each(typ, func(r *template.Resource) {
		if own, err := id(r); err == nil && own == want {
			end = r
		}
	})
	return end
}

// logsOfFlowLog are VPC flow logs.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-flowlog.html
func (c *checker) logsOfFlowLog(r *template.Resource, send func(sentLog)) {
	p := r.Properties()
	typ, known := c.text(r, p.Get("LogDestinationType"))
	hive, alsoKnown := c.flag(r, p.Get("DestinationOptions", "HiveCompatiblePartitions"))
	l := c.log(r, logdelivery.VPCFlowLogs)
	if !known || !alsoKnown || typ != "s3" || !c.toARN(&l, p.Get("LogDestination")) {
		return
	}
	l.SourceARNs = l.arn("logs", "*")
	l.object = l.below("AWSLogs/" + l.Account + "/vpcflowlogs/" + l.Region + "/2026/01/01/log.gz")
	if hive {
		l.object = l.below("AWSLogs/aws-account-id=" + l.Account + "/aws-service=vpcflowlogs/aws-region=" + l.Region + "/log.gz")
	}
	send(l)
}

// logsOfWAF are a web ACL's.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-wafv2-loggingconfiguration.html
func (c *checker) logsOfWAF(r *template.Resource, send func(sentLog)) {
	for _, v := range c.elements(r, r.Properties().Get("LogDestinationConfigs")) {
		l := c.log(r, logdelivery.WAF)
		if c.toARN(&l, v) {
			l.SourceARNs = l.arn("logs", "*")
			l.object = l.below("AWSLogs/" + l.Account + "/WAFLogs/" + l.Region + "/log.gz")
			send(l)
		}
	}
}

// logsOfResolver are Route 53 Resolver's query logs.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53resolver-resolverqueryloggingconfig.html
func (c *checker) logsOfResolver(r *template.Resource, send func(sentLog)) {
	l := c.log(r, logdelivery.ResolverQueryLogs)
	if c.toARN(&l, r.Properties().Get("DestinationArn")) {
		l.SourceARNs = l.arn("logs", "*")
		l.object = l.below("AWSLogs/" + l.Account + "/vpcdnsquerylogs/log.gz")
		send(l)
	}
}

// logsOfDistribution are CloudFront's standard logs of the old kind, whose
// bucket is given by its domain name.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-distribution-logging.html
func (c *checker) logsOfDistribution(r *template.Resource, send func(sentLog)) {
	l := c.log(r, logdelivery.CloudFrontLegacy)
	if c.toBucket(&l, r.Properties().Get("DistributionConfig", "Logging", "Bucket")) {
		if i := strings.LastIndex(l.bucket, ".s3"); i >= 0 {
			l.bucket = l.bucket[:i]
		}
		send(l)
	}
}
