package bucket

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/internal/environment"
)

// Logs is where S3 delivers what it records about a bucket. Both buckets are in
// the bucket's own Region, exist before it, and admit it by its name.
type Logs struct {
	// ServerAccessBucket is the name of the bucket that gets the server access
	// logs, each under "<bucket>/". It is of the same account and under
	// SSE-S3. Default: none, and requests are not logged.
	ServerAccessBucket string

	// InventoryBucketARN is the bucket that gets the lists of objects, and
	// InventoryAccount its owner. Default: neither, and there are no lists.
	InventoryBucketARN, InventoryAccount string

	// InventoryFrequency is "Daily" or "Weekly". Required with
	// InventoryBucketARN.
	InventoryFrequency string
}

// fault says what is wrong with logging the bucket of a name, or "".
func (l Logs) fault(name string) string {
	switch {
	case l == Logs{}:
		return ""
	case name == "":
		return "it has logs and no Name, by which the log buckets' policies admit it: give it one"
	case l.ServerAccessBucket == name:
		return "it would log to itself, and log each delivery of its logs without end: name another bucket in Logs.ServerAccessBucket"
	case l == Logs{ServerAccessBucket: l.ServerAccessBucket}:
		return ""
	case l.InventoryFrequency != "Daily" && l.InventoryFrequency != "Weekly":
		return fmt.Sprintf("inventory frequency %q: write Daily or Weekly", l.InventoryFrequency)
	case l.InventoryAccount == "" || !environment.IsToken(l.InventoryBucketARN) && !strings.HasPrefix(l.InventoryBucketARN, "arn:"):
		return "its inventory needs Logs.InventoryBucketARN, which begins with arn:, and Logs.InventoryAccount, the bucket's owner: give both"
	}
	return ""
}

// apply sets the logs of the bucket of a name.
// Sources: AmazonS3/latest/userguide/enable-server-access-logging.html,
// storage-inventory.html.
func (l Logs) apply(props *awss3.CfnBucketProps, name string) {
	if l.ServerAccessBucket != "" {
		props.LoggingConfiguration = &awss3.CfnBucket_LoggingConfigurationProperty{
			DestinationBucketName: &l.ServerAccessBucket,
			LogFilePrefix:         jsii.String(name + "/"),
		}
	}
	if l.InventoryBucketARN != "" {
		// Without an encryption of its own the list gets the default of the
		// inventory bucket.
		props.InventoryConfigurations = []any{&awss3.CfnBucket_InventoryConfigurationProperty{
			Id:                     jsii.String("AllVersions"),
			Enabled:                jsii.Bool(true),
			IncludedObjectVersions: jsii.String("All"),
			ScheduleFrequency:      &l.InventoryFrequency,
			OptionalFields:         jsii.Strings("Size", "LastModifiedDate", "EncryptionStatus", "BucketKeyStatus"),
			Destination: &awss3.CfnBucket_DestinationProperty{
				BucketArn:       &l.InventoryBucketARN,
				BucketAccountId: &l.InventoryAccount,
				Format:          jsii.String("CSV"),
			},
		}}
	}
}
