package s3

import (
	"errors"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// rewrap gives the replica the encryption type of its source. The ciphertext
// stays; what changes is under which key its data key is wrapped:
//
//   - SSE-S3 and SSE-C: nothing. An SSE-C replica opens with its source's key.
//   - SSE-KMS, DSSE-KMS: kms:Decrypt with the source's key through S3 of the
//     source's Region, then kms:Encrypt under the rule's replica key through S3
//     of the destination's Region.
//   - SSE-KMS with a bucket key: as the source's, with a bucket key of the
//     destination: kms:GenerateDataKey, and kms:Decrypt, which the user guide
//     asks for when Bucket Keys are on.
//
// A replica in parts needs no more of the replica key: a client's upload in
// parts needs kms:Decrypt, of replication no page says so.
//
// Source: S3 user guide, replication-config-for-kms-objects, bucket-key,
// mpuAndPermissions.
func (p *replica) rewrap() (sse.Encryption, error) {
	old := p.version.encryption
	if !old.Mode.UsesKMS() {
		return old, nil
	}
	dataKey, err := p.s.keys.OpenForReplica(p.call, p.source.sse(), old)
	if err != nil {
		return old, &failure{kmsReason(err, "SrcGetObjectNotPermitted", "SrcKmsKeyInvalidState", "SrcKmsKeyInvalidState"), err}
	}
	e, err := p.s.keys.SealForReplica(p.call, p.destination.sse(), p.version.key, old, dataKey, p.rule.ReplicaKey())
	if err != nil {
		return old, &failure{kmsReason(err, "DstPutObjectNotPermitted", "DstKmsKeyNotFound", "DstKmsKeyInvalidState"), err}
	}
	return e, nil
}

// kmsReason sorts an error of KMS into S3's failure codes. A refused right has
// no code of its own: it is that of the object operation.
func kmsReason(err error, denied, missing, state string) string {
	var e *api.Error
	if !errors.As(err, &e) {
		return denied
	}
	switch e.Code {
	case "NotFoundException":
		return missing
	case "DisabledException", "KMSInvalidStateException", "InvalidKeyUsageException":
		return state
	}
	return denied
}
