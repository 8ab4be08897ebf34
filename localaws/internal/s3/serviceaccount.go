package s3

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// asOwnAccount is the call by which a service that writes with an account of
// its own uses the AWS managed key of that account: as the account does, since
// the policy of such a key admits principals of its account only. keyID is the
// key of the upload or of the bucket's default; "" and the bare alias mean the
// requester's own.
//
// Source: S3 user guide, enable-server-access-logging. That logs might come
// encrypted with a key that one cannot access is all that it says.
func asOwnAccount(c api.Call, keyID string) api.Call {
	if c.Caller.Service() != "" && c.Account != "" && (keyID == "" || keyID == awsManagedAlias) {
		c.Caller = iam.AccountRoot(c.Account)
	}
	return c
}
