package access

import (
	"github.com/s3seal/s3seal/internal/iam"
	"github.com/s3seal/s3seal/internal/resource"
)

// keyOperations are what can be tried with a key: each use of it directly,
// through S3 for the bucket that it is for, in both forms of the encryption
// context, through S3 for another bucket, and through S3 in another Region.
func keyOperations(set *resource.Set, k *resource.Key) []Operation {
	var list []Operation
	via := iam.Strings{"s3." + k.Region + ".amazonaws.com"}
	const context = "kms:EncryptionContext:aws:s3:arn"
	for _, use := range []struct{ name, action string }{
		{"decrypt", "kms:Decrypt"},
		{"make a data key", "kms:GenerateDataKey"},
		{"make a wrapped data key", "kms:GenerateDataKeyWithoutPlaintext"},
		{"encrypt", "kms:Encrypt"},
	} {
		direct := Operation{Name: use.name + " directly", Action: use.action, Resource: k.ARN}
		list = append(list, direct)
		for _, b := range set.Buckets {
			if b.KeyARN != k.ARN {
				continue
			}
			through := direct.with(map[string]iam.Strings{"kms:ViaService": via})
			list = append(list,
				through.with(map[string]iam.Strings{context: {b.ARN}}).named(use.name+" through S3, with the Bucket Key"),
				through.with(map[string]iam.Strings{context: {b.ARN + "/object"}}).named(use.name+" through S3, for an object"),
				through.with(map[string]iam.Strings{context: {b.ARN + "-evil/object"}}).named(use.name+" through S3, for another bucket"),
				direct.with(map[string]iam.Strings{
					"kms:ViaService": {"s3.another-region-1.amazonaws.com"},
					context:          {b.ARN + "/object"},
				}).named(use.name+" through S3 of another Region"),
			)
		}
	}
	for _, admin := range []string{
		"kms:CancelKeyDeletion", "kms:CreateGrant", "kms:DescribeKey", "kms:DisableKey", "kms:EnableKey",
		"kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:PutKeyPolicy",
		"kms:RotateKeyOnDemand", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource",
		"kms:UpdateKeyDescription",
	} {
		list = append(list, Operation{Name: admin, Action: admin, Resource: k.ARN})
	}
	return list
}
