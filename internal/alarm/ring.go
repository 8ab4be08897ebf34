package alarm

import (
	"fmt"

	"github.com/s3seal/s3seal/internal/metric"
	"github.com/s3seal/s3seal/internal/ssec"
)

// RotationFailed watches the function that rotates the ring. Lambda counts a
// function's errors itself, without CloudTrail, which the events of Secrets
// Manager about a failed rotation need.
//
// Source: lambda/latest/dg/monitoring-metrics-types.html.
func RotationFailed() Alarm {
	return Alarm{
		ID:        "RotationFailed",
		Text:      "A rotation of the SSE-C key ring failed. Nothing is lost: objects are still written and read under the keys that the ring has. See " + rotationPage + "a-rotation-failed",
		Namespace: lambda, Metric: "Errors", Unit: "Count", Dimensions: []string{"FunctionName"},
		Statistic: "Sum", Above: 0, Period: fiveMinutes, Periods: 1, Missing: Ignore,
	}
}

// RingNearlyFull watches what each rotation says of the ring.
func RingNearlyFull() Alarm {
	return ring("RingNearlyFull", metric.RingBytes, ssec.NearlyFull,
		"The SSE-C key ring is nearly as large as a secret can be; when it is, a rotation fails. See "+rotationPage+"the-ring-is-nearly-full")
}

// OldKey watches what each sweep says of the oldest key that an object is under.
func OldKey(days int) Alarm {
	return ring("OldKey", metric.OldestKeyDays, float64(days),
		fmt.Sprintf("Objects are under an SSE-C key that is more than %d days old. See %sobjects-are-under-an-old-key", days, rotationPage))
}

// ring is an alarm on what the functions of the ring say of it.
func ring(id string, m metric.Metric, above float64, text string) Alarm {
	return Alarm{
		ID: id, Text: text,
		Namespace: metric.Namespace, Metric: m.Name, Unit: m.Unit, Dimensions: []string{"FunctionName", "Bucket"},
		Statistic: "Maximum", Above: above, Period: day, Periods: 1, Missing: Ignore,
	}
}
