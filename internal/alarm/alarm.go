// Package alarm is the table of the CloudWatch alarms: what each watches, and what
// a person is told. The construct makes its alarms of it, and a test holds each
// row against what the functions write.
package alarm

import (
	"fmt"
	"time"

	"github.com/s3seal/s3seal/internal/metric"
	"github.com/s3seal/s3seal/internal/ssec"
)

// An Alarm is one row.
type Alarm struct {
	ID   string // of the construct
	Text string // what the person who is called reads: what is wrong, and what to do

	Namespace, Metric string
	Unit              string   // of the metric's values; an alarm that named another would never go off
	Dimensions        []string // all that the metric has, or CloudWatch finds no value
	Statistic         string
	Above             float64 // it goes off when the statistic is more
	Period            time.Duration
}

// Missing is how every alarm treats a period without a value: it stays as it is.
// What is watched happens at times that are days apart. As good, a rotation that
// failed would be over five minutes later; as bad, every alarm would go off
// between two sweeps.
//
// Source: AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html.
const Missing = "ignore"

const page = "https://github.com/s3seal/s3seal/blob/main/docs/rotation.md"

// day is the longest period of an alarm.
//
// Source: AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, Period.
const day = 24 * time.Hour

// RotationFailed watches the function that rotates the ring. Lambda counts a
// function's errors itself, without CloudTrail, which the events of Secrets
// Manager about a failed rotation need.
//
// Source: lambda/latest/dg/monitoring-metrics-types.html.
func RotationFailed() Alarm {
	return Alarm{
		ID:        "RotationFailed",
		Text:      "A rotation of the SSE-C key ring failed. Nothing is lost: objects are still written and read under the keys that the ring has. See " + page + "#a-rotation-failed",
		Namespace: "AWS/Lambda", Metric: "Errors", Unit: "Count", Dimensions: []string{"FunctionName"},
		Statistic: "Sum", Above: 0, Period: 5 * time.Minute,
	}
}

// RingNearlyFull watches what each rotation says of the ring.
func RingNearlyFull() Alarm {
	return of("RingNearlyFull", metric.RingBytes, ssec.NearlyFull,
		"The SSE-C key ring is nearly as large as a secret can be; when it is, a rotation fails. See "+page+"#the-ring-is-nearly-full")
}

// OldKey watches what each sweep says of the oldest key that an object is under.
func OldKey(days int) Alarm {
	return of("OldKey", metric.OldestKeyDays, float64(days),
		fmt.Sprintf("Objects are under an SSE-C key that is more than %d days old. See %s#objects-are-under-an-old-key", days, page))
}

// of is an alarm on a metric of the program's own.
func of(id string, m metric.Metric, above float64, text string) Alarm {
	return Alarm{
		ID: id, Text: text,
		Namespace: metric.Namespace, Metric: m.Name, Unit: m.Unit, Dimensions: []string{"FunctionName", "Bucket"},
		Statistic: "Maximum", Above: above, Period: day,
	}
}
