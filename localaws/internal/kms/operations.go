package kms

import "github.com/s3seal/s3seal/localaws/internal/api"

// operations are all that there are; any other is refused by name.
//
// Source: KMS API reference, the pages of these names.
func (s *Service) operations() map[string]api.JSONOperation {
	return map[string]api.JSONOperation{
		"CancelKeyDeletion":               api.JSON(s.cancelKeyDeletion),
		"CreateAlias":                     api.JSON(s.createAlias),
		"CreateKey":                       api.JSON(s.createKey),
		"Decrypt":                         api.JSON(s.decryptOperation),
		"DeleteAlias":                     api.JSON(s.deleteAlias),
		"DescribeKey":                     api.JSON(s.describeKey),
		"DisableKey":                      api.JSON(s.disableKey),
		"DisableKeyRotation":              api.JSON(s.disableKeyRotation),
		"EnableKey":                       api.JSON(s.enableKey),
		"EnableKeyRotation":               api.JSON(s.enableKeyRotation),
		"Encrypt":                         api.JSON(s.encryptOperation),
		"GenerateDataKey":                 api.JSON(s.generateDataKeyOperation),
		"GenerateDataKeyWithoutPlaintext": api.JSON(s.generateDataKeyWithoutPlaintext),
		"GenerateRandom":                  api.JSON(s.generateRandom),
		"GetKeyPolicy":                    api.JSON(s.getKeyPolicy),
		"GetKeyRotationStatus":            api.JSON(s.getKeyRotationStatus),
		"ListAliases":                     api.JSON(s.listAliases),
		"ListKeys":                        api.JSON(s.listKeys),
		"ListResourceTags":                api.JSON(s.listResourceTags),
		"PutKeyPolicy":                    api.JSON(s.putKeyPolicy),
		"ReEncrypt":                       api.JSON(s.reEncrypt),
		"RotateKeyOnDemand":               api.JSON(s.rotateKeyOnDemand),
		"ScheduleKeyDeletion":             api.JSON(s.scheduleKeyDeletion),
		"TagResource":                     api.JSON(s.tagResource),
		"UntagResource":                   api.JSON(s.untagResource),
		"UpdateAlias":                     api.JSON(s.updateAlias),
		"UpdateKeyDescription":            api.JSON(s.updateKeyDescription),
	}
}
