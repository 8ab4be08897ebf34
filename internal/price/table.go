package price

// The pages of the prices.
const (
	KMSPage           = "https://aws.amazon.com/kms/pricing/"
	CloudWatchPage    = "https://aws.amazon.com/cloudwatch/pricing/"
	LambdaPage        = "https://aws.amazon.com/lambda/pricing/"
	S3Page            = "https://aws.amazon.com/s3/pricing/"
	StepFunctionsPage = "https://aws.amazon.com/step-functions/pricing/"
	SecretsPage       = "https://aws.amazon.com/secrets-manager/pricing/"
)

const million = 1e6

var table = [...]Price{
	Key:               {"KMS key", 1, Month, KMSPage, OnPage},
	KeyRotation:       {"each of its first two rotations", 1, Month, KMSPage, Quoted},
	Secret:            {"secret", 0.40, Month, SecretsPage, Quoted},
	Alarm:             {"alarm on one metric", 0.10, Month, CloudWatchPage, Quoted},
	Dashboard:         {"dashboard", 3, Month, CloudWatchPage, Quoted},
	ReplicationMetric: {"replication metric", 0.30, Month, CloudWatchPage, Quoted},
	Storage:           {"GB of S3 Standard, the first 50 TB, for a month", 0.023, "", S3Page, Quoted},
	Write:             {"PUT, COPY, POST or LIST of S3 Standard", 0.005 / 1000, "", S3Page, Unread},
	Retrieval:         {"GET, HEAD or other request of S3 Standard", 0.0004 / 1000, "", S3Page, Unread},
	BatchJob:          {"job of S3 Batch Operations", 0.25, "", S3Page, Unread},
	BatchTask:         {"object of such a job", 1 / million, "", S3Page, Unread},
	Transition:        {"state transition of a standard workflow", 0.025 / 1000, "", StepFunctionsPage, OnPage},
	Invocation:        {"request of a function", 0.20 / million, "", LambdaPage, Unread},
	Compute:           {"GB-second of a function for arm64", 0.0000133334, "", LambdaPage, Unread},
}
