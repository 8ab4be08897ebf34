package template

import "github.com/s3seal/s3seal/internal/cfn"

// standIn makes the name of a resource that has none in its properties.
type standIn func(s *scope, r *Resource) (string, error)

// resourceType is what this program knows of a resource type: what Ref and
// Fn::GetAtt give. In the patterns, {name} is the physical name, {partition},
// {region}, {account} and {suffix} (of the domain) are the stack's, {path},
// {primary}, {host}, {uid} and {suffix6} see scope.placeholder.
type resourceType struct {
	nameProperty string // the property that gives {name}
	standIn      standIn
	ref          string
	attributes   map[string]string

	// unless is a property in whose presence the patterns don't hold.
	unless string
}

// resourceTypes has the types whose ids and attributes occur in policies. An
// attribute that isn't here may well exist: it is unknown, not an error.
// Sources: "Return values" of each type's page below
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ and the
// ARN forms of https://docs.aws.amazon.com/service-authorization/latest/reference/
var resourceTypes = map[string]resourceType{
	"AWS::S3::Bucket": {
		nameProperty: "BucketName", standIn: lowerCase(63), ref: "{name}",
		attributes: map[string]string{
			"Arn":                 "arn:{partition}:s3:::{name}",
			"DomainName":          "{name}.s3.{suffix}",
			"RegionalDomainName":  "{name}.s3.{region}.{suffix}",
			"DualStackDomainName": "{name}.s3.dualstack.{region}.{suffix}",
		},
	},
	"AWS::S3::BucketPolicy": {nameProperty: "Bucket", standIn: required, ref: "{name}"},
	"AWS::S3::AccessPoint": {
		nameProperty: "Name", standIn: lowerCase(50), ref: "{name}",
		attributes: map[string]string{
			"Arn":  "arn:{partition}:s3:{region}:{account}:accesspoint/{name}",
			"Name": "{name}",
		},
	},
	"AWS::KMS::Key": {
		// A key can't be given an id.
		standIn: keyID, ref: "{name}",
		attributes: map[string]string{
			"Arn":   "arn:{partition}:kms:{region}:{account}:key/{name}",
			"KeyId": "{name}",
		},
	},
	"AWS::KMS::ReplicaKey": {
		// It has the id of its primary key.
		nameProperty: "PrimaryKeyArn", standIn: required, ref: "{primary}",
		attributes: map[string]string{
			"Arn":   "arn:{partition}:kms:{region}:{account}:key/{primary}",
			"KeyId": "{primary}",
		},
	},
	"AWS::KMS::Alias":           {nameProperty: "AliasName", standIn: required, ref: "{name}"},
	"AWS::IAM::Role":            iamType("RoleName", "role", "{name}", "RoleId", "AROA", 64),
	"AWS::IAM::User":            iamType("UserName", "user", "{name}", "", "", 64),
	"AWS::IAM::Group":           iamType("GroupName", "group", "{name}", "", "", 128),
	"AWS::IAM::ManagedPolicy":   iamType("ManagedPolicyName", "policy", "arn:{partition}:iam::{account}:policy{path}{name}", "PolicyId", "ANPA", 128),
	"AWS::IAM::InstanceProfile": iamType("InstanceProfileName", "instance-profile", "{name}", "", "", 128),
	"AWS::IAM::OIDCProvider": {
		nameProperty: "Url", standIn: required, ref: oidcProviderARN,
		attributes: map[string]string{"Arn": oidcProviderARN},
	},
	"AWS::IAM::SAMLProvider": {
		nameProperty: "Name", standIn: named(128), ref: samlProviderARN,
		attributes: map[string]string{"Arn": samlProviderARN},
	},
	"AWS::Lambda::Function": {
		nameProperty: "FunctionName", standIn: named(64), ref: "{name}",
		attributes: map[string]string{"Arn": "arn:{partition}:lambda:{region}:{account}:function:{name}"},
	},
	"AWS::SecretsManager::Secret": {
		nameProperty: "Name", standIn: named(64), ref: secretARN,
		attributes: map[string]string{"Id": secretARN},
	},
	"AWS::Logs::LogGroup": {
		nameProperty: "LogGroupName", standIn: named(512), ref: "{name}",
		attributes: map[string]string{"Arn": "arn:{partition}:logs:{region}:{account}:log-group:{name}:*"},
	},
	"AWS::Logs::DeliverySource": {
		nameProperty: "Name", standIn: required, ref: "{name}",
		attributes: map[string]string{"Arn": "arn:{partition}:logs:{region}:{account}:delivery-source:{name}"},
	},
	"AWS::Logs::DeliveryDestination": {
		nameProperty: "Name", standIn: required, ref: "{name}",
		attributes: map[string]string{"Arn": "arn:{partition}:logs:{region}:{account}:delivery-destination:{name}"},
	},
	"AWS::SQS::Queue": {
		nameProperty: "QueueName", standIn: named(80), ref: "https://sqs.{region}.{suffix}/{account}/{name}",
		attributes: map[string]string{
			"Arn":       "arn:{partition}:sqs:{region}:{account}:{name}",
			"QueueName": "{name}",
			"QueueUrl":  "https://sqs.{region}.{suffix}/{account}/{name}",
		},
	},
	"AWS::SNS::Topic": {
		nameProperty: "TopicName", standIn: named(256), ref: topicARN,
		attributes: map[string]string{"TopicArn": topicARN, "TopicName": "{name}"},
	},
	"AWS::Events::Rule": {
		// On a bus other than the default one, Ref and the ARN have the bus too.
		nameProperty: "Name", standIn: named(64), ref: "{name}", unless: "EventBusName",
		attributes: map[string]string{
			"Arn":      "arn:{partition}:events:{region}:{account}:rule/{name}",
			"RuleName": "{name}",
		},
	},
	"AWS::CloudWatch::Alarm": {
		nameProperty: "AlarmName", standIn: named(255), ref: "{name}",
		attributes: map[string]string{"Arn": "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}"},
	},
	"AWS::CloudTrail::Trail": {
		nameProperty: "TrailName", standIn: named(128), ref: "{name}",
		attributes: map[string]string{"Arn": "arn:{partition}:cloudtrail:{region}:{account}:trail/{name}"},
	},
	"AWS::SSM::Parameter": {nameProperty: "Name", standIn: named(512), ref: "{name}"},
	"AWS::ECR::Repository": {
		nameProperty: "RepositoryName", standIn: lowerCase(63), ref: "{name}",
		attributes: map[string]string{"Arn": "arn:{partition}:ecr:{region}:{account}:repository/{name}"},
	},
	"AWS::DynamoDB::Table": {
		nameProperty: "TableName", standIn: named(255), ref: "{name}",
		attributes: map[string]string{"Arn": "arn:{partition}:dynamodb:{region}:{account}:table/{name}"},
	},
	"AWS::StepFunctions::StateMachine": {
		nameProperty: "StateMachineName", standIn: named(80), ref: stateMachineARN,
		attributes: map[string]string{"Arn": stateMachineARN, "Name": "{name}"},
	},
	"AWS::EC2::VPC":         {standIn: id("vpc-0", 16), ref: "{name}", attributes: map[string]string{"VpcId": "{name}"}},
	"AWS::EC2::Subnet":      {standIn: id("subnet-0", 16), ref: "{name}", attributes: map[string]string{"SubnetId": "{name}"}},
	"AWS::EC2::VPCEndpoint": {standIn: id("vpce-0", 16), ref: "{name}", attributes: map[string]string{"Id": "{name}"}},
}

