package rule

import (
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

var topicRules = []Rule{{
	ID:       "alarm-topic-denied",
	Severity: Warning,
	Reason:   "An alarm that may not publish to its topic tells nobody: CloudWatch accepts it, goes off, and only the alarm's history says that the action failed.",
	Source:   "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html",
	Fix:      "Let the service cloudwatch.amazonaws.com publish in the topic's policy, and use kms:Decrypt and kms:GenerateDataKey* in the policy of the customer managed key that the topic is encrypted under.",
	check: func(c *checker) {
		for _, typ := range []string{"AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"} {
			c.each(typ, c.checkAlarmTopics)
		}
	},
}}

// checkAlarmTopics looks at the topics of the same stacks, once each. Others are
// not looked at: that of a company is rarely in them.
func (c *checker) checkAlarmTopics(alarm *template.Resource) {
	seen := map[string]bool{}
	for _, property := range []string{"AlarmActions", "OKActions", "InsufficientDataActions"} {
		list, _ := read(c, alarm, alarm.Properties().Get(property), template.Value.List)
		for _, e := range list {
			arn, known := c.text(alarm, e)
			if topic := c.topicWithARN(arn); known && topic != nil && !seen[arn] {
				seen[arn] = true
				c.checkAlarmTopic(alarm, e.Path(), topic, arn)
			}
		}
	}
}

func (c *checker) topicWithARN(arn string) *template.Resource {
	if resource.ARN(arn).Service != "sns" {
		return nil
	}
	for _, s := range c.stacks {
		for _, r := range s.ResourcesOfType("AWS::SNS::Topic") {
			if ref, err := r.Ref(); err == nil && ref == arn {
				return r
			}
		}
	}
	return nil
}

func (c *checker) checkAlarmTopic(alarm *template.Resource, at string, topic *template.Resource, arn string) {
	account := alarm.Stack().Account
	if account == "" || topic.Stack().Account == "" {
		c.unknown(alarm, at, errNowhere)
		return
	}
	about := context{conditionkey.SourceAccount: {account}, "aws:SourceOwner": {account}, conditionkey.SecureTransport: {"true"}}
	if alarmARN, err := alarm.Att("Arn"); err == nil {
		about[conditionkey.SourceARN] = iam.Strings{alarmARN}
	}
	ask := resource.Request{Caller: iam.ServicePrincipal("cloudwatch.amazonaws.com"), Action: "sns:Publish", Resource: arn, Context: about}
	policies, sure := c.topicPolicies(topic, arn)
	switch {
	case !sure || len(policies) > 1:
		c.unknown(alarm, at, fmt.Errorf("which policy the topic %s has: several may set one", topic.LogicalID))
		return
	case len(policies) == 0 && account != topic.Stack().Account:
		c.find(alarm, at, "the topic %s has SNS's default policy, which lets in its own account only, and not alarms of account %s", topic.LogicalID, account)
		return
	case len(policies) == 0:
	case policies[0].Err != nil:
		c.unknown(alarm, at, policies[0].Err)
		return
	default:
		ask.Policy = &iam.Source{Name: "policy of the topic " + topic.LogicalID, Document: policies[0].Known()}
		if !c.publishes(alarm, at, ask, "the topic "+topic.LogicalID+" doesn't let CloudWatch publish") {
			return
		}
	}
	c.checkTopicKey(alarm, at, topic, about)
}

// publishes decides a request of CloudWatch's, and says whether it is allowed. A
// denial that rests on a condition key which CloudWatch may send is not known.
func (c *checker) publishes(alarm *template.Resource, at string, ask resource.Request, wrong string) bool {
	d := c.set.Decide(ask)
	switch lacking := d.Lacking(); {
	case len(d.Unread) > 0:
		c.unknown(alarm, at, resource.Why(d.Unread))
	case d.Allowed:
		return true
	case len(lacking) > 0:
		c.unknown(alarm, at, fmt.Errorf("whether CloudWatch sends %s", strings.Join(lacking, ", ")))
	default:
		c.find(alarm, at, "%s: %s", wrong, explain(d))
	}
	return false
}

// topicPolicies are those that are set on a topic; sure says that no other may be.
func (c *checker) topicPolicies(topic *template.Resource, arn string) (list []*resource.Policy, sure bool) {
	ids := idsOf(topic)
	for _, p := range c.set.Policies {
		if p.Type != "AWS::SNS::TopicPolicy" {
			continue
		}
		topics, err := p.Properties().Get("Topics").Strings()
		if err != nil {
			return nil, false
		}
		for _, of := range topics {
			if of == arn || ids[of] {
				list = append(list, p)
			}
		}
	}
	for _, s := range c.stacks {
		if len(s.ResourcesOfType("AWS::SNS::TopicInlinePolicy")) > 0 {
			return list, false
		}
	}
	return list, true
}

// checkTopicKey asks the key that the topic is encrypted under.
func (c *checker) checkTopicKey(alarm *template.Resource, at string, topic *template.Resource, about context) {
	v := topic.Properties().Get("KmsMasterKeyId")
	written, known := c.text(topic, v)
	switch {
	case !known || written == "":
		return
	case strings.HasSuffix(written, "alias/aws/sns"):
		c.find(alarm, at, "the topic %s is under the key %s, which lets no service in", topic.LogicalID, written)
		return
	}
	key := c.keyWritten(written)
	if key == nil {
		c.unknown(alarm, at, fmt.Errorf("whether key %s lets CloudWatch use it: it is in none of the stacks", written))
		return
	}
	for _, action := range []string{"kms:GenerateDataKey", "kms:Decrypt"} {
		ask := resource.Request{Caller: iam.ServicePrincipal("cloudwatch.amazonaws.com"), Action: action, Resource: key.ARN, Context: about}
		if !c.publishes(alarm, at, ask, "the key of the topic "+topic.LogicalID+" doesn't let CloudWatch use it") {
			return
		}
	}
}

// keyWritten is the key of an ARN or id, or nil.
func (c *checker) keyWritten(written string) *resource.Key {
	for _, k := range c.set.Keys {
		if k.ARN == written || strings.HasSuffix(k.ARN, "/"+written) {
			return k
		}
	}
	return nil
}
