package alarm

import (
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/internal/metric"
)

// UploadsDenied watches what a trail says of uploads to a bucket. The metric
// filter of DeniedUploads makes the metric; it has values only where there are
// such uploads.
func UploadsDenied() Alarm {
	return Alarm{
		ID:        "UploadsDenied",
		Text:      "Uploads to a bucket were denied. The trail's log says whose, and why. See " + alarmsPage + "uploads-are-denied",
		Namespace: metric.Namespace, Metric: DeniedUploads, Unit: "Count", Dimensions: []string{"Bucket"},
		Statistic: "Sum", Above: 0, Period: fiveMinutes, Periods: 1, Missing: Good,
	}
}

// DeniedUploads is the metric of the uploads that were denied.
const DeniedUploads = "DeniedUploads"

// uploads are the operations that write an object's bytes.
//
// Source: AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html, "Amazon S3
// data events in CloudTrail".
var uploads = []string{"PutObject", "CopyObject", "CreateMultipartUpload", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload"}

// BucketField is where a data event has the bucket's name.
const BucketField = "$.requestParameters.bucketName"

// DeniedUploadsPattern is the pattern of a metric filter that counts the uploads
// to a bucket which were denied, in a trail's log group.
//
// Source: AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, "Matching
// terms in JSON log events".
func DeniedUploadsPattern(bucket string) string {
	var names []string
	for _, name := range uploads {
		names = append(names, "($.eventName = "+name+")")
	}
	return fmt.Sprintf(`{ ($.eventSource = "s3.amazonaws.com") && ($.errorCode = "AccessDenied") && (%s = %q) && (%s) }`, BucketField, bucket, strings.Join(names, " || "))
}

// LogsStopped watches the events of new objects in a log bucket, which a rule of
// EventBridge counts. S3 has no metric of its log deliveries, and no page says
// that its request metrics count them. A bucket that never got a log is as silent
// as one whose delivery has stopped, so it goes off at once, until the first log
// is there.
//
// Sources: eventbridge/latest/userguide/eb-monitoring.html, MatchedEvents;
// AmazonS3/latest/userguide/EventBridge.html.
func LogsStopped(days int) Alarm {
	return Alarm{
		ID:        "LogsStopped",
		Text:      fmt.Sprintf("No log has come for %d days. See %sno-logs-come", days, alarmsPage),
		Namespace: "AWS/Events", Metric: "MatchedEvents", Unit: "Count", Dimensions: []string{"RuleName"},
		Statistic: "Sum", Silence: true, Period: day, Periods: days, Missing: Bad,
	}
}
