package handler

const logGroupARN = "arn:{partition}:logs:{region}:{account}:log-group:"

// Sources: CloudWatch Logs user guide, iam-access-control-overview-cwl (both forms
// of a group's ARN), data-protection-policy-permissions; API reference,
// PutIndexPolicy.
var logKinds = []Kind{{
	Type: "AWS::Logs::LogGroup", Own: []string{logGroupARN + "{name}", logGroupARN + "{name}:*"}, Name: "LogGroupName",
	uses: map[string]use{
		"logs:AssociateKmsKey":            {when: "KmsKeyId"},
		"logs:DisassociateKmsKey":         {when: "KmsKeyId"},
		"logs:PutRetentionPolicy":         {when: "RetentionInDays"},
		"logs:DeleteRetentionPolicy":      {when: "RetentionInDays"},
		"logs:PutDataProtectionPolicy":    {when: "DataProtectionPolicy"},
		"logs:DeleteDataProtectionPolicy": {when: "DataProtectionPolicy"},
		"logs:CreateLogDelivery":          {when: "DataProtectionPolicy"},
		"logs:DescribeResourcePolicies":   {when: "DataProtectionPolicy"},
		"logs:PutResourcePolicy":          {when: "DataProtectionPolicy"},
		"firehose:TagDeliveryStream":      {when: "DataProtectionPolicy", open: "to which stream its findings go isn't known here"},
		"logs:PutIndexPolicy":             {when: "FieldIndexPolicies"},
		"logs:DeleteIndexPolicy":          {when: "FieldIndexPolicies"},
		"logs:TagResource":                {when: tags},
		"logs:UntagResource":              {when: tags},
	},
}, {
	Type: "AWS::Logs::MetricFilter", Own: []string{logGroupARN + "{LogGroupName}", logGroupARN + "{LogGroupName}:*"},
}}
