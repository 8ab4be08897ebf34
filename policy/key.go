package policy

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
)

// AccountAccess lets the IAM policies of the key's own account decide, and
// keeps the key from becoming unmanageable when a role is deleted. It is the
// statement of KMS's default key policy.
// Source: kms/latest/developerguide/key-policy-default.html.
func AccountAccess(accountRootARN string) iam.Statement {
	return iam.Statement{
		Sid:       "AccountAccess",
		Effect:    iam.Allow,
		Principal: aws(accountRootARN),
		Action:    iam.Strings{"kms:*"},
		Resource:  iam.Strings{"*"},
	}
}

// KeyAdministrators lets principals manage the key, but not use it. They can
// change this policy, and so give themselves more: it separates duties, and a
// breach shows in CloudTrail, but it does not prevent one. kms:CreateGrant is left
// out, since a grant would allow use without a trace in the policy.
// Source: kms/latest/developerguide/key-policy-default.html, "Allows key
// administrators to administer the KMS key".
func KeyAdministrators(principalARNs []string) iam.Statement {
	return iam.Statement{
		Sid:       "KeyAdministrators",
		Effect:    iam.Allow,
		Principal: aws(principalARNs...),
		Action: iam.Strings{
			"kms:CancelKeyDeletion",
			"kms:DescribeKey",
			"kms:DisableKey",
			"kms:EnableKey",
			"kms:EnableKeyRotation",
			"kms:GetKeyPolicy",
			"kms:GetKeyRotationStatus",
			"kms:PutKeyPolicy",
			"kms:RotateKeyOnDemand",
			"kms:ScheduleKeyDeletion",
			"kms:TagResource",
			"kms:UntagResource",
			"kms:UpdateKeyDescription",
		},
		Resource: iam.Strings{"*"},
	}
}

// KeyUsers lets principals read and write the bucket's objects under the key,
// through S3 in the bucket's Region and for no other bucket.
// kms:GenerateDataKey is for uploads, kms:Decrypt for downloads and multipart
// uploads.
// Source: AmazonS3/latest/userguide/UsingKMSEncryption.html, "Permissions".
func KeyUsers(principalARNs []string, bucketARN, viaService string) iam.Statement {
	return iam.Statement{
		Sid:       "KeyUsers",
		Effect:    iam.Allow,
		Principal: aws(principalARNs...),
		Action:    iam.Strings{"kms:Decrypt", "kms:GenerateDataKey"},
		Resource:  iam.Strings{"*"},
		Condition: throughS3For(bucketARN, viaService),
	}
}

// KeyReaders is KeyUsers for principals that only download.
func KeyReaders(principalARNs []string, bucketARN, viaService string) iam.Statement {
	return iam.Statement{
		Sid:       "KeyReaders",
		Effect:    iam.Allow,
		Principal: aws(principalARNs...),
		Action:    iam.Strings{"kms:Decrypt"},
		Resource:  iam.Strings{"*"},
		Condition: throughS3For(bucketARN, viaService),
	}
}

// KeyServices lets AWS services read and write the bucket's objects under the
// key, through S3, for account and for no other account's resources (the
// confused deputy problem). A service must send aws:SourceAccount, as its own
// page shows. Whether S3 sends kms:ViaService for every service is not
// documented; a service for which it does not is refused.
// Source: kms/latest/developerguide/key-policy-services.html.
func KeyServices(services []string, account, bucketARN, viaService string) iam.Statement {
	c := throughS3For(bucketARN, viaService)
	c["StringEquals"][conditionkey.SourceAccount] = iam.Strings{account}
	return iam.Statement{
		Sid:       "KeyServices",
		Effect:    iam.Allow,
		Principal: service(services...),
		Action:    iam.Strings{"kms:Decrypt", "kms:GenerateDataKey"},
		Resource:  iam.Strings{"*"},
		Condition: c,
	}
}

// KeyAccountWideThroughS3 admits every principal of the account that S3 itself
// admits to an object, as the policy of the AWS managed key aws/s3 does. With
// it the key no longer keeps anybody out who has s3:GetObject, which is the main
// reason for a customer managed key. Rotation, audit and the right to disable the
// key remain.
// Source: kms/latest/developerguide/key-policy-services.html, and the policy
// of aws/s3 itself.
func KeyAccountWideThroughS3(account, viaService string) iam.Statement {
	return iam.Statement{
		Sid:       "KeyAccountWideThroughS3",
		Effect:    iam.Allow,
		Principal: aws("*"),
		Action:    iam.Strings{"kms:Decrypt", "kms:GenerateDataKey"},
		Resource:  iam.Strings{"*"},
		Condition: iam.Condition{"StringEquals": {
			conditionkey.CallerAccount: {account},
			conditionkey.ViaService:    {viaService},
		}},
	}
}

// throughS3For matches use of a key by S3, in one Region, for the objects of
// one bucket.
func throughS3For(bucketARN, viaService string) iam.Condition {
	return iam.Condition{
		"StringEquals": {conditionkey.ViaService: {viaService}},
		"StringLike":   {conditionkey.S3Context: bucketAndObjects(bucketARN)},
	}
}
