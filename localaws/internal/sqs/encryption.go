package sqs

import (
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// dataKey is the key of a message as KMS has wrapped it. The local AWS encrypts
// nothing with it: what it shows is who may send and receive.
type dataKey struct {
	ciphertext []byte
	queue      string // ARN, the encryption context
}

// awsManaged is the alias of the account's key for SQS.
const awsManaged = "alias/aws/sqs"

// newKey asks KMS for a data key, of a queue under a key of KMS; nil of another.
// A sender must also be allowed to decrypt it, with which SQS verifies it.
//
// AWS uses a data key again for some minutes; here each message has its own. No
// page names the encryption context: policies in public use have
// kms:EncryptionContext:aws:sqs:arn.
//
// Source: SQS developer guide, sqs-key-management.
func (s *Service) newKey(c api.Call, q *queue) (*dataKey, error) {
	id := q.settings["KmsMasterKeyId"]
	if id == "" {
		return nil, nil
	}
	switch {
	case id == awsManaged:
		arn, err := s.opt.KMS.AWSManagedKey(q.place.Account, q.place.Region, awsManaged)
		if err != nil {
			return nil, kmsError(err)
		}
		id = arn
	case strings.HasPrefix(id, "alias/"):
		id = q.place.ARN("kms", id)
	case !strings.HasPrefix(id, "arn:"):
		id = q.place.ARN("kms", "key/"+id)
	}
	made, err := s.opt.KMS.GenerateDataKey(c.Via("sqs", q.place.Region), id, context(q.arn))
	if err != nil {
		return nil, kmsError(err)
	}
	key := &dataKey{made.Ciphertext, q.arn}
	return key, s.open(c, key)
}

// open decides whether the caller may decrypt the message of a key; of nil everyone
// may.
func (s *Service) open(c api.Call, key *dataKey) error {
	if key == nil {
		return nil
	}
	if _, err := s.opt.KMS.Decrypt(c.Via("sqs", c.Region), key.ciphertext, context(key.queue)); err != nil {
		return kmsError(err)
	}
	return nil
}

func context(arn string) map[string]string { return map[string]string{"aws:sqs:arn": arn} }

// kmsError turns an error of KMS into one of SQS.
//
// Source: SQS API reference, SendMessage, errors.
func kmsError(err error) error {
	e := api.AsError(err)
	code, ok := map[string]string{
		"AccessDeniedException":      "KmsAccessDenied",
		"DisabledException":          "KmsDisabled",
		"InvalidKeyUsageException":   "KmsInvalidKeyUsage",
		"KMSInvalidStateException":   "KmsInvalidState",
		"NotFoundException":          "KmsNotFound",
		"InvalidArnException":        "KmsNotFound",
		"IncorrectKeyException":      "KmsInvalidState",
		"InvalidCiphertextException": "KmsInvalidState",
	}[e.Code]
	if !ok {
		return err
	}
	return fail(code, "%s", e.Message)
}

// needTLS refuses a request without TLS for messages of a queue that is encrypted:
// every queue is, unless its settings say otherwise.
//
// Source: SQS developer guide, sqs-server-side-encryption ("All requests to queues
// with SSE enabled must use HTTPS").
func (q *queue) needTLS(c api.Call) error {
	if c.Secure || q.settings["KmsMasterKeyId"] == "" && q.settings["SqsManagedSseEnabled"] == "false" {
		return nil
	}
	return fail("InvalidSecurity", "All requests to this queue must use HTTPS and SigV4.")
}
