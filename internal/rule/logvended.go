package rule

import (
	"errors"
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
	"github.com/s3seal/s3seal/logdelivery"
)

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
	if l.bucket, l.Prefix = bucketOf(arn); !known || l.bucket == "" {
		return // a log group or a Firehose stream
	}
	l.at = p.Get("DeliveryDestinationArn").Path()
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
	l.object = l.Object(name, "", hive)
	if suffix = strings.Trim(suffix, "/"); suffix != "" {
		l.object += suffix + "/"
	}
	l.object += "log.gz"
	l.SourceARNs = []string{l.ARN(name)}
	send(l)
}

// vendedSource reads what a delivery source has.
func (c *checker) vendedSource(l *sentLog, from *template.Resource) bool {
	logType, known := c.text(from, from.Properties().Get("LogType"))
	if !known {
		return false
	}
	arn, err := from.Properties().Get("ResourceArn").String()
	for _, s := range sentBy[l.from.Type] {
		t, _ := logdelivery.Of(s)
		of := t.Setting.Of
		if logType == t.Setting.LogType && (of == "" || resource.ARN(arn).Service == of || err != nil && strings.Contains(strings.ToLower(err.Error()), "aws::"+of+"::")) {
			l.Source, l.traits = s, t
			return true
		}
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
