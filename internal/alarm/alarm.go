// Package alarm is the table of the CloudWatch alarms: what each watches, and what
// a person is told. The construct makes its alarms of it, and a test holds each
// row against what the functions write, or against AWS's page of the metric.
package alarm

import (
	"slices"
	"time"
)

// An Alarm is one row.
type Alarm struct {
	ID   string // of the construct, behind that of what is watched
	Text string // what the person who is called reads: what is wrong, and what to do

	Namespace, Metric string
	Unit              string            // of the metric's values; an alarm that named another would never go off
	Dimensions        []string          // all that the metric has, or CloudWatch finds no value
	Fixed             map[string]string // the values of those that are always the same
	Statistic         string
	Above             float64 // it goes off when the statistic is more
	Period            time.Duration
	Periods           int // in a row

	// Quota says that Above is a percentage of the service quota of the metric.
	Quota bool

	// Silence says that it goes off when the metric has no value above zero.
	Silence bool

	Missing string // what a period without a value counts as
}

// What a period without a value counts as.
//
// Source: AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html.
const (
	// Ignore leaves the alarm as it is. What is watched so happens at times that
	// are hours or days apart: as good, a rotation that failed would be over five
	// minutes later; as bad, every alarm would go off between two sweeps.
	Ignore = "ignore"

	// Good is for metrics that have values only while something is wrong.
	Good = "notBreaching"

	// Bad is for what must not be silent.
	Bad = "breaching"
)

// Page is the page for whoever is called.
const Page = docs + "alarms.md"

const (
	docs         = "https://github.com/s3seal/s3seal/blob/main/docs/"
	rotationPage = docs + "rotation.md#"
	alarmsPage   = Page + "#"
)

const (
	fiveMinutes = 5 * time.Minute

	// day is the longest period of an alarm that this program makes. A period
	// times Periods is seven days at most.
	//
	// Source: AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, Period.
	day = 24 * time.Hour
)

// All returns every alarm, with some threshold.
func All() []Alarm {
	return slices.Concat(
		[]Alarm{RotationFailed(), RingNearlyFull(), OldKey(365)},
		[]Alarm{FunctionErrors(0), FunctionThrottled(), ServiceThrottled(), DeadLetters(), KeyQuota()},
		[]Alarm{ReplicationFailed(), ReplicationLate(30)},
		[]Alarm{UploadsDenied(), LogsStopped(2)},
	)
}
