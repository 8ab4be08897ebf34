package kms

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// managedService is what the key policy of an AWS managed key says.
type managedService struct {
	host        string // of kms:ViaService, before ".REGION.amazonaws.com"
	policyID    string
	title       string // as statement ids have it
	description string
	statements  []managedStatement
	metadata    iam.Strings // what the account may do directly
}

// managedStatement is a use of the key through the service. AWS writes
// kms:ViaService under StringEquals or StringLike.
type managedStatement struct {
	actions     iam.Strings
	viaOperator string
}

// managedServices are the AWS managed keys whose policies are known, by alias.
// Others aren't made up.
//
// Source: Secrets Manager user guide, security-encryption ("Key policy of the
// AWS managed key"); for S3, Lambda, SNS and SQS the policies of AWS's keys, as public
// copies of them show them (github.com/FogSecurity/aws-managed-kms-keys).
var managedServices = map[string]managedService{
	"alias/aws/s3": {
		host: "s3", policyID: "auto-s3-2", title: "S3",
		description: "Default key that protects my S3 objects when no other key is defined",
		statements: []managedStatement{
			{iam.Strings{"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"}, "StringEquals"},
		},
		metadata: iam.Strings{"kms:Describe*", "kms:Get*", "kms:List*"},
	},
	"alias/aws/secretsmanager": {
		host: "secretsmanager", policyID: "auto-secretsmanager-2", title: "AWS Secrets Manager",
		description: "Default key that protects my Secrets Manager data when no other key is defined",
		statements: []managedStatement{
			{iam.Strings{"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:CreateGrant", "kms:DescribeKey"}, "StringEquals"},
			{iam.Strings{"kms:GenerateDataKey*"}, "StringLike"},
		},
		metadata: iam.Strings{"kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"},
	},
	"alias/aws/lambda": {
		host: "lambda", policyID: "auto-awslambda", title: "AWS Lambda",
		description: "Default key that protects my Lambda functions when no other key is defined",
		statements: []managedStatement{
			{iam.Strings{"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"}, "StringEquals"},
		},
		metadata: iam.Strings{"kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"},
	},
	"alias/aws/sns": {
		host: "sns", policyID: "auto-sns-1", title: "SNS",
		description: "Default key that protects my SNS data when no other key is defined",
		statements: []managedStatement{
			{iam.Strings{"kms:Decrypt", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:ListGrants", "kms:DescribeKey"}, "StringEquals"},
		},
		metadata: iam.Strings{"kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"},
	},
	"alias/aws/sqs": {
		host: "sqs", policyID: "auto-sqs-1", title: "Simple Queue Service (SQS)",
		description: "Default key that protects my SQS messages when no other key is defined",
		statements: []managedStatement{
			{iam.Strings{"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"}, "StringEquals"},
		},
		metadata: iam.Strings{"kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"},
	},
}

// policy is the key policy of the managed key in p: everyone in the account,
// but only through the service, and the account for the metadata.
func (m managedService) policy(p api.Place) iam.Document {
	d := iam.Document{Version: iam.Version, ID: m.policyID}
	for _, st := range m.statements {
		condition := iam.Condition{"StringEquals": {"kms:CallerAccount": {p.Account}}}
		if condition[st.viaOperator] == nil {
			condition[st.viaOperator] = map[string]iam.Strings{}
		}
		condition[st.viaOperator]["kms:ViaService"] = iam.Strings{m.host + "." + p.Region + ".amazonaws.com"}
		d.Statement = append(d.Statement, iam.Statement{
			Sid:    "Allow access through " + m.title + " for all principals in the account that are authorized to use " + m.title,
			Effect: iam.Allow, Principal: &iam.Principal{AWS: iam.Strings{"*"}},
			Action: st.actions, Resource: iam.Strings{"*"}, Condition: condition,
		})
	}
	d.Statement = append(d.Statement, iam.Statement{
		Sid: "Allow direct access to key metadata to the account", Effect: iam.Allow,
		Principal: &iam.Principal{AWS: iam.Strings{api.ARN("iam", "", p.Account, "root")}},
		Action:    m.metadata, Resource: iam.Strings{"*"},
	})
	return d
}

// AWSManagedKey gives the ARN of an account's key for a service
// ("alias/aws/s3") and makes it on first use. It is part of api.KMS.
func (s *Service) AWSManagedKey(account, region, alias string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, err := s.managedKey(api.Place{Account: account, Region: region}, alias)
	if err != nil {
		return "", err
	}
	return k.arn, nil
}

// managedKey finds or makes an AWS managed key. AWS rotates it every year.
// s.mu is held.
func (s *Service) managedKey(p api.Place, alias string) (*key, error) {
	s.settle()
	if k := s.keys[s.aliases[p][alias]]; k != nil {
		return k, nil
	}
	m, ok := managedServices[alias]
	if !ok || p.Account == "" { // a service that calls for itself has no account
		return nil, notFound("Alias %s is not found.", p.ARN("kms", alias))
	}
	policy := m.policy(p)
	text, err := policyJSON(policy)
	if err != nil {
		return nil, err
	}
	k := s.addKey(p, "AWS", m.description, text, policy, nil)
	k.rotation.enable(s.opt.Now(), defaultRotationPeriod)
	s.setAlias(p, alias, k)
	return k, nil
}
