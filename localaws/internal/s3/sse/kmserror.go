package sse

import (
	"errors"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// unreadable is what S3 passes on from KMS when the caller's account isn't
// the key's and the key policy doesn't admit it.
const unreadable = "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access."

// kmsError turns an error of KMS into one of S3. decryptARN is the key that a
// Decrypt would have used, "" for other calls.
//
// Source: S3 API reference, ErrorResponses (KMS.*); S3 user guide,
// replication-troubleshoot for the cross-account text.
func kmsError(c api.Call, err error, decryptARN string) error {
	var e *api.Error
	switch {
	case !errors.As(err, &e):
		return err
	case e.Code != "AccessDeniedException":
		return api.Errorf(e.Status, "KMS."+e.Code, "%s", e.Message)
	}
	if account := api.ARNAccount(decryptARN); account != "" && account != c.Account {
		return api.Errorf(403, "AccessDenied", unreadable)
	}
	return api.Errorf(403, "AccessDenied", "%s", e.Message)
}
