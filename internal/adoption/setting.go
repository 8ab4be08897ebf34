package adoption

import (
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/stage"
)

// Setting is a call that sets something of a bucket.
type Setting struct {
	Why     string   // what it replaces, or whom it stops
	Command []string // of `aws s3api`, after --bucket
	Flag    string   // of the document
	Value   any      // the document
}

type object = map[string]any

// settings are those of a bucket that the stage would make.
//
// Sources: AmazonS3/latest/API/API_PutBucketEncryption.html and the pages of the
// other operations.
func settings(s *stage.Stage, p encryption.Pattern, o stage.BucketOptions) []Setting {
	t, byDefault := p.Traits(), object{"SSEAlgorithm": p.Traits().Algorithm}
	rule := object{"ApplyServerSideEncryptionByDefault": byDefault, "BucketKeyEnabled": t.BucketKey, "BlockedEncryptionTypes": object{"EncryptionType": []string{"SSE-C"}}}
	if o.CMK != nil {
		byDefault["KMSMasterKeyID"], rule["BucketKeyEnabled"] = o.CMK.KMSKeyARN, *o.CMK.BucketKey
	}
	if t.Key == encryption.CustomerProvided {
		rule["BlockedEncryptionTypes"] = object{"EncryptionType": []string{"NONE"}}
	}
	lifecycle := []any{object{
		"ID": "DiscardIncompleteUploads", "Status": "Enabled", "Filter": object{"Prefix": ""},
		"AbortIncompleteMultipartUpload": object{"DaysAfterInitiation": s.Retention.IncompleteUploadDays},
	}}
	if days := s.Retention.NoncurrentVersionDays; days > 0 {
		lifecycle = append(lifecycle, object{
			"ID": "ExpireNoncurrentVersions", "Status": "Enabled", "Filter": object{"Prefix": ""},
			"NoncurrentVersionExpiration": object{"NoncurrentDays": days},
		})
	}
	list := []Setting{
		{"New objects get this encryption; those that are there keep theirs.", []string{"put-bucket-encryption"}, "--server-side-encryption-configuration", object{"Rules": []any{rule}}},
		versioning("The functions need versions. They can't be turned off again, only suspended."),
		{"It ends public access, also that of a website.", []string{"put-public-access-block"}, "--public-access-block-configuration",
			object{"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true}},
		{"It ends access by ACLs. S3 refuses it while the bucket's ACL grants anything to others.", []string{"put-bucket-ownership-controls"}, "--ownership-controls",
			object{"Rules": []any{object{"ObjectOwnership": "BucketOwnerEnforced"}}}},
		{"It replaces all lifecycle rules that the bucket has: add those that are to stay.", []string{"put-bucket-lifecycle-configuration"}, "--lifecycle-configuration", object{"Rules": lifecycle}},
	}
	if *s.Logs.ServerAccess {
		list = append(list, Setting{"It replaces the place of the server access logs, after the deployment of the logs stack.", []string{"put-bucket-logging"}, "--bucket-logging-status",
			object{"LoggingEnabled": object{"TargetBucket": s.LogBucket(s.Source), "TargetPrefix": o.Name + "/"}}})
	}
	if *s.Logs.Inventory {
		frequency := map[string]string{"daily": "Daily", "weekly": "Weekly"}[s.Logs.InventoryFrequency]
		list = append(list, Setting{"It is an inventory of its own, after the deployment of the logs stack.", []string{"put-bucket-inventory-configuration", "--id", "AllVersions"}, "--inventory-configuration", object{
			"Id": "AllVersions", "IsEnabled": true, "IncludedObjectVersions": "All", "Schedule": object{"Frequency": frequency},
			"OptionalFields": []string{"Size", "LastModifiedDate", "EncryptionStatus", "BucketKeyStatus"},
			"Destination": object{"S3BucketDestination": object{
				"Bucket": "arn:" + s.Source.Partition() + ":s3:::" + s.InventoryBucket(s.Source), "AccountId": s.Source.Account, "Format": "CSV",
			}},
		}})
	}
	return list
}

func versioning(why string) Setting {
	return Setting{why, []string{"put-bucket-versioning"}, "--versioning-configuration", object{"Status": "Enabled"}}
}
