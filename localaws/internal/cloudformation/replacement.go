package cloudformation

import (
	"encoding/json"
)

// replacement lists, for the types that the local AWS knows, the properties
// whose documentation says "Update requires: Replacement". Change sets predict
// with it; what really happens the type's provider decides.
//
// Source: CloudFormation template reference, the page of each type.
var replacement = map[string][]string{
	"AWS::ECR::Repository":                  {"RepositoryName", "EncryptionConfiguration"},
	"AWS::Events::Rule":                     {"Name", "EventBusName"},
	"AWS::CloudWatch::Alarm":                {"AlarmName"},
	"AWS::CloudWatch::Dashboard":            {"DashboardName"},
	"AWS::IAM::ManagedPolicy":               {"ManagedPolicyName", "Description", "Path"},
	"AWS::IAM::Role":                        {"RoleName", "Path"},
	"AWS::KMS::Alias":                       {"AliasName"},
	"AWS::Lambda::EventSourceMapping":       {"EventSourceArn"},
	"AWS::Lambda::Function":                 {"FunctionName"},
	"AWS::Lambda::Permission":               {"Action", "FunctionName", "Principal", "SourceArn", "SourceAccount", "PrincipalOrgID", "FunctionUrlAuthType", "EventSourceToken"},
	"AWS::Logs::LogGroup":                   {"LogGroupName"},
	"AWS::Logs::MetricFilter":               {"FilterName", "LogGroupName"},
	"AWS::S3::Bucket":                       {"BucketName", "BucketNamePrefix", "BucketNamespace"},
	"AWS::S3::BucketPolicy":                 {"Bucket"},
	"AWS::SNS::Subscription":                {"Endpoint", "Protocol", "TopicArn"},
	"AWS::SNS::Topic":                       {"TopicName", "FifoTopic"},
	"AWS::SQS::Queue":                       {"QueueName", "FifoQueue"},
	"AWS::SSM::Parameter":                   {"Name"},
	"AWS::SecretsManager::ResourcePolicy":   {"SecretId"},
	"AWS::StepFunctions::StateMachine":      {"StateMachineName", "StateMachineType"},
	"AWS::SecretsManager::Secret":           {"Name"},
	"AWS::SecretsManager::RotationSchedule": {"SecretId"},
}

// taggable are the types that carry the stack's tags, so that a change of the
// tags is an update of theirs.
var taggable = map[string]bool{
	"AWS::ECR::Repository":             true,
	"AWS::IAM::Role":                   true,
	"AWS::KMS::Key":                    true,
	"AWS::Lambda::EventSourceMapping":  true,
	"AWS::Lambda::Function":            true,
	"AWS::Logs::LogGroup":              true,
	"AWS::S3::Bucket":                  true,
	"AWS::SNS::Topic":                  true,
	"AWS::SQS::Queue":                  true,
	"AWS::SSM::Parameter":              true,
	"AWS::StepFunctions::StateMachine": true,
	"AWS::SecretsManager::Secret":      true,
}

// replaces says whether going from one set of properties to another is
// documented to take a new resource.
func replaces(typ string, before, after json.RawMessage) bool {
	var b, a map[string]json.RawMessage
	if json.Unmarshal(before, &b) != nil || json.Unmarshal(after, &a) != nil {
		return false
	}
	for _, name := range replacement[typ] {
		if string(b[name]) != string(a[name]) {
			return true
		}
	}
	return false
}
