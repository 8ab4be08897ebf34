// Package object puts and gets the objects of one bucket under one server-side
// encryption of Amazon S3. It is the code of the Lambda functions in lambda/put
// and lambda/get, which have only a main.
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
// # Put
//
// The event, every field optional:
//
//	key              default OBJECT_KEY
//	body             text, or
//	bodyBase64       bytes; at most MaxBody either way
//	contentType      default text/plain; charset=utf-8 for body, else
//	                 application/octet-stream
//	contentEncoding  as gzip, of a body that is so encoded
//	cacheControl     as max-age=3600
//	metadata         user metadata: an object of strings, names in lower case
//	createOnly       true: fail with Conflict if the key has an object
//	ifMatch          fail with Conflict if the object's ETag is another, and with
//	                 ObjectNotFound if there is none
//	requestToken     with createOnly or ifMatch: what is the same in every try of
//	                 one request; default Lambda's request id
//
// {} and null upload the text "s3seal!" to OBJECT_KEY; an event with other
// fields needs a body. The answer has bucket, key, versionId, etag, encryption
// (sse-s3, sse-kms, dsse-kms, sse-c, as S3 says), kmsKeyArn, bucketKey, keyId
// (of the key ring), size; a field that does not apply is left out.
//
// # Retries of a put
//
// S3 may write an object and its answer get lost. The next try of a createOnly
// put then meets the object of the first, which is no conflict: the object has
// the request's token in its tag request-token, and the answer is that of the
// first try, with the encryption that the function asks for. The SDK's tries
// share a token, and so do Lambda's of an asynchronous event. Who calls the
// function again must send one: a state machine of Step Functions
//
//	"requestToken.$": "States.Format('{}/{}', $$.Execution.Id, $$.State.Name)"
//
// and what reads a queue the message's id, which stays when SQS delivers it
// again. A token is 1-256 letters, digits, spaces and + - = . _ : / @.
//
// # Get
//
// The event: key, versionId, range ("bytes=0-99"), ifMatch (an ETag: fail with
// Conflict if the object has another), all optional. The answer has the fields of
// a put's answer, contentType, contentEncoding, cacheControl, metadata,
// lastModified (RFC 3339), contentRange, and body if that is UTF-8, else
// bodyBase64. An object of more than MaxBody bytes is read in ranges; ifMatch
// makes sure that all are of one object.
//
// # Ingest
//
// The event is a notification of Amazon S3, directly or as the body of a message.
// The object that it names becomes the current one of the source bucket, with its
// metadata and tags, encrypted as a put is. Events that create no object, and
// the test message, do nothing. The answer is {}.
//
// # Other verbs
//
// docs/functions-verbs.md has head, list, delete, copy, presign and stream.
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
// The function's role needs, on the bucket's objects unless said otherwise:
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
