package replication

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/internal/environment"
	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/constructs/internal/resource"
	"github.com/s3seal/s3seal/constructs/nag"
	"github.com/s3seal/s3seal/policy"
)

// RepairProps says what a Batch Replication job works on.
type RepairProps struct {
	SourceBucket string // its name; required

	// ReportBucket is the name of a bucket that may have objects under SSE-S3,
	// and ReportPrefix what the report's keys begin with. Default: no report.
	ReportBucket, ReportPrefix string

	RoleName string // default: CloudFormation makes it up
}

// NewRepairRole makes the role of Batch Replication jobs for a source bucket. A job
// replicates what failed, or was there before the rule, by the rule and its role. It
// returns the role's ARN, a reference.
func NewRepairRole(scope constructs.Construct, id string, p RepairProps) string {
	at := environment.Of(scope)
	refusal.Check("repair role", scope, id, refusal.Missing("SourceBucket", p.SourceBucket, "the name of the source bucket"))
	job := policy.Repair{SourceBucketARN: at.BucketARN(p.SourceBucket)}
	if p.ReportBucket != "" {
		job.ReportARN = at.BucketARN(p.ReportBucket) + "/" + p.ReportPrefix + "/*"
	}
	return resource.Make(scope, id, resource.Resource{
		Class: "aws_iam.CfnRole",
		Props: &awsiam.CfnRoleProps{
			RoleName:                 resource.Optional(p.RoleName),
			Description:              jsii.String("S3 Batch Operations assumes it to replicate again what is in " + p.SourceBucket),
			AssumeRolePolicyDocument: policy.Document(policy.RepairTrust()).Map(),
			Policies: []any{map[string]any{
				"policyName":     "Repair",
				"policyDocument": policy.Document(job.Run()...).Map(),
			}},
		},
		Accept: []nag.Reason{
			{
				Rules:  []string{"AwsSolutions-IAM5"},
				Reason: "The wildcards stand for the objects of the source bucket, any of which may have to be replicated again, and for those of a report.",
			},
			{
				Rules:  []string{"NIST.800.53.R5-IAMNoInlinePolicy"},
				Reason: "The policy belongs to this one role and must not be attached to another.",
			},
		},
	}, "attrArn")[0]
}
