package lambda

import (
	"slices"

	"github.com/s3seal/s3seal/internal/object/objecttest"
)

// badEnvironments are the answers of functions to events that have no fault.
var badEnvironments = slices.Concat(
	environments("put", "BadConfig", "BUCKET_NAME=", "ENCRYPTION=", "ENCRYPTION=SSE-C", "SECRET_ARN=", "METRICS=yes",
		"KMS_KEY_ARN=arn:aws:kms:us-east-1:111122223333:key/k", "ENCRYPTION=sse-kms-cmk KMS_KEY_ARN=alias/k",
		"AWS_REGION=", "AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "AWS_ENDPOINT_URL_S3=http://127.0.0.1:1",
		"AWS_ENDPOINT_URL=ftp://127.0.0.1", "AWS_ENDPOINT_URL_S3=%zz", "AWS_CA_BUNDLE=/dev/null", "AWS_CA_BUNDLE=/none"),
	environments("put", "BadConfig", "AWS_CA_BUNDLE=<other-ca>"),
	environments("rotate", "BadConfig", "AWS_CA_BUNDLE=<other-ca>"),
	environments("sweep", "BadConfig", "AWS_CA_BUNDLE=<other-ca>"),
	environments("get", "BadRequest", "OBJECT_KEY="),
	environments("get", "BadConfig", "BUCKET_NAME=none", "AWS_ENDPOINT_URL_SECRETS_MANAGER=http://127.0.0.1:1"),
	environments("get", "SecretNotFound", "SECRET_ARN=arn:aws:secretsmanager:us-east-1:111122223333:secret:none-abcdef"),
	environments("get", "AccessDenied", "AWS_SECRET_ACCESS_KEY=wrong", "AWS_ACCESS_KEY_ID=AKIANONE"),
	environments("get", "Unavailable", "AWS_ENDPOINT_URL_SECRETS_MANAGER=https://127.0.0.1:1", "AWS_ENDPOINT_URL_S3=https://127.0.0.1:1"),
	environments("head", "BadConfig", "ENCRYPTION=aes"),
	environments("list", "BadConfig", "BUCKET_NAME=", "BUCKET_NAME=none"),
	environments("delete", "BadConfig", "BUCKET_NAME=none", "AWS_REGION="),
	environments("copy", "BadConfig", "SECRET_ARN="),
	environments("presign", "BadConfig", "AWS_ENDPOINT_URL_S3=http://127.0.0.1:1", "PUT_URL_SECONDS=0", "PUT_URL_SECONDS=1h"),
	withEnv("PUT_URL_SECONDS=", of("presign", row{`{"method":"put"}`, "BadConfig"})),
	environments("stream", "BadConfig", "BUCKET_NAME=", "AWS_CA_BUNDLE=/none"),
	environments("ingest", "BadConfig", "SOURCE_BUCKETS=source,bucket", "BUCKET_NAME=none"),
	environments("ingest", "BadRequest", "SOURCE_BUCKETS="),
	environments("rotate", "BadConfig", "PROBE_KEY=", "SECRET_ARN= BUCKET_NAME=", "AWS_ENDPOINT_URL_SECRETS_MANAGER=http://127.0.0.1:1", "AWS_REGION="),
	environments("sweep", "BadConfig", "BUCKET_NAME=", "SECRET_ARN=", "AWS_REGION=", "AWS_CA_BUNDLE=/none", "BUCKET_NAME=none"),
)

// plainEvents are what each function could carry out.
var plainEvents = map[string]string{
	"put": `{"key":"late","body":"x"}`, "get": `{}`, "head": `{}`, "list": `{}`, "delete": `{"key":"a"}`, "presign": `{}`, "stream": `{}`, "sweep": `{}`,
	"copy":   `{"from":{"key":"a"},"key":"c"}`,
	"ingest": notification("aws:s3", "2.1", sourceBucket, "s"),
	"rotate": `{"Step":"createSecret","SecretId":"<secret>","ClientRequestToken":"` + token(1) + `"}`,
}

func environments(function, want string, env ...string) (rows []badInput) {
	for _, e := range env {
		rows = append(rows, badInput{function: function, event: plainEvents[function], want: want, env: e})
	}
	return rows
}