const (
	secretARN       = "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{suffix6}"
	topicARN        = "arn:{partition}:sns:{region}:{account}:{name}"
	oidcProviderARN = "arn:{partition}:iam::{account}:oidc-provider/{host}"
	samlProviderARN = "arn:{partition}:iam::{account}:saml-provider/{name}"
	stateMachineARN = "arn:{partition}:states:{region}:{account}:stateMachine:{name}"
)

// NameProperty is the property by which a resource of a type is named; "" for
// none that is known.
func NameProperty(typ string) string {
	if typ == "AWS::S3::BucketPolicy" {
		return "" // that names a bucket
	}
	return resourceTypes[typ].nameProperty
}

// iamType describes an IAM resource, whose ARN has the resource's path.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
func iamType(nameProperty, kind, ref, idAttribute, idPrefix string, limit int) resourceType {
	arn := "arn:{partition}:iam::{account}:" + kind + "{path}{name}"
	attributes := map[string]string{"Arn": arn}
	if kind == "policy" {
		attributes = map[string]string{"PolicyArn": arn}
	}
	if idAttribute != "" {
		attributes[idAttribute] = idPrefix + "{uid}"
	}
	return resourceType{nameProperty: nameProperty, standIn: named(limit), ref: ref, attributes: attributes}
}

// required is for types that CloudFormation doesn't name.
func required(s *scope, r *Resource) (string, error) {
	return "", s.Errorf(cfn.Root("Resources", r.LogicalID, "Properties"), "has no name, and CloudFormation gives %s none", r.Type)
}
