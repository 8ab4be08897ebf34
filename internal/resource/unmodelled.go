package resource

import (
	"fmt"

	"github.com/s3seal/s3seal/internal/template"
)

// unmodelled are the types that hold, in a property, the policy of a resource of a
// service whose policies aren't read, by the service in ARNs.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html,
// column "Resource-based policies", and the types' own pages.
var unmodelled = map[string]struct{ service, property string }{
	"AWS::APS::ResourcePolicy":                   {"aps", "PolicyDocument"},
	"AWS::ApiGateway::RestApi":                   {"execute-api", "Policy"},
	"AWS::Backup::BackupVault":                   {"backup", "AccessPolicy"},
	"AWS::Backup::LogicallyAirGappedBackupVault": {"backup", "AccessPolicy"},
	"AWS::Bedrock::ResourcePolicy":               {"bedrock", "PolicyDocument"},
	"AWS::CloudTrail::EventDataStore":            {"cloudtrail", "ResourcePolicy"},
	"AWS::CloudTrail::ResourcePolicy":            {"cloudtrail", "ResourcePolicy"},
	"AWS::CodeArtifact::Domain":                  {"codeartifact", "PermissionsPolicyDocument"},
	"AWS::CodeArtifact::Repository":              {"codeartifact", "PermissionsPolicyDocument"},
	"AWS::DSQL::Cluster":                         {"dsql", "PolicyDocument"},
	"AWS::DynamoDB::GlobalTable":                 {"dynamodb", "Replicas"},
	"AWS::DynamoDB::Table":                       {"dynamodb", "ResourcePolicy"},
	"AWS::ECR::RegistryPolicy":                   {"ecr", "PolicyText"},
	"AWS::ECR::Repository":                       {"ecr", "RepositoryPolicyText"},
	"AWS::EFS::FileSystem":                       {"elasticfilesystem", "FileSystemPolicy"},
	"AWS::Elasticsearch::Domain":                 {"es", "AccessPolicies"},
	"AWS::Events::EventBus":                      {"events", "Policy"},
	"AWS::Events::EventBusPolicy":                {"events", "StatementId"},
	"AWS::Kinesis::ResourcePolicy":               {"kinesis", "ResourcePolicy"},
	"AWS::Logs::DeliveryDestination":             {"logs", "DeliveryDestinationPolicy"},
	"AWS::Logs::Destination":                     {"logs", "DestinationPolicy"},
	"AWS::Logs::LogGroup":                        {"logs", "ResourcePolicyDocument"},
	"AWS::Logs::ResourcePolicy":                  {"logs", "PolicyDocument"},
	"AWS::MSK::ClusterPolicy":                    {"kafka", "Policy"},
	"AWS::Omics::SequenceStore":                  {"omics", "S3AccessPolicy"},
	"AWS::OpenSearchService::Domain":             {"es", "AccessPolicies"},
	"AWS::S3Express::AccessPoint":                {"s3express", "Policy"},
	"AWS::S3Express::BucketPolicy":               {"s3express", "PolicyDocument"},
	"AWS::S3Files::FileSystemPolicy":             {"s3files", "Policy"},
	"AWS::S3Outposts::AccessPoint":               {"s3-outposts", "Policy"},
	"AWS::S3Outposts::BucketPolicy":              {"s3-outposts", "PolicyDocument"},
	"AWS::S3Tables::TableBucketPolicy":           {"s3tables", "ResourcePolicy"},
	"AWS::S3Tables::TablePolicy":                 {"s3tables", "ResourcePolicy"},
	"AWS::S3Vectors::VectorBucketPolicy":         {"s3vectors", "Policy"},
	"AWS::SNS::TopicInlinePolicy":                {"sns", "PolicyDocument"},
	"AWS::SNS::TopicPolicy":                      {"sns", "PolicyDocument"},
	"AWS::SQS::QueueInlinePolicy":                {"sqs", "PolicyDocument"},
	"AWS::SQS::QueuePolicy":                      {"sqs", "PolicyDocument"},
	"AWS::SSM::ResourcePolicy":                   {"ssm", "Policy"},
	"AWS::VpcLattice::AuthPolicy":                {"vpc-lattice-svcs", "Policy"},
	"AWS::XRay::ResourcePolicy":                  {"xray", "PolicyDocument"},
}

// readUnmodelled notes the policies of other services' resources.
func (s *Set) readUnmodelled(stacks []*template.Stack) {
	for _, stack := range stacks {
		for _, r := range stack.Resources() {
			if of, ok := unmodelled[r.Type]; ok && !missing(r.Properties().Get(of.property)) {
				s.others[of.service] = append(s.others[of.service], Unread{r, fmt.Errorf("what %s (%s) says", r.LogicalID, r.Type)})
			}
		}
	}
}

// ofOthers is what isn't read of the policies that a resource may have which isn't
// in the set.
func (s *Set) ofOthers(arn string) []Unread {
	if len(s.others) == 0 {
		return nil
	}
	parts := ARN(arn)
	var list []Unread
	for _, u := range s.others[parts.Service] {
		if parts.AccountID == "" || u.Stack().Account == parts.AccountID || u.Stack().Account == "" {
			list = append(list, u)
		}
	}
	return list
}
