package configuration

import (
	"encoding/xml"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// Notification says which events of a bucket go where. EventBridge gets all of
// them.
type Notification struct {
	XMLName     xml.Name           `xml:"NotificationConfiguration"`
	Topics      []NotificationRule `xml:"TopicConfiguration"`
	Queues      []NotificationRule `xml:"QueueConfiguration"`
	Functions   []NotificationRule `xml:"CloudFunctionConfiguration"`
	EventBridge *struct{}          `xml:"EventBridgeConfiguration,omitempty"`
}

// NotificationRule sends the events of some keys to one destination: of the three
// ARNs it has one.
type NotificationRule struct {
	ID            string              `xml:"Id,omitempty"`
	Topic         string              `xml:",omitempty"`
	Queue         string              `xml:",omitempty"`
	CloudFunction string              `xml:",omitempty"`
	Events        []string            `xml:"Event"`
	Filter        *notificationFilter `xml:",omitempty"`
}

type notificationFilter struct {
	Rules []filterRule `xml:"S3Key>FilterRule"`
}

type filterRule struct{ Name, Value string }

// notificationEvents are those that can be sent here. Those of time control never
// happen: replication here takes no 15 minutes.
//
// Source: S3 user guide, notification-how-to-event-types-and-destinations.
var notificationEvents = []string{
	"s3:ObjectCreated:*", "s3:ObjectCreated:Put", "s3:ObjectCreated:Post", "s3:ObjectCreated:Copy", "s3:ObjectCreated:CompleteMultipartUpload",
	"s3:ObjectRemoved:*", "s3:ObjectRemoved:Delete", "s3:ObjectRemoved:DeleteMarkerCreated",
	"s3:Replication:*", "s3:Replication:OperationFailedReplication",
}

// All are the rules of all kinds; nil has none.
func (n *Notification) All() []NotificationRule {
	if n == nil {
		return nil
	}
	return slices.Concat(n.Topics, n.Queues, n.Functions)
}

// Check refuses a configuration that no bucket can have, and gives each rule an id.
func (n *Notification) Check() error {
	if n == nil {
		return nil
	}
	for kind, list := range map[string][]NotificationRule{"TopicConfiguration": n.Topics, "QueueConfiguration": n.Queues, "CloudFunctionConfiguration": n.Functions} {
		for i := range list {
			r := &list[i]
			given := map[string]string{"TopicConfiguration": r.Topic, "QueueConfiguration": r.Queue, "CloudFunctionConfiguration": r.CloudFunction}[kind]
			if given == "" || given != r.Destination() || len(r.Events) == 0 {
				return fault.MalformedXML("%s has one ARN, of its own kind, and at least one Event", kind)
			}
			if r.ID == "" {
				r.ID = api.UUID()
			}
			if err := r.check(); err != nil {
				return err
			}
		}
	}
	return n.overlap()
}

func (r *NotificationRule) check() error {
	for _, e := range r.Events {
		if !slices.Contains(notificationEvents, e) {
			return fault.NotImplemented("notifications of the event " + e)
		}
	}
	if r.Filter == nil {
		return nil
	}
	seen := map[string]bool{}
	for _, f := range r.Filter.Rules {
		name := strings.ToLower(f.Name)
		if name != "prefix" && name != "suffix" || seen[name] {
			return fault.InvalidArgument("filter rule name must be either prefix or suffix, and each once", "FilterRule.Name", f.Name)
		}
		seen[name] = true
	}
	return nil
}

func (r *NotificationRule) part(name string) string {
	if r.Filter != nil {
		for _, f := range r.Filter.Rules {
			if strings.EqualFold(f.Name, name) {
				return f.Value
			}
		}
	}
	return ""
}

// Destination is the rule's ARN.
func (r *NotificationRule) Destination() string { return r.Topic + r.Queue + r.CloudFunction }

// Sends says whether the rule sends an event ("ObjectCreated:Put") of a key.
func (r *NotificationRule) Sends(event, key string) bool {
	if !strings.HasPrefix(key, r.part("prefix")) || !strings.HasSuffix(key, r.part("suffix")) {
		return false
	}
	return slices.ContainsFunc(r.Events, func(e string) bool { return covers(e, "s3:"+event) })
}

// covers says whether an event type is another, or the wildcard over it.
func covers(pattern, event string) bool {
	prefix, wild := strings.CutSuffix(pattern, "*")
	return pattern == event || wild && strings.HasPrefix(event, prefix)
}

// overlap refuses two rules that would both send an event of one key.
//
// Source: S3 user guide, notification-how-to-filtering.
func (n *Notification) overlap() error {
	all := n.All()
	for i := range all {
		for j := range i {
			a, b := &all[i], &all[j]
			shared := slices.ContainsFunc(a.Events, func(e string) bool {
				return slices.ContainsFunc(b.Events, func(f string) bool { return covers(e, f) || covers(f, e) })
			})
			one, other := a.part("prefix"), b.part("prefix")
			prefixes := strings.HasPrefix(one, other) || strings.HasPrefix(other, one)
			one, other = a.part("suffix"), b.part("suffix")
			if shared && prefixes && (strings.HasSuffix(one, other) || strings.HasSuffix(other, one)) {
				return fault.InvalidArgument("Configurations overlap. Configurations on the same bucket cannot share a common event type.", "NotificationConfiguration", a.ID)
			}
		}
	}
	return nil
}

// notificationProperty is CloudFormation's shape.
//
// Source: CloudFormation template reference,
// aws-properties-s3-bucket-notificationconfiguration.
type notificationProperty struct {
	EventBridgeConfiguration *struct{ EventBridgeEnabled *bool }
	TopicConfigurations      []notificationRuleProperty
	QueueConfigurations      []notificationRuleProperty
	LambdaConfigurations     []notificationRuleProperty
}

type notificationRuleProperty struct {
	Event, Topic, Queue, Function string
	Filter                        *struct {
		S3Key struct{ Rules []filterRule }
	}
}

// Notification is the property as the API's document; nil if it isn't there.
func (p *notificationProperty) Notification() *Notification {
	if p == nil {
		return nil
	}
	n := &Notification{}
	if e := p.EventBridgeConfiguration; e != nil && (e.EventBridgeEnabled == nil || *e.EventBridgeEnabled) {
		n.EventBridge = &struct{}{}
	}
	rules := func(list []notificationRuleProperty) (out []NotificationRule) {
		for _, r := range list {
			rule := NotificationRule{Topic: r.Topic, Queue: r.Queue, CloudFunction: r.Function, Events: []string{r.Event}}
			if r.Filter != nil {
				rule.Filter = &notificationFilter{Rules: r.Filter.S3Key.Rules}
			}
			out = append(out, rule)
		}
		return out
	}
	n.Topics, n.Queues, n.Functions = rules(p.TopicConfigurations), rules(p.QueueConfigurations), rules(p.LambdaConfigurations)
	return n
}
