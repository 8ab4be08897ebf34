package handler

// tables says why a metadata table needs more than is known here.
const tables = "on which tables of S3 Tables it works isn't known here"

// Sources: S3 user guide, using-with-s3-policy-actions; API reference, the
// permissions of each Put operation.
var bucketKinds = []Kind{{
	Type: "AWS::S3::Bucket", Own: []string{"arn:{partition}:s3:::{name}"}, Name: "BucketName",
	uses: map[string]use{
		"s3:DeleteBucketWebsite":                {when: "WebsiteConfiguration"},
		"s3:PutAccelerateConfiguration":         {when: "AccelerateConfiguration"},
		"s3:PutAnalyticsConfiguration":          {when: "AnalyticsConfigurations"},
		"s3:PutBucketAbac":                      {when: "AbacStatus"},
		"s3:PutBucketAcl":                       {when: "AccessControl"},
		"s3:PutBucketCORS":                      {when: "CorsConfiguration"},
		"s3:PutBucketLogging":                   {when: "LoggingConfiguration"},
		"s3:PutBucketNotification":              {when: "NotificationConfiguration"},
		"s3:PutBucketObjectLockConfiguration":   {when: "ObjectLockConfiguration ObjectLockEnabled"},
		"s3:PutBucketOwnershipControls":         {when: "OwnershipControls"},
		"s3:PutBucketPublicAccessBlock":         {when: "PublicAccessBlockConfiguration"},
		"s3:PutBucketTagging":                   {when: tags},
		"s3:PutBucketVersioning":                {when: "VersioningConfiguration"},
		"s3:PutBucketWebsite":                   {when: "WebsiteConfiguration"},
		"s3:PutEncryptionConfiguration":         {when: "BucketEncryption"},
		"s3:PutIntelligentTieringConfiguration": {when: "IntelligentTieringConfigurations"},
		"s3:PutInventoryConfiguration":          {when: "InventoryConfigurations"},
		"s3:PutLifecycleConfiguration":          {when: "LifecycleConfiguration"},
		"s3:PutMetricsConfiguration":            {when: "MetricsConfigurations"},
		"s3:PutReplicationConfiguration":        {when: "ReplicationConfiguration"},
		"s3:TagResource":                        {when: tags},
		"s3:UntagResource":                      {when: tags},
		"iam:PassRole":                          {when: "ReplicationConfiguration", on: "{ReplicationConfiguration.Role}", pass: "s3.amazonaws.com"},

		"s3:CreateBucketMetadataTableConfiguration":          {when: "MetadataConfiguration MetadataTableConfiguration"},
		"s3:DeleteBucketMetadataTableConfiguration":          {when: "MetadataConfiguration MetadataTableConfiguration"},
		"s3:UpdateBucketMetadataInventoryTableConfiguration": {when: "MetadataConfiguration"},
		"s3:UpdateBucketMetadataJournalTableConfiguration":   {when: "MetadataConfiguration"},
		"s3tables:CreateNamespace":                           {when: "MetadataConfiguration MetadataTableConfiguration", open: tables},
		"s3tables:CreateTable":                               {when: "MetadataConfiguration MetadataTableConfiguration", open: tables},
		"s3tables:CreateTableBucket":                         {when: "MetadataConfiguration", open: tables},
		"s3tables:GetTable":                                  {when: "MetadataConfiguration MetadataTableConfiguration", open: tables},
		"s3tables:GetTableMetadataLocation":                  {when: "MetadataConfiguration MetadataTableConfiguration", open: tables},
		"s3tables:PutTableBucketPolicy":                      {when: "MetadataConfiguration", open: tables},
		"s3tables:PutTableEncryption":                        {when: "MetadataConfiguration", open: tables},
		"s3tables:PutTablePolicy":                            {when: "MetadataConfiguration MetadataTableConfiguration", open: tables},
		"s3tables:UpdateTableMetadataLocation":               {when: "MetadataConfiguration MetadataTableConfiguration", open: tables},

		"s3:DeleteObject": {except: "no property deletes an object, and a bucket that has any is not deleted"},
		"s3:PutObjectAcl": {except: "no property sets the ACL of an object"},
	},
}, {
	Type: "AWS::S3::BucketPolicy", Own: []string{"arn:{partition}:s3:::{Bucket}"},
}}
