package stage

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/s3seal/s3seal/encryption"
)

// Alarms says who is told that something of the stage needs a person.
type Alarms struct {
	// TopicARN is the SNS topic that each CloudWatch alarm tells when it goes
	// off, and when it is over; it is of the source Region. Required. Its policy
	// must let cloudwatch.amazonaws.com publish for the source account; an
	// encrypted topic needs a customer managed key whose policy does so too.
	TopicARN string `yaml:"topicArn" jsonschema:"pattern=^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:.+$"`

	// KeyAgeDays is how old a key may be that an object is under, 1-3650, when a
	// sweep's function has looked at them all; with buckets.sse-c.sweep. Default:
	// 365.
	KeyAgeDays int `yaml:"keyAgeDays,omitempty" jsonschema:"minimum=1,maximum=3650"`
}

var topicARN = regexp.MustCompile(`^arn:([a-z-]+):sns:([a-z0-9-]+):([0-9]{12}):[A-Za-z0-9_-]{1,256}(\.fifo)?$`)

// checkAlarms checks the topic, and that there is something to watch. The topic may be of another account, which collects the
// alarms of many. That it is of the alarms' Region is what every example of AWS
// shows; no page says that another would do.
//
// Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
// and https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
func (d *document) checkAlarms(s *Stage) {
	self := fieldPath(s, "alarms")
	if s.Alarms == nil || d.failed(self) {
		return
	}
	sweeps := s.Has(encryption.SSEC) && s.Buckets.SSEC.Sweep != nil
	if at := self + ".keyAgeDays"; d.has(at) && !sweeps {
		d.report(at, "keyAgeDays without a sweep's function, which finds the keys' age: add buckets: {sse-c: {sweep: {engine: function}}}, or remove the line")
	} else {
		d.between(at, s.Alarms.KeyAgeDays, 1, 3650)
	}
	at := self + ".topicArn"
	e := s.Source
	example := fmt.Sprintf("write the ARN of an SNS topic, such as arn:%s:sns:%s:%s:alarms", e.Partition(), e.Region, e.Account)
	if d.environmentFailed(s, e) || !d.required(at, example) {
		return
	}
	m := topicARN.FindStringSubmatch(s.Alarms.TopicARN)
	switch {
	case strings.Contains(s.Alarms.TopicARN, "@"):
		d.report(at, "%s is an address: subscribe it to an SNS topic, and %s", quote(s.Alarms.TopicARN), example)
	case m == nil:
		d.report(at, "%s isn't the ARN of an SNS topic: %s", quote(s.Alarms.TopicARN), example)
	case m[1] != e.Partition():
		d.report(at, "the topic is of the partition %s, and the alarms of %s: %s", m[1], e.Partition(), example)
	case m[2] != e.Region:
		d.report(at, "the topic is of Region %s, and the alarms of %s: %s", m[2], e.Region, example)
	case !sweeps && (!s.Has(encryption.SSEC) || s.Buckets.SSEC.Rotation == nil):
		d.report(self, "alarms have nothing to watch: turn on what they are about, such as buckets: {sse-c: {rotation: {everyDays: 90}}}, or remove alarms")
	}
}
