package s3

import (
	"errors"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
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
func (p *replica) rewrap() (encryption, error) {
	old := p.version.encryption
	if !old.mode.kms() {
		return old, nil
	}
	from := forKMS(p.call, p.source.region)
	dk, err := p.s.opt.KMS.Decrypt(from, old.fromKMS, map[string]string{encryptionARNKey: old.context})
	if err != nil {
		return old, &failure{kmsReason(err, "SrcGetObjectNotPermitted", "SrcKmsKeyInvalidState", "SrcKmsKeyInvalidState"), err}
	}
	dataKey := dk.Plaintext
	if old.bucketKey {
		if dataKey, err = sealed.UnwrapKey(dk.Plaintext, old.wrapped); err != nil {
			return old, &failure{"SrcGetObjectNotPermitted", err}
		}
	}
	e := old
	e.context = p.destination.arn(p.version.key)
	if old.bucketKey {
		e.context = p.destination.arn("")
	}
	if err := p.underReplicaKey(&e, dataKey); err != nil {
		return old, &failure{kmsReason(err, "DstPutObjectNotPermitted", "DstKmsKeyNotFound", "DstKmsKeyInvalidState"), err}
	}
	return e, nil
}

func (p *replica) underReplicaKey(e *encryption, dataKey []byte) error {
	id, err := p.s.kmsKey(p.call, p.destination, p.rule.replicaKey())
	if err != nil {
		return err
	}
	c := forKMS(p.call, p.destination.region)
	context := map[string]string{encryptionARNKey: e.context}
	if !e.bucketKey {
		dk, err := p.s.opt.KMS.Encrypt(c, id, dataKey, context)
		e.keyARN, e.fromKMS = dk.KeyARN, dk.Ciphertext
		return err
	}
	dk, err := p.s.opt.KMS.GenerateDataKey(c, id, context)
	if err != nil {
		return err
	}
	if _, err := p.s.opt.KMS.Decrypt(c, dk.Ciphertext, context); err != nil {
		return err
	}
	e.keyARN, e.fromKMS = dk.KeyARN, dk.Ciphertext
	e.wrapped, err = sealed.WrapKey(dk.Plaintext, dataKey)
	return err
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
