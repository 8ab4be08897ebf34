package stage

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/encryption"
)

// Alarms says who is told that something of the stage needs a person, and of what
// beyond failures of functions and of replication. docs/alarms.md says what each
// alarm watches, and what it costs.
type Alarms struct {
	// TopicARN is the SNS topic that each CloudWatch alarm tells when it goes
	// off, and when it is over; it is of the source Region. Its policy must let
	// cloudwatch.amazonaws.com publish for the source account; an encrypted topic
	// needs a customer managed key whose policy does so too. Either this or
	// emails is required.
	TopicARN string `yaml:"topicArn,omitempty" jsonschema:"pattern=^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:.+$"`

	// Emails makes a topic of the stage's own, under a key of its own, which tells
	// these addresses. SNS asks each once whether it agrees.
	Emails []string `yaml:"emails,omitempty" jsonschema:"minItems=1,uniqueItems=true,pattern=^[^@ ]+@[^@ ]+$"`

	// KeyAgeDays is how old a key may be that an object is under, 1-3650, when a
	// sweep's function has looked at them all; with buckets.sse-c.sweep. Default:
	// 365.
	KeyAgeDays int `yaml:"keyAgeDays,omitempty" jsonschema:"minimum=1,maximum=3650"`

	// FunctionErrors is how many errors of one function in five minutes need
	// nobody, 0-100000. A get of an object that isn't there is an error. Default:
	// 0.
	FunctionErrors int `yaml:"functionErrors,omitempty" jsonschema:"minimum=0,maximum=100000"`

	// Replication adds to the alarm on failed replication; with replica.
	Replication ReplicationAlarms `yaml:"replication,omitempty"`

	// TrailLogGroup is the log group, of the source environment, of a trail that
	// logs data events of the stage's buckets. With it, uploads that are denied
	// have an alarm. Default: none.
	TrailLogGroup string `yaml:"trailLogGroup,omitempty" jsonschema:"minLength=1,maxLength=512,pattern=^[A-Za-z0-9_/.#-]+$"`

	// SilentLogDays is after how many days without a server access log, or
	// without an inventory list if inventoryFrequency is daily, an alarm goes
	// off, 1-7. It also goes off until the first has come. It is about the source
	// environment. Default: 0, never.
	SilentLogDays int `yaml:"silentLogDays,omitempty" jsonschema:"minimum=1,maximum=7"`

	// Dashboard makes a CloudWatch dashboard of the stage. Default: false.
	Dashboard bool `yaml:"dashboard,omitempty"`
}

// ReplicationAlarms adds to the alarm on failed replication.
type ReplicationAlarms struct {
	// LatencyMinutes is how far the replicas may be behind, 1-10080. S3 publishes
	// this in the Region of the replica bucket; if that isn't the source's, a stack
	// of the source account stands there. Default: 0, no alarm.
	LatencyMinutes int `yaml:"latencyMinutes,omitempty" jsonschema:"minimum=1,maximum=10080"`

	// LatencyTopicARN is the topic of the replica's Region that it tells. Required
	// with latencyMinutes and topicArn, if that isn't the source's Region.
	LatencyTopicARN string `yaml:"latencyTopicArn,omitempty" jsonschema:"pattern=^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:.+$"`

	// FailedObjects sends each object that is not replicated to the topic, with
	// the reason. It can be many messages. The policies of topicArn and of its key
	// must let s3.amazonaws.com in, too, or S3 refuses the deployment. Default:
	// false.
	FailedObjects bool `yaml:"failedObjects,omitempty"`
}

// LatencyEnvironment is where the replicas' latency is watched, by the source
// account, and whether that is elsewhere than in the source's Region.
func (s *Stage) LatencyEnvironment() (Environment, bool) {
	if s.Alarms == nil || s.Replica == nil || s.Alarms.Replication.LatencyMinutes == 0 || s.Replica.Region == s.Source.Region {
		return s.Source, false
	}
	return Environment{Account: s.Source.Account, Region: s.Replica.Region}, true
}

// TopicName is the name of the stage's own topic.
func (s *Stage) TopicName() string { return s.Prefix + "-alarms" }

var (
	topicARN = regexp.MustCompile(`^arn:([a-z-]+):sns:([a-z0-9-]+):([0-9]{12}):[A-Za-z0-9_-]{1,256}(\.fifo)?$`)
	address  = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	logGroup = regexp.MustCompile(`^[A-Za-z0-9_/.#-]{1,512}$`)
)

// checkAlarms checks who is told, and that there is something to watch.
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
	d.between(self+".functionErrors", s.Alarms.FunctionErrors, 0, 100000)
	d.checkTrail(s)
	d.checkSilence(s)
	d.checkReplicationAlarms(s)
	if d.checkReceiver(s) && !s.watched() {
		d.report(self, "alarms have nothing to watch: turn on what they are about, such as buckets: {sse-c: {rotation: {everyDays: 90}}}, or remove alarms")
	}
}

// watched reports whether the stage has something that an alarm watches.
func (s *Stage) watched() bool {
	a := s.Alarms
	if s.Replica != nil || a.TrailLogGroup != "" || a.SilentLogDays > 0 || a.Dashboard {
		return true
	}
	for p, o := range s.bucketOptions() {
		if !s.Has(p) {
			continue
		}
		if *o.functions != nil && **o.functions || len(*o.ingestFrom) > 0 || p.Traits().Key == encryption.CustomerManaged ||
			o.ssec != nil && (o.ssec.Sweep != nil || o.ssec.Rotation != nil) {
			return true
		}
	}
	return false
}

