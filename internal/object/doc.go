// Package object puts, gets, lists, copies and deletes the objects of one bucket
// under one server-side encryption of Amazon S3, and signs URLs for them. It is the
// code of the Lambda functions in lambda/ of the verbs and of lambda/ingest, which
// have only a main.
//
// # Environment
//
//	BUCKET_NAME   the bucket
//	OBJECT_KEY    the object key of an event that names none
//	ENCRYPTION    sse-s3, sse-kms-aws-managed, sse-kms-cmk, dsse-kms or sse-c
//	KMS_KEY_ARN   sse-kms-cmk and dsse-kms: the ARN of the key to name; if unset,
//	              no encryption header is sent and the bucket's default applies
//	SECRET_ARN    sse-c: the secret with the key ring (package ssec)
//	QUEUE_ARN     the Amazon SQS queue whose batches the function accepts; its
//	              event source mapping must have ReportBatchItemFailures
//	PUT_URL_SECONDS  presign with sse-c: how long a URL that uploads may be good
//	              for; without it none is signed, for a key can retire only when no
//	              such URL can be under it any more
//	METRICS       true: write metrics to the log (package metric)
//	SOURCE_BUCKETS  ingest: the buckets that it copies from, with commas between
//
// Region, credentials, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3,
// AWS_ENDPOINT_URL_SECRETS_MANAGER and AWS_CA_BUNDLE are as in every AWS SDK,
// except that they are variables only, and an endpoint must be https.
//
// # Events
//
// docs/functions-verbs.md has the event and the answer of each verb, and
// docs/functions.md what a try again needs.
//
// # Ingest
//
// The event is a notification of Amazon S3, directly or as the body of a message.
// The object that it names becomes the current one of the source bucket, with its
// metadata and tags, encrypted as a put is. Events that create no object, and
// the test message, do nothing. The answer is {}.
//
// # Batches
//
// A batch of QUEUE_ARN has an event of the function's own as the body of each
// message. The answer is {"batchItemFailures": [...]}, which names the messages
// that failed; each is logged with its type. A createOnly put of a message knows
// its own object when SQS delivers the message again.
//
// # Failures
//
// Every failure has a [function.Type], which Step Functions matches:
//
//	"Retry": [{"ErrorEquals": ["S3Seal.Throttled", "S3Seal.Timeout", "S3Seal.Unavailable"]}]
//
// # Rights
//
// Package policy has the statements of every verb. What those of put and get are for,
// on the bucket's objects unless said otherwise:
//
//	put  s3:PutObject; with createOnly or ifMatch s3:PutObjectTagging and
//	     s3:GetObjectTagging, and s3:ListBucketVersions on the bucket, without
//	     which a later try's answer has no etag; with ifMatch also s3:GetObject,
//	     which S3 demands (functions.putIfMatch of stages.yaml)
//	get  s3:GetObject; with versionId s3:GetObjectVersion; s3:ListBucket on the
//	     bucket, without which a missing object is AccessDenied
//	sse-kms-cmk, dsse-kms  on the key: put kms:GenerateDataKey, get kms:Decrypt
//	sse-c  on the secret secretsmanager:GetSecretValue, and kms:Decrypt on its
//	       key if that is customer managed; put s3:PutObjectTagging, and
//	       s3:GetEncryptionConfiguration on the bucket to tell SSECBlocked from
//	       AccessDenied; get s3:GetObjectTagging (with versionId
//	       s3:GetObjectVersionTagging), without which every key is tried
package object
