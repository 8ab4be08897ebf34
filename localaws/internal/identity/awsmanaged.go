package identity

import (
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// awsManaged are the AWS managed policies that this program and the CDK's
// bootstrap template attach. All others don't exist here, and attaching one is
// refused.
//
// Source: AWS managed policy reference. Of ReadOnlyAccess, which lists more
// than two thousand actions, those of the services of the local AWS.
var awsManaged = func() map[string]*managedPolicy {
	m := map[string]*managedPolicy{}
	add := func(path, name string, actions ...string) {
		doc := iam.Document{Version: iam.Version, Statement: []iam.Statement{
			{Effect: iam.Allow, Action: actions, Resource: iam.Strings{"*"}},
		}}
		arn := api.ARN("iam", "", "aws", "policy"+path+name)
		m[arn] = &managedPolicy{
			arn: arn, id: "ANPAAWSMANAGED" + name, path: path, name: name,
			created: time.Date(2015, time.February, 6, 0, 0, 0, 0, time.UTC),
			policy:  policy{text: documentText(doc), document: doc},
		}
	}
	add("/", "AdministratorAccess", "*")
	add("/service-role/", "AWSLambdaBasicExecutionRole",
		"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
	add("/", "AWSCloudFormationReadOnlyAccess",
		"cloudformation:Describe*", "cloudformation:BatchDescribe*", "cloudformation:EstimateTemplateCost",
		"cloudformation:Get*", "cloudformation:List*", "cloudformation:ValidateTemplate", "cloudformation:Detect*")
	add("/", "ReadOnlyAccess",
		"cloudformation:BatchDescribeTypeConfigurations", "cloudformation:Describe*", "cloudformation:Detect*",
		"cloudformation:Estimate*", "cloudformation:Get*", "cloudformation:List*", "cloudformation:ValidateTemplate",
		"ecr:BatchCheck*", "ecr:BatchGet*", "ecr:Describe*", "ecr:Get*", "ecr:List*",
		"iam:Generate*", "iam:Get*", "iam:List*", "iam:Simulate*",
		"kms:Describe*", "kms:Get*", "kms:List*",
		"lambda:Get*", "lambda:List*",
		"logs:Describe*", "logs:FilterLogEvents", "logs:Get*", "logs:ListTagsForResource", "logs:ListTagsLogGroup",
		"s3:DescribeJob", "s3:Get*", "s3:List*",
		"secretsmanager:Describe*", "secretsmanager:GetResourcePolicy", "secretsmanager:List*",
		"ssm:Describe*", "ssm:Get*", "ssm:List*",
		"sts:GetAccessKeyInfo", "sts:GetCallerIdentity", "sts:GetSessionToken")
	return m
}()
