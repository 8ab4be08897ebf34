package s3

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// One replication is several requests to the destination, and each is
// authorized as s3:ReplicateObject, with the condition keys of the headers that
// this request has:
//
//	PutObject                the encryption, and under KMS the key id
//	CreateMultipartUpload    the same
//	UploadPart               only the algorithm of SSE-C
//	CompleteMultipartUpload  only the algorithm of SSE-C
//	PutObjectTagging         none
//
// Documented are the requests, by a failure code for each of them that names
// s3:ReplicateObject as what may be missing; which headers a request of the
// REST API has; and that these headers are condition keys of the action. That
// replication sends the headers of the REST API is our reading, and so is when
// it sends parts: no page says either. A Deny that is true where a key is
// missing ("ArnNotEquals" without "Null": "false") meets the requests without
// headers here, so that nobody finds it out on a large object.
//
// The requests for ACLs and annotations are left out: buckets here have
// neither.
//
// Source: S3 user guide, replication-metrics-events; S3 API reference,
// API_PutObject, API_CreateMultipartUpload, API_UploadPart,
// API_CompleteMultipartUpload, API_PutObjectTagging; service authorization
// reference, list_amazons3, s3:ReplicateObject.

// replicationPart is the size of the parts, in bytes, in which an object is
// replicated that was put whole; one that is not larger is replicated by one
// PutObject. S3 documents no such size. 16 MiB is our choice.
const replicationPart = 16 << 20

// parts is how many parts replication uploads: those of the upload of the
// source, for an object put whole as many as it needs; 0 for one PutObject.
func (p *replica) parts() int {
	if n := len(p.version.partSizes); n > 0 {
		return n
	}
	if p.version.size <= replicationPart {
		return 0
	}
	return int((p.version.size + replicationPart - 1) / replicationPart)
}

// ask decides one request to the destination. reason is S3's code for its
// refusal.
func (p *replica) ask(action, reason string, keys map[string]iam.Strings) error {
	if err := p.s.decide(p.call, p.destination, action, p.version.key, keys); err != nil {
		return &failure{reason, err}
	}
	return nil
}

// writable decides the requests that make the replica, in their order. Nothing
// is written before all are admitted: that a refused part or tag leaves nothing
// at the destination is certain here only.
func (p *replica) writable() error {
	parts, reason := p.parts(), "DstPutObjectNotPermitted"
	if parts > 0 {
		reason = "DstMultipartInitNotPermitted"
	}
	if err := p.ask("s3:ReplicateObject", reason, p.encryptionKeys()); err != nil {
		return err
	}
	cfg := p.destination.settings()
	if p.version.encryption.Mode == sse.C && cfg.Encryption.BlocksCustomerKeys() {
		return &failure{reason, blockedCustomerKey(p.call, p.destination.arn(p.version.key))}
	}
	for range parts {
		if err := p.ask("s3:ReplicateObject", "DstMultipartUploadNotPermitted", p.partKeys()); err != nil {
			return err
		}
	}
	if parts > 0 {
		if err := p.ask("s3:ReplicateObject", "DstMultipartCompleteNotPermitted", p.partKeys()); err != nil {
			return err
		}
	}
	if len(p.replicated) == 0 {
		return nil
	}
	return p.tagsWritable()
}

// encryptionKeys are the condition keys of PutObject and
// CreateMultipartUpload: the replica has the encryption type of its source,
// under the rule's key.
func (p *replica) encryptionKeys() map[string]iam.Strings {
	m := p.version.encryption.Mode
	if m == sse.C {
		return p.partKeys()
	}
	keys := map[string]iam.Strings{writeHeaders[sse.Header]: {string(m)}}
	if id := p.rule.ReplicaKey(); m.UsesKMS() && id != "" {
		keys[writeHeaders[sse.HeaderKMSKeyID]] = iam.Strings{id}
	}
	return keys
}

// partKeys are those of UploadPart and CompleteMultipartUpload.
func (p *replica) partKeys() map[string]iam.Strings {
	if p.version.encryption.Mode != sse.C {
		return nil
	}
	return map[string]iam.Strings{writeHeaders[sse.HeaderCustomerAlgorithm]: {"AES256"}}
}

// tagsWritable decides PutObjectTagging. That s3:ReplicateObject covers tags
// and that a Deny of s3:ReplicateTags keeps them out is documented, both on one
// page; here both actions are needed.
//
// Source: S3 user guide, setting-repl-config-perm-overview.
func (p *replica) tagsWritable() error {
	for _, action := range []string{"s3:ReplicateObject", "s3:ReplicateTags"} {
		if err := p.ask(action, "DstPutTaggingNotPermitted", nil); err != nil {
			return err
		}
	}
	return nil
}
