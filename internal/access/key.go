package access

import (
	"slices"

	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// keyOperations are what can be tried with a key: its uses and its
// administration.
func keyOperations(set *resource.Set, k *resource.Key) []Operation {
	list := keyUses(set, k.ARN, k.Region)
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

// keyUses are each use of a key directly, through S3 for the bucket that it is
// for, in both forms of the encryption context, through S3 for another bucket,
// and through S3 in another Region. Where it is for several buckets, the names say
// for which.
func keyUses(set *resource.Set, arn, region string) []Operation {
	buckets := slices.DeleteFunc(slices.Clone(set.Buckets), func(b *resource.Bucket) bool { return b.KeyARN != arn })
	var list []Operation
	for _, use := range []struct{ name, action string }{
		{"decrypt", "kms:Decrypt"},
		{"make a data key", "kms:GenerateDataKey"},
		{"make a wrapped data key", "kms:GenerateDataKeyWithoutPlaintext"},
		{"encrypt", "kms:Encrypt"},
	} {
		direct := Operation{Name: use.name + " directly", Action: use.action, Resource: arn}
		list = append(list, direct)
		for _, b := range buckets {
			which := ""
			if len(buckets) > 1 {
				which = " (" + ShortName(b.LogicalID) + ")"
			}
			through := direct.with(question.ViaService("s3", region))
			list = append(list,
				through.with(question.Context{conditionkey.S3Context: {b.ARN}}).named(use.name+" through S3, with the Bucket Key"+which),
				through.with(question.Context{conditionkey.S3Context: {b.ARN + "/object"}}).named(use.name+" through S3, for an object"+which),
				through.with(question.Context{conditionkey.S3Context: {b.ARN + "-evil/object"}}).named(use.name+" through S3, for another bucket"+which),
				direct.with(question.ViaService("s3", otherRegion(region))).with(question.Context{conditionkey.S3Context: {b.ARN + "/object"}}).named(use.name+" through S3 of another Region"+which),
			)
		}
	}
	return list
}

// otherRegion is of the same partition.
func otherRegion(region string) string { return region + "-other" }
