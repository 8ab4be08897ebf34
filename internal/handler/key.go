package handler

const keyARN = "arn:{partition}:kms:{region}:{account}:key/"

// Sources: KMS developer guide, kms-api-permissions-reference; API reference,
// CreateKey (Required permissions).
var keyKinds = []Kind{{
	Type: "AWS::KMS::Key", Own: []string{keyARN + "{name}"},
	uses: map[string]use{
		"kms:DisableKey":           {when: "Enabled"},
		"kms:EnableKey":            {when: "Enabled"},
		"kms:DisableKeyRotation":   {when: "EnableKeyRotation"},
		"kms:EnableKeyRotation":    {when: "EnableKeyRotation"},
		"kms:PutKeyPolicy":         {when: "KeyPolicy"},
		"kms:TagResource":          {when: tags},
		"kms:UntagResource":        {when: tags},
		"kms:UpdateKeyDescription": {when: "Description"},
	},
}, {
	Type: "AWS::KMS::Alias", Own: []string{"arn:{partition}:kms:{region}:{account}:{AliasName}", keyARN + "{TargetKeyId}"},
}}
