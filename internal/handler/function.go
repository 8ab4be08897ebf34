package handler

const functionARN = "arn:{partition}:lambda:{region}:{account}:function:"

// Sources: Lambda developer guide, lambda-api-permissions-ref; API reference,
// CreateFunction, CreateEventSourceMapping; Step Functions developer guide,
// concept-create-iam-advanced.
var functionKinds = []Kind{{
	Type: "AWS::Lambda::Function", Own: []string{functionARN + "{name}"}, Name: "FunctionName",
	conditions: []condition{{Condition{"StringEquals", "aws:ResourceAccount", "{account}"}, []string{"s3:GetObject", "s3:GetObjectVersion"}}},
	uses: map[string]use{
		"ec2:DescribeNetworkInterfaces":          {when: "VpcConfig", on: Any},
		"ec2:DescribeSecurityGroups":             {when: "VpcConfig", on: Any},
		"ec2:DescribeSubnets":                    {when: "VpcConfig", on: Any},
		"ec2:DescribeVpcs":                       {when: "VpcConfig", on: Any},
		"elasticfilesystem:DescribeMountTargets": {when: "FileSystemConfigs", on: Any},
		"iam:PassRole":                           {on: "{Role}", pass: "lambda.amazonaws.com"},
		"kms:CreateGrant":                        {when: "KmsKeyArn", on: "{KmsKeyArn}"},
		"kms:Decrypt":                            {when: "KmsKeyArn", on: "{KmsKeyArn}"},
		"kms:Encrypt":                            {when: "KmsKeyArn", on: "{KmsKeyArn}"},
		"kms:GenerateDataKey":                    {when: "KmsKeyArn", on: "{KmsKeyArn}"},
		"lambda:DeleteFunctionCodeSigningConfig": {when: "CodeSigningConfigArn"},
		"lambda:DeleteFunctionConcurrency":       {when: "ReservedConcurrentExecutions"},
		"lambda:GetCodeSigningConfig":            {when: "CodeSigningConfigArn", on: "{CodeSigningConfigArn}"},
		"lambda:GetLayerVersion":                 {when: "Layers", on: "{Layers}"},
		"lambda:PassCapacityProvider":            {when: "CapacityProviderConfig", open: "which capacity provider it passes isn't known here"},
		"lambda:PublishVersion":                  {when: "PublishToLatestPublished"},
		"lambda:PutFunctionCodeSigningConfig":    {when: "CodeSigningConfigArn"},
		"lambda:PutFunctionConcurrency":          {when: "ReservedConcurrentExecutions"},
		"lambda:PutFunctionRecursionConfig":      {when: "RecursiveLoop"},
		"lambda:PutFunctionScalingConfig":        {when: "FunctionScalingConfig"},
		"lambda:PutRuntimeManagementConfig":      {when: "RuntimeManagementConfig"},
		"lambda:TagResource":                     {when: tags},
		"lambda:UntagResource":                   {when: tags},
		"s3:GetObject":                           {when: "Code.S3Bucket", on: "arn:{partition}:s3:::{Code.S3Bucket}/*"},
		"s3:GetObjectVersion":                    {when: "Code.S3ObjectVersion", on: "arn:{partition}:s3:::{Code.S3Bucket}/*"},
	},
}, {
	Type: "AWS::Lambda::EventSourceMapping", Own: []string{"arn:{partition}:lambda:{region}:{account}:event-source-mapping:{name}"},
	conditions: []condition{{
		Condition{"ArnLike", "lambda:FunctionArn", functionARN + "{FunctionName}"},
		[]string{"lambda:CreateEventSourceMapping", "lambda:DeleteEventSourceMapping", "lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping"},
	}},
	uses: map[string]use{
		"kms:Decrypt":          {when: "KmsKeyArn", on: "{KmsKeyArn}"},
		"kms:DescribeKey":      {when: "KmsKeyArn", on: "{KmsKeyArn}"},
		"kms:GenerateDataKey":  {when: "KmsKeyArn", on: "{KmsKeyArn}"},
		"lambda:TagResource":   {when: tags},
		"lambda:UntagResource": {when: tags},
	},
}, {
	Type: "AWS::Lambda::Permission", Own: []string{functionARN + "{FunctionName}"},
}, {
	Type: "AWS::StepFunctions::StateMachine", Own: []string{"arn:{partition}:states:{region}:{account}:stateMachine:{name}"}, Name: "StateMachineName", ByLogicalID: true,
	uses: map[string]use{
		"iam:PassRole":         {on: "{RoleArn}", pass: "states.amazonaws.com"},
		"kms:Decrypt":          {when: "EncryptionConfiguration.KmsKeyId", on: keyARN + "{EncryptionConfiguration.KmsKeyId}"},
		"kms:DescribeKey":      {when: "EncryptionConfiguration.KmsKeyId", on: keyARN + "{EncryptionConfiguration.KmsKeyId}"},
		"kms:GenerateDataKey":  {when: "EncryptionConfiguration.KmsKeyId", on: keyARN + "{EncryptionConfiguration.KmsKeyId}"},
		"s3:GetObject":         {when: "DefinitionS3Location", on: "arn:{partition}:s3:::{DefinitionS3Location.Bucket}/{DefinitionS3Location.Key}"},
		"states:TagResource":   {when: tags},
		"states:UntagResource": {when: tags},
	},
}}
