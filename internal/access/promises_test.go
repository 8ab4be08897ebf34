package access

import (
	"slices"
	"testing"

	"github.com/s3seal/s3seal/internal/resource"
)

// What SECURITY.md promises, as questions. The tables show every answer, but a
// table can be rewritten without a thought; these cannot.
func TestPromisesHold(t *testing.T) {
	t.Parallel()
	keep(t, "prod", []promise{
		// A client that relies on the bucket's default is admitted under every requirement.
		{"SseKmsCmkFunctionsPutRole", "put without a header", "bucket SseKmsCmk", allowed, "PutObjects"},
		{"SseKmsCmkFunctionsPutRole", "put as SSE-KMS, the bucket's key", "bucket SseKmsCmk", allowed, "PutObjects"},
		{"administrator@444455556666", "put as SSE-S3", "bucket SseKmsCmk", denied, "DenyOtherEncryption"},
		{"administrator@444455556666", "put as SSE-KMS, no key named", "bucket SseKmsCmk", denied, "DenyAWSManagedKey"},
		{"administrator@444455556666", "update the encryption to SSE-S3", "bucket SseKmsCmk", denied, "DenyOtherEncryption"},

		// Nobody locks an object away: neither under a key of another account,
		// however it is named, nor under a key of the caller's own, whatever the
		// bucket blocks. A bucket with a key of its own refuses every other.
		{"root@444455556666", "put as SSE-KMS, a stranger's key", "bucket SseS3", denied, "DenyForeignKey"},
		{"root@444455556666", "put as SSE-KMS, a key id", "bucket SseS3", denied, "DenyForeignKey"},
		{"root@444455556666", "put as SSE-KMS, an alias", "bucket SseS3", denied, "DenyForeignKey"},
		{"root@444455556666", "put as DSSE-KMS, a stranger's key", "bucket SseKmsAwsManaged", denied, "DenyForeignKey"},
		{"root@444455556666", "put as SSE-KMS, another key of the account", "bucket SseKmsAwsManaged", allowed, "root user"},
		{"root@444455556666", "update the encryption to a stranger's key", "bucket SseS3", denied, "DenyForeignKey"},
		{"root@444455556666", "update the encryption to a stranger's key", "bucket SseC", denied, "DenyForeignKey"},
		{"root@444455556666", "replicate as SSE-KMS, a stranger's key", "bucket SseS3", denied, "DenyForeignKey"},
		{"root@444455556666", "put as SSE-KMS, a stranger's key", "bucket Logs@444455556666", denied, "DenyForeignKey"},
		{"root@444455556666", "put as SSE-KMS, a stranger's key", "bucket Inventory@444455556666", denied, "DenyOtherKey"},
		{"root@777788889999", "put as SSE-KMS, a stranger's key", "bucket Replica", denied, "DenyOtherKey"},
		{"administrator@444455556666", "put as SSE-KMS, another key of the account", "bucket SseKmsCmk", denied, "DenyOtherKey"},
		{"administrator@444455556666", "put as DSSE-KMS, another key of the account", "bucket DsseKms", denied, "DenyOtherKey"},
		{"administrator@444455556666", "update the encryption to another key of the account", "bucket SseKmsCmk", denied, "DenyOtherKey"},
		{"administrator@444455556666", "update the encryption to the bucket's key", "bucket SseKmsCmk", allowed, "IAM"},
		{"administrator@444455556666", "put as SSE-KMS, no key named", "bucket SseS3", allowed, "IAM"},
		{"stranger", "put as SSE-KMS, no key named", "bucket SseS3", denied, "DenyForeignAWSManagedKey"},
		{"stranger", "put as DSSE-KMS, no key named", "bucket SseS3", denied, "DenyForeignAWSManagedKey"},
		{"stranger", "replicate as SSE-KMS, no key named", "bucket SseS3", denied, "DenyForeignAWSManagedKey"},
		{"stranger", "put without a header", "bucket SseS3", not, ""},
		{"stranger", "put without a header", "bucket SseKmsAwsManaged", denied, "DenyOtherAccounts"},
		{"stranger", "replicate without a header", "bucket SseKmsAwsManaged", denied, "DenyOtherAccounts"},
		{"root@444455556666", "put as SSE-KMS, aws/s3 of the account", "bucket SseKmsAwsManaged", allowed, "root user"},
		{"root@444455556666", "put as SSE-KMS, aws/s3 of a stranger", "bucket SseKmsAwsManaged", denied, "DenyForeignKey"},
		{"root@444455556666", "put as SSE-KMS, a key of another Region", "bucket SseS3", denied, "DenyForeignKey"},
		{"administrator@444455556666", "update the encryption to SSE-KMS, no key named", "bucket SseKmsCmk", denied, "DenyAWSManagedKey"},
		{"s3.amazonaws.com for 444455556666", "put as SSE-KMS, no key named", "bucket SseS3", not, ""},
		{"root@444455556666", "put as SSE-C", "bucket SseS3", denied, "DenySSEC"},
		{"root@444455556666", "replicate as SSE-C", "bucket SseKmsCmk", denied, "DenySSEC"},

		// With a Bucket Key an upload may decrypt, which opens no object.
		{"SseKmsCmkFunctionsPutRole", "decrypt through S3, with the Bucket Key", "key SseKmsCmkKey", allowed, "UseKey"},
		{"SseKmsCmkFunctionsPutRole", "get", "bucket SseKmsCmk", not, ""},

		// The key keeps out who has all of S3, and lets its users in for its bucket only.
		{"s3-user@444455556666", "decrypt through S3, for an object", "key SseKmsCmkKey", not, ""},
		{"role/acme-prod-app@444455556666", "decrypt through S3, for an object", "key SseKmsCmkKey", allowed, "KeyUsers"},
		{"role/acme-prod-app@444455556666", "decrypt through S3, with the Bucket Key", "key SseKmsCmkKey", allowed, "KeyUsers"},
		{"role/acme-prod-app@444455556666", "decrypt through S3, for another bucket", "key SseKmsCmkKey", not, ""},
		{"role/acme-prod-app@444455556666", "decrypt through S3 of another Region", "key SseKmsCmkKey", not, ""},
		{"role/acme-prod-app@444455556666", "decrypt directly", "key SseKmsCmkKey", not, ""},
		{"role/acme-prod-app@444455556666", "kms:PutKeyPolicy", "key SseKmsCmkKey", not, ""},
		{"stranger's acme-prod-app", "decrypt through S3, for an object", "key SseKmsCmkKey", not, ""},

		// SSE-C: no object without a customer's key, not even by the root user.
		{"root@444455556666", "put without a header", "bucket SseC", denied, "RequireSSEC"},
		{"administrator@444455556666", "replicate as SSE-S3", "bucket SseC", denied, "RequireSSECReplicas"},
		{"administrator@444455556666", "replicate as SSE-KMS, another key of the account", "bucket SseC", denied, "RequireSSECReplicas"},
		{"administrator@444455556666", "replicate as SSE-C", "bucket SseC", allowed, "IAM"},
		{"SseCFunctionsPutRole", "put as SSE-C", "bucket SseC", allowed, "PutObjects"},
		{"SseCFunctionsPutRole", "get", "bucket SseC", not, ""},
		{"SseCFunctionsGetRole", "put as SSE-C", "bucket SseC", not, ""},
		{"SseS3FunctionsGetRole", "secretsmanager:GetSecretValue", "secret SseCKeyRing", not, ""},

		// Replication: the one role, under the one key, and nothing else. A
		// request without a header is that of a part, or of tags.
		{"ReplicationRole", "replicate as SSE-KMS, the bucket's key", "bucket Replica", allowed, "AdmitReplicas"},
		{"ReplicationRole", "replicate without a header", "bucket Replica", allowed, "AdmitReplicas"},
		{"ReplicationRole", "replicate tags", "bucket Replica", allowed, "AdmitReplicas"},
		{"ReplicationRole", "replicate as SSE-KMS, a stranger's key", "bucket Replica", denied, "DenyOtherKey"},
		{"ReplicationRole", "replicate as SSE-KMS, an alias", "bucket Replica", denied, "DenyOtherKey"},
		{"ReplicationRole", "replicate as SSE-KMS, no key named", "bucket Replica", denied, "DenyForeignAWSManagedKey"},
		{"administrator@777788889999", "replicate as SSE-KMS, no key named", "bucket Replica", denied, "DenyKeylessReplicas"},
		{"administrator@777788889999", "replicate as DSSE-KMS, no key named", "bucket Replica", denied, "DenyKeylessReplicas"},
		{"ReplicationRole", "replicate as SSE-S3", "bucket Replica", denied, "DenyOtherReplicas"},
		{"ReplicationRole", "replicate as SSE-C", "bucket Replica", denied, "DenySSEC"},
		{"ReplicationRole", "replicate a delete marker", "bucket Replica", not, ""},
		{"ReplicationRole with all permissions", "replicate a delete marker", "bucket Replica", not, ""},
		{"ReplicationRole", "read a version's annotations to replicate them", "bucket Source", allowed, "ReadSourceVersions"},
		{"ReplicationRole", "encrypt through S3, for an object", "key ReplicaKey", allowed, "EncryptReplicas"},
		{"ReplicationRole", "decrypt through S3, with the Bucket Key", "key SourceKey", allowed, "DecryptSource"},
		{"ReplicationRole with all permissions", "suspend versioning", "bucket Replica", not, ""},
		{"ReplicationRole with all permissions", "get", "bucket Replica", not, ""},
		{"ReplicationRole with all permissions", "delete a version", "bucket Replica", not, ""},
		{"ReplicationRole with all permissions", "decrypt directly", "key ReplicaKey", not, ""},
		{"stranger's acme-prod-replication", "replicate as SSE-KMS, the bucket's key", "bucket Replica", not, ""},
		{"administrator@444455556666", "replicate as SSE-KMS, the bucket's key", "bucket Replica", not, ""},
		{"administrator@444455556666", "decrypt through S3, for an object", "key ReplicaKey", not, ""},
		{"administrator@777788889999", "decrypt through S3, for an object", "key ReplicaKey", allowed, "IAM"},
		{"s3.amazonaws.com for 444455556666", "sts:AssumeRole", "role ReplicationRole", allowed, "ReplicationByS3"},
		{"lambda.amazonaws.com for 444455556666", "sts:AssumeRole", "role ReplicationRole", not, ""},

		// Nothing without TLS, and nothing for the public.
		{"root@444455556666", "get over http", "bucket SseS3", denied, "DenyInsecureTransport"},
		{"root@444455556666", "get over TLS 1.1", "bucket SseS3", denied, "DenyOldTLS"},
		{"nobody", "get", "bucket SseS3", not, ""},
		{"stranger", "get", "bucket SseS3", not, ""},
	})
}

