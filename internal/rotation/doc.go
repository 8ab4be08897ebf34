// Package rotation is the Secrets Manager rotation function of an SSE-C key ring
// (package ssec). It is the code of the Lambda function in lambda/rotate, which
// has only a main.
//
// A rotation adds a key to the ring and makes it the primary, under which put
// functions write from then on. It drops, renames and changes no key, and reads
// and writes no object: every object stays readable at every moment, whatever
// fails, and however often Secrets Manager tries again.
//
// # Steps
//
// Secrets Manager invokes the function for each step, with the id of the new
// version as token; the event is {"Step", "SecretId", "ClientRequestToken"}.
//
//	createSecret  writes the version with AWSPENDING: the ring of AWSCURRENT, one
//	              more key as its primary, and AWSCURRENT's version as its parent
//	setSecret     does nothing: S3 keeps no SSE-C key that could be set
//	testSecret    checks AWSPENDING against AWSCURRENT, and S3 with the new key
//	finishSecret  checks again, and moves AWSCURRENT off the parent
//
// Each step can be repeated, also at the same time, and after a crash at any
// point. A step for a version that is AWSCURRENT already does nothing.
//
// UpdateSecretVersionStage moves AWSCURRENT only off the version that the caller
// names. So finishSecret is a compare-and-swap: if another rotation, the
// retirement of a key, or an edit by hand has moved AWSCURRENT since
// createSecret, the ring of AWSPENDING would lack its keys. The step then takes
// AWSPENDING off and fails with Conflict, and the next rotation begins with
// what is current. The key that is given up was never the primary: nothing is
// under it.
//
// # When writers have the new key
//
// A put function keeps a ring for at most ssec.RingTTL, by the wall clock, and
// reads it before it puts. So that long and its timeout after finishSecret, it puts
// nothing under an older key, however warm it is. Others may: package sweep counts
// them all before it retires a key.
// Until then a reader needs both keys, and has both.
//
// # The test in S3
//
// testSecret begins a multipart upload under the key, uploads one part, and
// aborts it. S3 accepts the part only under the key of the upload, so this is a
// put and a comparison of the key, in the bucket, under its policies. It makes
// no object version. An object that is put, got and deleted would: it would be
// announced by event notifications and replicated; Object Lock could keep it;
// and one that a crash leaves behind would need the key for as long as the
// bucket keeps noncurrent versions, and so keep it from being retired. What a
// crash leaves of an upload, the bucket's lifecycle rule for incomplete uploads
// discards. And the function's role needs neither to read nor to delete objects.
//
// With RotateImmediately false, Secrets Manager invokes testSecret alone, on an
// AWSPENDING version that it makes and removes itself. What that version holds
// isn't documented. If it holds nothing, or what AWSCURRENT holds, the test is
// one of the current primary key.
//
// # A key that an edit by hand took out
//
// createSecret and finishSecret refuse, with KeyLost, while AWSPREVIOUS holds a
// key that AWSCURRENT lacks, unless AWSCURRENT says by its parent that it was
// made from AWSPREVIOUS on purpose, as a retirement does. A rotation would move
// AWSPREVIOUS on, and the version with the last copy of that key would have no
// label: Secrets Manager may then delete it. Either put the key back into the
// ring, or, if no object needs it, take AWSPREVIOUS off its version.
//
// # Environment
//
//	BUCKET_NAME  the bucket of the test
//	PROBE_KEY    the object key of the test's upload
//	SECRET_ARN   the secret with the key ring; the function rotates no other
//	METRICS      optional: "true" writes metrics, among them the ring's size
//
// # Failures
//
// The types of package function, and [RingFull] and [KeyLost]. Conflict,
// Throttled, Timeout and Unavailable may pass: Secrets Manager tries a rotation
// again. The alarm for the others is a person's work.
//
// # Rights
//
// On the secret secretsmanager:DescribeSecret, GetSecretValue, PutSecretValue
// and UpdateSecretVersionStage; on its customer managed key, if it has one,
// kms:Decrypt and kms:GenerateDataKey; on the object PROBE_KEY s3:PutObject and
// s3:AbortMultipartUpload.
//
// Sources: Secrets Manager user guide, rotate-secrets_lambda-functions,
// rotating-secrets-required-permissions-function and troubleshoot_rotation; API
// reference, UpdateSecretVersionStage, PutSecretValue and RotateSecret; S3 API
// reference, UploadPart.
package rotation
