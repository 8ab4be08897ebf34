//go:build conformance

package conformance

import (
	"os"
	"path/filepath"
	"testing"
)

// TestAWSCLIAlarms: an alarm on what a program measures goes off, and the queue
// behind its topic is told. A rule has its target, and the dashboard is as it was
// put.
func TestAWSCLIAlarms(t *testing.T) {
	t.Parallel()
	server := start(t)
	s := newShell(t, server)
	s.env = append(s.env, "sqs=aws sqs --endpoint-url "+server.URL()) // version 1 has it from nowhere else
	s.runs(`
		allow='{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"}, "Action": "sns:Publish", "Resource": "*"}}'
		topic=$(aws sns create-topic --name on-call --attributes "$(jq -n --arg p "$allow" '{Policy: $p}')" --query TopicArn --output text)
		queue=$($sqs create-queue --queue-name told --query QueueUrl --output text)
		policy='{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*"}}'
		$sqs set-queue-attributes --queue-url $queue --attributes "$(jq -n --arg p "$policy" '{Policy: $p}')"
		arn=$($sqs get-queue-attributes --queue-url $queue --attribute-names QueueArn --query Attributes.QueueArn --output text)
		aws sns subscribe --topic-arn $topic --protocol sqs --notification-endpoint $arn
		aws cloudwatch put-metric-data --namespace Shop --metric-name Errors --value 2 --unit Count
		aws cloudwatch put-metric-alarm --alarm-name broken --namespace Shop --metric-name Errors --statistic Sum --period 60 \
			--evaluation-periods 1 --threshold 0 --comparison-operator GreaterThanThreshold --alarm-actions $topic
		aws events put-rule --name come --event-pattern '{"source": ["shop"]}'
		aws events put-targets --rule come --targets Id=queue,Arn=$arn`, `"FailedEntryCount": 0`)
	server.EvaluateAlarms()
	s.runs(`
		aws cloudwatch describe-alarms --alarm-names broken --query 'MetricAlarms[].[StateValue,StateReason]' --output text
		queue=$($sqs get-queue-url --queue-name told --query QueueUrl --output text)
		$sqs receive-message --queue-url $queue --query 'Messages[].Body' --output text`,
		"ALARM\tThreshold Crossed: 1 ", `\"NewStateValue\":\"ALARM\"`)
	s.runs(`
		aws cloudwatch put-dashboard --dashboard-name d --dashboard-body '{"widgets": []}'
		aws cloudwatch get-dashboard --dashboard-name d --query DashboardBody --output text
		aws events list-targets-by-rule --rule come --query 'Targets[].Id' --output text`, `{"widgets": []}`, "queue")
}

// asHosts stands for the lines of a hosts file that the account's name needs.
const asHosts = `import socket
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *a, **k: resolve("127.0.0.1" if host == "` + source + `.localhost" else host, *a, **k)
`

// TestAWSCLIBatchReplication: what was there before the rule is replicated by a
// job.
func TestAWSCLIBatchReplication(t *testing.T) {
	t.Parallel()
	server := start(t)
	createStack(t, server, source, "pair", `{"Resources": {
		"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data", "VersioningConfiguration": {"Status": "Enabled"}}},
		"Copy": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "copy", "VersioningConfiguration": {"Status": "Enabled"}}},
		"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "copies",
			"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["s3.amazonaws.com", "batchoperations.s3.amazonaws.com"]}}},
			"Policies": [{"PolicyName": "all", "PolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}}]}}
	}}`)
	s := newShell(t, server)
	if err := os.WriteFile(filepath.Join(s.folder, "sitecustomize.py"), []byte(asHosts), 0o600); err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "PYTHONPATH="+s.folder, "account="+source)
	s.runs(`
		role=arn:aws:iam::$account:role/copies
		echo old > old
		aws s3 cp old s3://data/old
		aws s3api put-bucket-replication --bucket data --replication-configuration "$(jq -n --arg r $role '{Role: $r, Rules: [{ID: "all", Status: "Enabled", Priority: 1, Filter: {}, DeleteMarkerReplication: {Status: "Disabled"}, Destination: {Bucket: "arn:aws:s3:::copy"}}]}')"
		export AWS_ENDPOINT_URL_S3_CONTROL=${AWS_ENDPOINT_URL/127.0.0.1/localhost}
		job=$(aws s3control create-job --account-id $account --role-arn $role --priority 1 --client-request-token once --no-confirmation-required \
			--operation '{"S3ReplicateObject": {}}' --report Enabled=false \
			--manifest-generator '{"S3JobManifestGenerator": {"SourceBucket": "arn:aws:s3:::data", "EnableManifestOutput": false, "Filter": {"EligibleForReplication": true, "ObjectReplicationStatuses": ["FAILED", "NONE"]}}}' \
			--query JobId --output text)
		for i in $(seq 20); do
			status=$(aws s3control describe-job --account-id $account --job-id $job --query Job.Status --output text)
			case $status in Complete | Failed) break ;; esac
		done
		aws s3control describe-job --account-id $account --job-id $job --query Job.ProgressSummary
		aws s3control list-jobs --account-id $account --job-statuses Complete --query 'Jobs[].Status' --output text
		aws s3 cp s3://copy/old -`, `"NumberOfTasksSucceeded": 1`, "Complete", "old")
}