// faults are those of S3, Secrets Manager and KMS. Their messages have the key,
// as nothing promises that AWS's have none.
var faults = []badInput{
	broken("put", "GetSecretValue", 400, "AccessDeniedException", "SecretAccessDenied"),
	broken("put", "GetSecretValue", 400, "DecryptionFailure", "SecretAccessDenied"),
	broken("put", "GetSecretValue", 400, "ResourceNotFoundException", "SecretNotFound"),
	broken("put", "GetSecretValue", 400, "ThrottlingException", "Throttled"),
	broken("put", "GetSecretValue", 400, "ExpiredTokenException", "AccessDenied"),
	broken("put", "GetSecretValue", 500, "InternalServiceError", "Unavailable"),
	meets("put", "GetSecretValue", objecttest.Fault{Cut: true}, "Unavailable"),
	meets("put", "GetSecretValue", objecttest.Fault{Lost: true}, "Unavailable"),
	meets("put", "GetSecretValue", objecttest.Fault{Hang: true}, "Timeout"),
	broken("put", "PutObject", 403, "AccessDenied", "AccessDenied"),
	broken("put", "PutObject GetBucketEncryption", 403, "AccessDenied", "AccessDenied"),
	broken("put", "PutObject", 403, "RequestTimeTooSkewed", "AccessDenied"),
	broken("put", "PutObject", 400, "ExpiredToken", "AccessDenied"),
	broken("put", "PutObject", 400, "MetadataTooLarge", "BadRequest"),
	broken("put", "PutObject", 400, "KMS.DisabledException", "KMSKeyUnusable"),
	broken("put", "PutObject", 400, "KMS.ThrottlingException", "Throttled"),
	broken("put", "PutObject", 404, "NoSuchBucket", "BadConfig"),
	broken("put", "PutObject", 301, "PermanentRedirect", "BadConfig"),
	broken("put", "PutObject", 503, "SlowDown", "Throttled"),
	broken("put", "PutObject", 500, "InternalError", "Unavailable"),
	broken("put", "PutObject", 599, "Odd", "Unavailable"),
	broken("put", "PutObject", 418, "Odd", "Internal"),
	meets("put", "PutObject", objecttest.Fault{Hang: true}, "Timeout"),
	lost("put", "PutObject"),
	broken("get", "GetObject HeadObject", 403, "AccessDenied", "AccessDenied"),
	broken("get", "GetObject", 400, "KMS.KMSInvalidStateException", "KMSKeyUnusable"),
	broken("get", "GetObject", 503, "SlowDown", "Throttled"),
	broken("get", "GetObject", 400, "KMS.ThrottlingException", "Throttled"),
	broken("get", "GetObject", 400, "ThrottlingException", "Throttled"),
	broken("get", "GetObject", 400, "RequestTimeout", "Unavailable"),
	meets("get", "GetObject", objecttest.Fault{Cut: true}, "Unavailable"),
	meets("get", "GetObject", objecttest.Fault{Hang: true}, "Timeout"),
	broken("head", "HeadObject", 500, "InternalError", "Unavailable"),
	broken("head", "HeadObject", 403, "AccessDenied", "AccessDenied"),
	meets("head", "HeadObject", objecttest.Fault{Hang: true}, "Timeout"),
	broken("list", "ListObjectsV2", 403, "AccessDenied", "AccessDenied"),
	broken("list", "ListObjectsV2", 503, "SlowDown", "Throttled"),
	meets("list", "ListObjectsV2", objecttest.Fault{Cut: true}, "Unavailable"),
	broken("delete", "DeleteObject", 403, "AccessDenied", "AccessDenied"),
	broken("delete", "DeleteObject", 503, "SlowDown", "Throttled"),
	broken("delete", "DeleteObject", 400, "ExpiredToken", "AccessDenied"),
	broken("copy", "CopyObject", 403, "AccessDenied", "AccessDenied"),
	broken("copy", "CopyObject", 200, "InternalError", "Unavailable"),
	broken("copy", "GetObjectTagging", 403, "AccessDenied", "AccessDenied"),
	broken("copy", "HeadObject", 404, "NotFound", "ObjectNotFound"),
	lost("copy", "CopyObject"),
	lost("delete", "DeleteObject"),
	lost("ingest", "CopyObject"),
	{function: "put", event: batch(`{}`), want: "Throttled", env: "QUEUE_ARN=" + queueARN, calls: "PutObject", fault: &objecttest.Fault{Status: 503, Code: "SlowDown", Message: digits}},
	broken("presign", "HeadObject", 403, "AccessDenied", "AccessDenied"),
	broken("presign", "GetSecretValue", 400, "AccessDeniedException", "SecretAccessDenied"),
	broken("stream", "GetObject", 503, "SlowDown", "Throttled"),
	broken("stream", "GetObject HeadObject", 403, "AccessDenied", "AccessDenied"),
	meets("stream", "GetObject", objecttest.Fault{Cut: true}, "Unavailable"),
	broken("ingest", "HeadObject", 403, "AccessDenied", "AccessDenied"),
	broken("ingest", "CopyObject", 403, "AccessDenied", "AccessDenied"),
	broken("ingest", "CopyObject", 503, "SlowDown", "Throttled"),
	broken("ingest", "GetSecretValue", 400, "AccessDeniedException", "SecretAccessDenied"),
	broken("rotate", "DescribeSecret", 400, "AccessDeniedException", "SecretAccessDenied"),
	broken("rotate", "DescribeSecret", 400, "ThrottlingException", "Throttled"),
	broken("rotate", "DescribeSecret", 400, "ExpiredTokenException", "AccessDenied"),
	meets("rotate", "DescribeSecret", objecttest.Fault{Hang: true}, "Timeout"),
	broken("sweep", "GetSecretValue", 400, "AccessDeniedException", "SecretAccessDenied"),
	broken("sweep", "ListObjectVersions", 403, "AccessDenied", "AccessDenied"),
	broken("sweep", "ListObjectVersions", 503, "SlowDown", "Throttled"),
	broken("sweep", "HeadObject", 500, "InternalError", "Unavailable"),
	broken("sweep", "ListObjectVersions", 404, "NoSuchBucket", "BadConfig"),
}

func meets(function, calls string, fault objecttest.Fault, want string) badInput {
	return badInput{function: function, event: plainEvents[function], want: want, calls: calls, fault: &fault, short: fault.Hang || function == "sweep"}
}

func broken(function, call string, status int, code, want string) badInput {
	return meets(function, call, objecttest.Fault{Status: status, Code: code, Message: digits}, want)
}

// lost does what was asked, and its answer never comes.
func lost(function, call string) badInput {
	row := meets(function, call, objecttest.Fault{Lost: true}, "Unavailable")
	row.writes = true
	return row
}