// checkReceiver checks who is told, and reports whether it is right.
func (d *document) checkReceiver(s *Stage) bool {
	self := fieldPath(s, "alarms")
	at, emails := self+".topicArn", self+".emails"
	example := topicExample(s.Source)
	if d.environmentFailed(s, s.Source) || d.failed(emails) {
		return false
	}
	if !d.has(emails) {
		return d.required(at, example+"; or emails: [address], for a topic of the stage's own") && d.checkTopic(at, s.Alarms.TopicARN, s.Source)
	}
	if d.has(at) {
		d.report(emails, "emails beside topicArn: subscribe the addresses to that topic, or remove one of the lines")
		return false
	}
	if len(s.Alarms.Emails) == 0 {
		d.report(emails, "emails is empty: write an address, such as on-call@example.com, or topicArn instead")
	}
	for i, e := range s.Alarms.Emails {
		if !address.MatchString(e) {
			d.report(fmt.Sprintf("%s[%d]", emails, i), "%s isn't an address: write one, such as on-call@example.com", quote(e))
		}
	}
	checkUnique(d, emails, s.Alarms.Emails)
	return true
}

func topicExample(e Environment) string {
	return fmt.Sprintf("write the ARN of an SNS topic, such as arn:%s:sns:%s:%s:alarms", e.Partition(), e.Region, e.Account)
}

// checkTopic checks the ARN of a topic for alarms of an environment, and reports
// whether it is right. The topic may be of another account, which collects the
// alarms of many. That it is of the alarms' Region is what every example of AWS
// shows; no page says that another would do.
//
// Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
// and https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
func (d *document) checkTopic(at, arn string, e Environment) bool {
	m, example := topicARN.FindStringSubmatch(arn), topicExample(e)
	switch {
	case d.failed(at):
		return false
	case strings.Contains(arn, "@"):
		d.report(at, "%s is an address: subscribe it to an SNS topic, and %s", quote(arn), example)
	case m == nil:
		d.report(at, "%s isn't the ARN of an SNS topic: %s", quote(arn), example)
	case m[1] != e.Partition():
		d.report(at, "the topic is of the partition %s, and the alarms of %s: %s", m[1], e.Partition(), example)
	case m[2] != e.Region:
		d.report(at, "the topic is of Region %s, and the alarms of %s: %s", m[2], e.Region, example)
	default:
		return true
	}
	return false
}

// checkReplicationAlarms checks what needs a replica, and where it is told.
func (d *document) checkReplicationAlarms(s *Stage) {
	self := fieldPath(s, "alarms.replication")
	a := s.Alarms.Replication
	if !d.has(self) || d.failed(self) {
		return
	}
	if s.Replica == nil {
		d.report(self, "alarms.replication without replica, which it is about: add replica, or remove the line")
		return
	}
	latency, topic := self+".latencyMinutes", self+".latencyTopicArn"
	if d.has(latency) {
		d.between(latency, a.LatencyMinutes, 1, 10080)
	}
	if d.failed(latency) || d.environmentFailed(s, s.Source) || d.environmentFailed(s, s.Replica.Environment) {
		return
	}
	e, elsewhere := s.LatencyEnvironment()
	given := d.has(fieldPath(s, "alarms.topicArn"))
	switch {
	case d.has(topic) && !(elsewhere && given):
		d.report(topic, "latencyTopicArn has no effect without latencyMinutes, without topicArn, and in the source's own Region: remove it")
	case elsewhere && given && d.required(topic, topicExample(e)):
		d.checkTopic(topic, a.LatencyTopicARN, e)
	}
	if at := self + ".failedObjects"; a.FailedObjects && strings.HasSuffix(s.Alarms.TopicARN, ".fifo") {
		d.report(at, "failedObjects with the FIFO topic %s, which S3 can't notify: name a standard topic, or remove the line", quote(s.Alarms.TopicARN))
	}
}

// checkTrail checks the log group of a trail.
//
// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
func (d *document) checkTrail(s *Stage) {
	at := fieldPath(s, "alarms.trailLogGroup")
	switch name := s.Alarms.TrailLogGroup; {
	case !d.has(at) || d.failed(at):
	case strings.HasPrefix(name, "arn:"):
		d.report(at, "trailLogGroup %s is an ARN: write the name behind :log-group: alone", quote(name))
	case !logGroup.MatchString(name):
		d.report(at, "trailLogGroup %s isn't the name of a log group: write letters, digits and _-/.#, at most 512", quote(name))
	}
}

// checkSilence checks that there are logs that can be missed.
func (d *document) checkSilence(s *Stage) {
	at := fieldPath(s, "alarms.silentLogDays")
	if !d.has(at) || d.failed(at) {
		return
	}
	d.between(at, s.Alarms.SilentLogDays, 1, 7)
	logs := []string{fieldPath(s, "logs.serverAccess"), fieldPath(s, "logs.inventory"), fieldPath(s, "logs.inventoryFrequency")}
	if slices.ContainsFunc(logs, d.failed) || *s.Logs.ServerAccess || s.DailyInventory() {
		return
	}
	d.report(at, "silentLogDays without logs that come each day: turn on logs.serverAccess, or write logs: {inventoryFrequency: daily}")
}

// DailyInventory reports whether inventory lists come each day. Weekly ones come
// too seldom for an alarm, which looks at seven days at most.
func (s *Stage) DailyInventory() bool {
	return *s.Logs.Inventory && s.Logs.InventoryFrequency == "daily"
}
