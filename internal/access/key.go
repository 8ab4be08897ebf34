package access

import (
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
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
// and through S3 in another Region.
func keyUses(set *resource.Set, arn, region string) []Operation {
	var list []Operation
	const bucketARN = "kms:EncryptionContext:aws:s3:arn"
	for _, use := range []struct{ name, action string }{
		{"decrypt", "kms:Decrypt"},
		{"make a data key", "kms:GenerateDataKey"},
		{"make a wrapped data key", "kms:GenerateDataKeyWithoutPlaintext"},
		{"encrypt", "kms:Encrypt"},
	} {
		direct := Operation{Name: use.name + " directly", Action: use.action, Resource: arn}
		list = append(list, direct)
		for _, b := range set.Buckets {
			if b.KeyARN != arn {
				continue
			}
			through := direct.with(viaService("s3", region))
			list = append(list,
				through.with(context{bucketARN: {b.ARN}}).named(use.name+" through S3, with the Bucket Key"),
				through.with(context{bucketARN: {b.ARN + "/object"}}).named(use.name+" through S3, for an object"),
				through.with(context{bucketARN: {b.ARN + "-evil/object"}}).named(use.name+" through S3, for another bucket"),
				direct.with(viaService("s3", otherRegion(region))).with(context{bucketARN: {b.ARN + "/object"}}).named(use.name+" through S3 of another Region"),
			)
		}
	}
	return list
}

// viaService is the value of kms:ViaService for a service in a Region, whose
// name ends as the DNS names of the Region's partition do.
// Source: kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service.
func viaService(service, region string) context {
	return context{"kms:ViaService": {service + "." + region + "." + pseudo(region, "AWS::URLSuffix")}}
}

// otherRegion is of the same partition.
func otherRegion(region string) string { return region + "-other" }

// pseudo is a pseudo parameter of a stack in a Region; "" when the Region is
// not known.
func pseudo(region, name string) string {
	v, err := (&template.Stack{Region: region}).Resolve(map[string]any{"Ref": name}, name)
	text, ok := v.(string)
	if err != nil || !ok {
		return ""
	}
	return text
}
