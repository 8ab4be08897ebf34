package rule

import (
	"github.com/s3seal/s3seal/internal/template"
)

// destinations are what a bucket notifies, and the resources that let it.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-notificationconfiguration.html
var destinations = []struct {
	list, target string // of NotificationConfiguration
	typ          string // of what is notified
	policy, of   string // the type of what lets the bucket in, and its property that names the target
}{
	{"LambdaConfigurations", "Function", "AWS::Lambda::Function", "AWS::Lambda::Permission", "FunctionName"},
	{"QueueConfigurations", "Queue", "AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues"},
	{"TopicConfigurations", "Topic", "AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"},
}

// checkNotificationOrder: S3 tests whether it may notify when it is told to.
func (c *checker) checkNotificationOrder(r *template.Resource) {
	for _, d := range destinations {
		list, _ := read(c, r, r.Properties().Get("NotificationConfiguration", d.list), template.Value.List)
		for _, e := range list {
			to := e.Get(d.target)
			arn, known := c.text(r, to)
			if !known || arn == "" {
				continue
			}
			for _, target := range r.Stack().ResourcesOfType(d.typ) {
				ids := idsOf(target)
				if !ids[arn] {
					continue
				}
				for _, policy := range r.Stack().ResourcesOfType(d.policy) {
					if namesOne(policy.Properties().Get(d.of), ids) && !c.waitsFor(r, policy) {
						c.findOrder(r, to.Path(), policy, "S3 refuses to notify what it may not")
					}
				}
			}
		}
	}
}

// idsOf are the names, URLs and ARNs of a resource that are known.
func idsOf(r *template.Resource) map[string]bool {
	ids := map[string]bool{}
	for _, id := range []func() (string, error){
		r.Ref, func() (string, error) { return r.Att("Arn") }, func() (string, error) { return r.Att("TopicArn") },
	} {
		if text, err := id(); err == nil {
			ids[text] = true
		}
	}
	return ids
}

// namesOne says whether a name, or one of a list, is among the ids.
func namesOne(v template.Value, ids map[string]bool) bool {
	if text, err := v.String(); err == nil {
		return ids[text]
	}
	list, _ := v.List()
	for _, e := range list {
		if text, err := e.String(); err == nil && ids[text] {
			return true
		}
	}
	return false
}