// The options that let more in let in no more than they say.
func TestPromisesOfOptionsHold(t *testing.T) {
	t.Parallel()
	keep(t, "full", []promise{
		// A source bucket under aws/s3 admits no key that the role couldn't use.
		{"administrator@222233334444", "put as SSE-KMS, another key of the account", "bucket Source", denied, "DenyNamedKey"},
		{"administrator@222233334444", "update the encryption to another key of the account", "bucket Source", denied, "DenyNamedKey"},
		{"administrator@222233334444", "put without a header", "bucket Source", allowed, "IAM"},

		// Only where delete markers are replicated may the role write them, and
		// only with a Bucket Key may an upload decrypt.
		{"ReplicationRole", "replicate a delete marker", "bucket Replica", allowed, "AdmitReplicas"},
		{"SseKmsCmkFunctionsPutRole", "make a data key through S3, for an object", "key SseKmsCmkKey", allowed, "UseKey"},
		{"SseKmsCmkFunctionsPutRole", "decrypt through S3, for an object", "key SseKmsCmkKey", not, ""},
		{"role/key-admin@222233334444", "kms:PutKeyPolicy", "key SseKmsCmkKey", allowed, "KeyAdministrators"},
		{"role/key-admin@222233334444", "decrypt through S3, for an object", "key SseKmsCmkKey", not, ""},
		{"cloudfront.amazonaws.com for 222233334444", "decrypt through S3, for an object", "key SseKmsCmkKey", allowed, "KeyServices"},
		{"cloudfront.amazonaws.com for 222233334444", "decrypt directly", "key SseKmsCmkKey", not, ""},
		{"cloudfront.amazonaws.com for a stranger", "decrypt through S3, for an object", "key SseKmsCmkKey", not, ""},
		{"role/reader@555566667777", "decrypt through S3, for an object", "key ReplicaKey", allowed, "KeyReaders"},
		{"role/reader@555566667777", "make a data key through S3, for an object", "key ReplicaKey", not, ""},

		// A secret that stages.yaml names, and its key.
		{"SseCFunctionsGetRole", "secretsmanager:GetSecretValue", ring, allowed, "ReadKeyRing"},
		{"SseCFunctionsGetRole", "secretsmanager:PutSecretValue", ring, not, ""},
		{"SseKmsCmkFunctionsGetRole", "secretsmanager:GetSecretValue", ring, not, ""},
		{"SseCFunctionsGetRole", "decrypt through Secrets Manager", ringKey, allowed, "DecryptKeyRing"},
		{"SseCFunctionsGetRole", "decrypt through Secrets Manager of another Region", ringKey, not, ""},
		{"SseCFunctionsGetRole", "decrypt directly", ringKey, not, ""},
		{"stranger", "decrypt directly", ringKey, not, ""},
	})
	keep(t, "wide", []promise{
		{"s3-user@888899990000", "decrypt through S3, for an object", "key SseKmsCmkKey", allowed, "KeyAccountWideThroughS3"},
		{"s3-user@888899990000", "decrypt directly", "key SseKmsCmkKey", not, ""},
		{"s3-user@888899990000", "kms:PutKeyPolicy", "key SseKmsCmkKey", not, ""},
		{"stranger", "decrypt through S3, for an object", "key SseKmsCmkKey", not, ""},
	})
}

