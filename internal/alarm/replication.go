package alarm

import "fmt"

// replication are the dimensions of a replication rule's metrics.
//
// Source: AmazonS3/latest/userguide/metrics-dimensions.html, "S3 Replication
// dimensions in CloudWatch".
var replication = []string{"SourceBucket", "DestinationBucket", "RuleId"}

// ReplicationFailed watches the failures of a replication rule, in the Region of
// the source bucket. It is over when something is replicated again: S3 publishes
// no value while nothing is.
//
// Sources: AmazonS3/latest/userguide/repl-metrics.html; metrics-dimensions.html,
// "S3 Replication metrics in CloudWatch", for the missing values.
func ReplicationFailed() Alarm {
	return Alarm{
		ID:        "ReplicationFailed",
		Text:      "Objects were not replicated, and S3 doesn't try them again: correct what is wrong, then run s3seal repair. See " + alarmsPage + "objects-are-not-replicated",
		Namespace: "AWS/S3", Metric: "OperationsFailedReplication", Unit: "Count", Dimensions: replication,
		Statistic: "Sum", Above: 0, Period: fiveMinutes, Periods: 1, Missing: Ignore,
	}
}

// ReplicationLate watches how far the replicas are behind. S3 publishes this
// metric in the Region of the replica bucket. No page says of which account; the
// console shows it beside the source bucket's other metrics.
//
// Sources: AmazonS3/latest/userguide/repl-metrics.html; metrics-dimensions.html,
// "S3 Replication metrics in CloudWatch", for the missing values.
func ReplicationLate(minutes int) Alarm {
	return Alarm{
		ID:        "ReplicationLate",
		Text:      fmt.Sprintf("The replicas are more than %d minutes behind their source. See %sreplicas-come-late", minutes, alarmsPage),
		Namespace: "AWS/S3", Metric: "ReplicationLatency", Unit: "Seconds", Dimensions: replication,
		Statistic: "Maximum", Above: float64(minutes) * 60, Period: fiveMinutes, Periods: 1, Missing: Ignore,
	}
}
