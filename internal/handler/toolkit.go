package handler

// toolkitKinds are what only the CDK's bootstrap and the stack of its execution
// policies make. A parameter's name may begin with a slash, which its ARN doesn't
// repeat.
//
// Sources: template reference, of each type; Systems Manager user guide,
// sysman-paramstore-su-create (the ARN); ECR API reference, CreateRepository.
var toolkitKinds = []Kind{{
	Type: "AWS::ECR::Repository", Own: []string{"arn:{partition}:ecr:{region}:{account}:repository/{name}"}, Name: "RepositoryName",
	uses: map[string]use{
		"ecr:DeleteLifecyclePolicy":         {when: "LifecyclePolicy"},
		"ecr:DeleteRepositoryPolicy":        {when: "RepositoryPolicyText"},
		"ecr:PutImageScanningConfiguration": {when: "ImageScanningConfiguration"},
		"ecr:PutImageTagMutability":         {when: "ImageTagMutability"},
		"ecr:PutLifecyclePolicy":            {when: "LifecyclePolicy"},
		"ecr:SetRepositoryPolicy":           {when: "RepositoryPolicyText"},
		"ecr:TagResource":                   {when: tags},
		"ecr:UntagResource":                 {when: tags},
		"kms:CreateGrant":                   {when: "EncryptionConfiguration", on: "{EncryptionConfiguration.KmsKey}"},
		"kms:DescribeKey":                   {when: "EncryptionConfiguration", on: "{EncryptionConfiguration.KmsKey}"},
		"kms:RetireGrant":                   {when: "EncryptionConfiguration", on: "{EncryptionConfiguration.KmsKey}"},
	},
}, {
	Type: "AWS::IAM::ManagedPolicy", Own: []string{"arn:{partition}:iam::{account}:policy{Path}{name}"}, Name: "ManagedPolicyName",
	uses: map[string]use{
		"iam:AttachGroupPolicy": {when: "Groups", on: "arn:{partition}:iam::{account}:group/{Groups}"},
		"iam:AttachRolePolicy":  {when: "Roles", on: "arn:{partition}:iam::{account}:role/{Roles}"},
		"iam:AttachUserPolicy":  {when: "Users", on: "arn:{partition}:iam::{account}:user/{Users}"},
		"iam:DetachGroupPolicy": {when: "Groups", on: "arn:{partition}:iam::{account}:group/{Groups}"},
		"iam:DetachRolePolicy":  {when: "Roles", on: "arn:{partition}:iam::{account}:role/{Roles}"},
		"iam:DetachUserPolicy":  {when: "Users", on: "arn:{partition}:iam::{account}:user/{Users}"},
	},
}, {
	Type: "AWS::SSM::Parameter", Own: []string{"arn:{partition}:ssm:{region}:{account}:parameter{name}", "arn:{partition}:ssm:{region}:{account}:parameter/{name}"}, Name: "Name",
	uses: map[string]use{
		"ssm:AddTagsToResource":      {when: tags},
		"ssm:RemoveTagsFromResource": {when: tags},
	},
}}