const (
	ring    = "secret outside the stacks fa-125-AbCdEf"
	ringKey = "key outside the stacks 11111111-2222-3333-4444-5555abcd5555"
)

type promise struct{ who, operation, resource, want, by string }

const (
	allowed = "allowed"
	denied  = "denied"       // by a statement or a setting: no permission helps
	not     = "not admitted" // by anything
)

func keep(t *testing.T, stage string, promises []promise) {
	t.Helper()
	set := readStage(t, readAssembly(t, examples), stage)
	for _, tc := range promises {
		a := ask(t, set, tc.who, tc.operation, tc.resource)
		got := map[bool]string{true: allowed, false: not}[a.Allowed]
		if a.Denied {
			got = denied
		}
		if got != tc.want || a.By != tc.by {
			t.Errorf("%s: %s: %s on %s: %s %s, want %s %s\n%s", stage, tc.who, tc.operation, tc.resource, got, a.By, tc.want, tc.by, a.Decision.Explain())
		}
	}
}

func ask(t *testing.T, set *resource.Set, who, operation, on string) Answer {
	t.Helper()
	principals, resources := Principals(set), Resources(set)
	p := slices.IndexFunc(principals, func(p Principal) bool { return p.Name == who })
	r := slices.IndexFunc(resources, func(r Resource) bool { return r.Name == on })
	if p < 0 || r < 0 {
		t.Fatalf("no principal %s or no resource %s", who, on)
	}
	o := slices.IndexFunc(resources[r].Operations, func(o Operation) bool { return o.Name == operation })
	if o < 0 {
		t.Fatalf("nothing named %s can be tried with %s", operation, on)
	}
	return Ask(set, principals[p], resources[r].Operations[o])
}
