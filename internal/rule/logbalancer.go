package rule

import (
	"github.com/s3seal/s3seal/internal/template"
	"github.com/s3seal/s3seal/logdelivery"
)

// balancerLogs are the logs of a load balancer's attributes, by the first part
// of their keys, with the file that Elastic Load Balancing tries the bucket with.
// Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
var balancerLogs = []struct {
	attribute string
	source    logdelivery.Source
	test      string
}{
	{"access_logs", logdelivery.ALBAccess, "ELBAccessLogTestFile"},
	{"connection_logs", logdelivery.ALBConnection, "ELBConnectionLogTestFile"},
	{"health_check_logs", logdelivery.ALBHealthCheck, "ELBHealthCheckLogTestFile"},
}

// logsOfBalancer are those of an ALB or NLB; a Gateway Load Balancer has none.
func (c *checker) logsOfBalancer(r *template.Resource, send func(sentLog)) {
	typ, known := c.text(r, r.Properties().Get("Type"))
	name, alsoKnown := c.text(r, r.Properties().Get("Name"))
	if !known || !alsoKnown || typ == "gateway" {
		return
	}
	if name == "" {
		name = "load-balancer" // for the one that CloudFormation makes up
	}
	attributes := map[string]template.Value{}
	for _, a := range c.elements(r, r.Properties().Get("LoadBalancerAttributes")) {
		if key, known := c.text(r, a.Get("Key")); known {
			attributes[key] = a.Get("Value")
		}
	}
	for _, kind := range balancerLogs {
		value := func(name string) (template.Value, bool) {
			v, there := attributes[kind.attribute+".s3."+name]
			return v, there
		}
		v, there := value("enabled")
		if !there {
			continue
		}
		if enabled, known := c.flag(r, v); !known || !enabled {
			continue
		}
		l := c.log(r, kind.source)
		if v, there = value("bucket"); !there || !c.toBucket(&l, v) {
			continue
		}
		if v, there = value("prefix"); there && !c.folder(&l, v) {
			continue
		}
		l.object = l.below("AWSLogs/" + l.Account + "/" + kind.test)
		l.SourceARNs = l.arn("elasticloadbalancing", "loadbalancer/app/"+name+"/0123456789abcdef")
		if typ == "network" {
			if kind.source != logdelivery.ALBAccess {
				continue
			}
			l.Source, l.SourceARNs = logdelivery.NLBAccess, l.arn("logs", "*")
			l.object = l.below("AWSLogs/" + l.Account + "/elasticloadbalancing/" + l.Region + "/2026/01/01/log.gz")
		}
		send(l)
	}
}

// logsOfClassicBalancer are the access logs of a Classic Load Balancer.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-elasticloadbalancing-loadbalancer-accessloggingpolicy.html
func (c *checker) logsOfClassicBalancer(r *template.Resource, send func(sentLog)) {
	v := r.Properties().Get("AccessLoggingPolicy")
	name, known := c.text(r, r.Properties().Get("LoadBalancerName"))
	enabled, alsoKnown := c.flag(r, v.Get("Enabled"))
	l := c.log(r, logdelivery.CLBAccess)
	if !known || !alsoKnown || !enabled || !c.toBucket(&l, v.Get("S3BucketName")) || !c.folder(&l, v.Get("S3BucketPrefix")) {
		return
	}
	if name == "" {
		name = "load-balancer"
	}
	l.SourceARNs = l.arn("elasticloadbalancing", "loadbalancer/"+name)
	l.object = l.below("AWSLogs/" + l.Account + "/ELBAccessLogTestFile")
	send(l)
}
