package alarm

import (
	"fmt"
	"time"

	"github.com/s3seal/s3seal/internal/metric"
)

const lambda = "AWS/Lambda"

// throttled is the type of a failure that S3, KMS or Secrets Manager caused by
// asking to slow down. The package that names it would bring all of the functions
// into the app.
const throttled = "S3Seal.Throttled"

// FunctionErrors watches a function of a bucket. fine is how many errors in five
// minutes are none of anybody's business: a get of an object that isn't there is
// one.
//
// Source: lambda/latest/dg/monitoring-metrics-types.html.
func FunctionErrors(fine int) Alarm {
	return Alarm{
		ID:        "Errors",
		Text:      fmt.Sprintf("A function failed more than %d times in five minutes. Its log has the errorType of each. See %sa-function-fails", fine, alarmsPage),
		Namespace: lambda, Metric: "Errors", Unit: "Count", Dimensions: []string{"FunctionName"},
		Statistic: "Sum", Above: float64(fine), Period: fiveMinutes, Periods: 1, Missing: Ignore,
	}
}

// FunctionThrottled watches invocations that Lambda refused.
//
// Source: lambda/latest/dg/monitoring-metrics-types.html.
func FunctionThrottled() Alarm {
	return Alarm{
		ID:        "Throttled",
		Text:      "Lambda refused to invoke a function: more copies of it would have run than the account or its reserved concurrency lets. See " + alarmsPage + "a-function-is-throttled",
		Namespace: lambda, Metric: "Throttles", Unit: "Count", Dimensions: []string{"FunctionName"},
		Statistic: "Sum", Above: 0, Period: fiveMinutes, Periods: 1, Missing: Good,
	}
}

// ServiceThrottled watches what a function with metrics says of S3, KMS and
// Secrets Manager. KMS has no metric of the requests that it refuses, but for
// custom key stores.
//
// Source: kms/latest/developerguide/monitoring-cloudwatch.html.
func ServiceThrottled() Alarm {
	return Alarm{
		ID:        "ServiceThrottled",
		Text:      "S3, KMS or Secrets Manager refused a function's requests as too many, until its time was over. See " + alarmsPage + "kms-or-s3-refuses-requests-as-too-many",
		Namespace: metric.Namespace, Metric: metric.Errors.Name, Unit: metric.Errors.Unit,
		Dimensions: []string{"FunctionName", "Bucket", "Verb", metric.ErrorType}, Fixed: map[string]string{metric.ErrorType: throttled},
		Statistic: "Sum", Above: 0, Period: fiveMinutes, Periods: 1, Missing: Good,
	}
}

// DeadLetters watches the queue of the events that failed.
//
// Source: AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html,
// "Dead-letter queues (DLQs) and CloudWatch metrics".
func DeadLetters() Alarm {
	return Alarm{
		ID:        "DeadLetters",
		Text:      "Events of a function failed each time that they were tried, and wait in its dead-letter queue, from which they are deleted after 14 days. See " + alarmsPage + "events-are-in-a-dead-letter-queue",
		Namespace: "AWS/SQS", Metric: "ApproximateNumberOfMessagesVisible", Unit: "Count", Dimensions: []string{"QueueName"},
		Statistic: "Maximum", Above: 0, Period: fiveMinutes, Periods: 1, Missing: Ignore,
	}
}

// KeyQuota watches how much of the account's quota of requests to KMS is used: all
// keys of the account share it, and what is above it is refused. AWS's page names
// KMS among the services whose usage metrics can be set against the quota; the
// dimensions are those that its console shows.
//
// Sources: AmazonCloudWatch/latest/monitoring/CloudWatch-Quotas-Visualize-Alarms.html,
// kms/latest/developerguide/throttling.html;
// https://aws.amazon.com/blogs/security/manage-your-aws-kms-api-request-rates-using-service-quotas-and-amazon-cloudwatch/
func KeyQuota() Alarm {
	return Alarm{
		ID:        "KeyQuota",
		Text:      "The account uses more than 80 % of its quota of requests to KMS in this Region. Above it KMS refuses them, and so uploads and downloads fail. See " + alarmsPage + "the-quota-of-kms-is-nearly-used-up",
		Namespace: "AWS/Usage", Metric: "CallCount", Unit: "None", Dimensions: []string{"Service", "Type", "Resource", "Class"},
		Fixed:     map[string]string{"Service": "KMS", "Type": "API", "Resource": "CryptographicOperationsSymmetric", "Class": "None"},
		Statistic: "Sum", Above: 80, Quota: true, Period: time.Minute, Periods: 1, Missing: Good,
	}
}
