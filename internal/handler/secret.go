package handler

// The list of AWS::SecretsManager::Secret has secretsmanager:GetSecretValue for
// reads and updates, though both properties with a value are write-only, so that no
// read may return them. It isn't public what the handlers do with it.
//
// Sources: Secrets Manager user guide, asm_access (permissions of KMS); API
// reference, RotateSecret; the service's page in the Service Authorization
// Reference.
var secretKinds = []Kind{{
	Type: "AWS::SecretsManager::Secret", Own: []string{"arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-??????"}, Name: "Name", ByLogicalID: true,
	uses: map[string]use{
		"kms:Decrypt":                                 {when: "KmsKeyId", on: keyARN + "{KmsKeyId}"},
		"kms:GenerateDataKey":                         {when: "KmsKeyId", on: keyARN + "{KmsKeyId}"},
		"secretsmanager:GetRandomPassword":            {when: "GenerateSecretString"},
		"secretsmanager:RemoveRegionsFromReplication": {when: "ReplicaRegions"},
		"secretsmanager:ReplicateSecretToRegions":     {when: "ReplicaRegions"},
		"secretsmanager:TagResource":                  {when: tags},
		"secretsmanager:UntagResource":                {when: tags},
	},
	also: map[Operation][]string{Create: {"kms:Decrypt", "kms:GenerateDataKey"}, Update: {"kms:Decrypt", "kms:GenerateDataKey"}},
}, {
	Type: "AWS::SecretsManager::ResourcePolicy", Own: []string{"arn:{partition}:secretsmanager:{region}:{account}:secret:{SecretId}-??????"},
}, {
	Type: "AWS::SecretsManager::RotationSchedule", Own: []string{"arn:{partition}:secretsmanager:{region}:{account}:secret:{SecretId}-??????"},
	uses: map[string]use{
		"lambda:InvokeFunction": {when: "RotationLambdaARN", on: "{RotationLambdaARN}"},
	},
}}
