package localaws_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws"
	"github.com/s3seal/s3seal/logdelivery"
	"github.com/s3seal/s3seal/policy"
)

// localLogs are the logs that a resource of the local AWS can send: the property
// that sends them, and what delivers them; nil where the property is refused.
var localLogs = map[logdelivery.Source]struct {
	property string
	deliver  func(*localaws.Server, context.Context) error
}{
	logdelivery.S3ServerAccess: {`"LoggingConfiguration": {"DestinationBucketName": "logs"}`, (*localaws.Server).DeliverLogs},
	logdelivery.S3Inventory: {`"InventoryConfigurations": [{"Id": "all", "Enabled": true, "IncludedObjectVersions": "All", "ScheduleFrequency": "Daily",
		"Destination": {"BucketArn": "arn:aws:s3:::logs", "Format": "CSV"}}]`, (*localaws.Server).DeliverInventory},
	logdelivery.S3Analytics: {`"AnalyticsConfigurations": [{"Id": "all", "StorageClassAnalysis": {"DataExport": {"OutputSchemaVersion": "V_1",
		"Destination": {"BucketArn": "arn:aws:s3:::logs", "Format": "CSV"}}}}]`, nil},
}

// A log that a template sends is delivered, or its property is refused by name.
// None is accepted and never comes.
func TestLocalLogsArriveOrAreRefused(t *testing.T) {
	t.Parallel()
	carriedOut, _ := start(t).ResourceTypes()
	for _, log := range logdelivery.Sources() {
		traits, _ := logdelivery.Of(log)
		if !slices.Contains(carriedOut, traits.Setting.Type) {
			continue // the type is refused, or its logs are said to be recorded only
		}
		l, known := localLogs[log]
		if !known {
			t.Errorf("%s: %s is carried out here, and localLogs doesn't say whether its logs are delivered or refused", log, traits.Setting.Type)
			continue
		}
		t.Run(string(log), func(t *testing.T) {
			t.Parallel()
			s := start(t)
			status, body := cloudformation(t, s, "CreateStack", "StackName=app", "TemplateBody="+logTemplate(t, log, l.property))
			if l.deliver == nil {
				property, _, _ := strings.Cut(traits.Setting.List, ".")
				if status != 400 || !strings.Contains(body, property) {
					t.Errorf("the refusal does not name %s: %d %s", property, status, body)
				}
				return
			}
			if got := settle(t, s); status != 200 || got != "CREATE_COMPLETE" {
				t.Fatalf("stack is %s: %d %s", got, status, body)
			}
			bucket, key, logs := "data", "logged", "logs"
			c := s3Client(t, s, source)
			if _, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key}); err != nil {
				t.Fatal(err)
			}
			if err := l.deliver(s, t.Context()); err != nil {
				t.Fatal(err)
			}
			list, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &logs})
			if err != nil || len(list.Contents) == 0 {
				t.Errorf("%d logs arrived: %v %v", len(list.Contents), err, s.LogFailures())
			}
		})
	}
}

// logTemplate is a bucket that logs by a property, and one that lets it.
func logTemplate(t *testing.T, of logdelivery.Source, property string) string {
	t.Helper()
	statements, err := json.Marshal(iam.Document{Version: iam.Version, Statement: policy.LogDelivery("arn:aws:s3:::logs", logdelivery.Delivery{
		Source: of, Partition: "aws", Account: source, Region: "eu-west-1", SourceARNs: []string{"arn:aws:s3:::data"},
	})})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`{"Resources": {
		"Logs": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "logs"}},
		"Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Logs"}, "PolicyDocument": %s}},
		"Data": {"Type": "AWS::S3::Bucket", "DependsOn": "Policy", "Properties": {"BucketName": "data", %s}}
	}}`, statements, property)
}
