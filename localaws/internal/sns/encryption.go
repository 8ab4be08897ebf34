package sns

import (
	"net/http"
	"strings"

	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// awsManaged is the alias of the account's key for SNS.
const awsManaged = "alias/aws/sns"

// seal asks KMS, for a publisher, for a data key of a topic that is under one, and
// to decrypt it: a publisher needs both. The local AWS keeps no message, and so
// encrypts nothing. No page names the encryption context: policies in public use
// have kms:EncryptionContext:aws:sns:topicArn.
//
// A service's call keeps for which resource it works: keys may demand it, but for
// EventBridge, of which the page says that they can't.
//
// Source: SNS developer guide, sns-key-management.
func (s *Service) seal(c api.Call, t *topic, id string) error {
	switch {
	case id == "":
		return nil
	case id == awsManaged:
		arn, err := s.opt.KMS.AWSManagedKey(t.place.Account, t.place.Region, awsManaged)
		if err != nil {
			return kmsError(err)
		}
		id = arn
	case strings.HasPrefix(id, "alias/"):
		id = t.place.ARN("kms", id)
	case !strings.HasPrefix(id, "arn:"):
		id = t.place.ARN("kms", "key/"+id)
	}
	c = c.Via("sns", t.place.Region)
	if c.Caller.Service() == "events.amazonaws.com" {
		delete(c.Context, conditionkey.SourceARN) // Via has made the map
		delete(c.Context, conditionkey.SourceAccount)
	}
	context := map[string]string{"aws:sns:topicArn": t.arn}
	key, err := s.opt.KMS.GenerateDataKey(c, id, context)
	if err == nil {
		_, err = s.opt.KMS.Decrypt(c, key.Ciphertext, context)
	}
	return kmsError(err)
}

// kmsError turns an error of KMS into one of SNS.
//
// Source: SNS API reference, Publish, errors.
func kmsError(err error) error {
	if err == nil {
		return nil
	}
	e := api.AsError(err)
	code, ok := map[string]string{
		"AccessDeniedException":    "KMSAccessDenied",
		"DisabledException":        "KMSDisabled",
		"KMSInvalidStateException": "KMSInvalidState",
		"InvalidArnException":      "KMSNotFound",
		"NotFoundException":        "KMSNotFound",
	}[e.Code]
	if !ok {
		return err
	}
	return api.Errorf(http.StatusBadRequest, code, "%s", e.Message)
}
