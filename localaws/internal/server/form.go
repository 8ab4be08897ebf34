package server

import (
	"crypto/hmac"
	"encoding/hex"
	"maps"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// authenticateForm checks the signature of the policy of an HTML form. The time
// that it was signed at only has to be that of the credential: how long it is good
// for, the policy says.
//
// Source: S3 API reference, sigv4-HTTPPOSTForms and sigv4-post-example; for
// s3:authType, bucket-policy-s3-sigv4-conditions.
func (s *Server) authenticateForm(c api.Call, f api.FormSignature) (api.Call, error) {
	refused := func(r *refusal) (api.Call, error) { return c, refusalError(restXML, r) }
	switch f.Algorithm {
	case algorithm:
	case algorithm4:
		return refused(signatureVersion4A())
	default:
		return refused(signatureVersion2())
	}
	a := &authorization{token: f.Token, timeText: f.Date}
	var err error
	if a.time, err = time.Parse(timeForm, f.Date); err != nil {
		return refused(malformed("x-amz-date %q is not of the form YYYYMMDDTHHMMSSZ", f.Date))
	}
	if fail := a.fill(f.Credential, "host", f.Signature); fail != nil {
		return refused(fail)
	}
	if fail := s.checkScope(a, nil); fail != nil {
		return refused(fail)
	}
	if a.service != "s3" {
		return refused(malformed("the credential is scoped to the service %q; a form is for s3", a.service))
	}
	credential, ok := s.options.Keys.Credential(a.accessKey)
	if !ok {
		return refused(&refusal{fault: unknownKey, detail: map[string]string{"AWSAccessKeyId": a.accessKey}})
	}
	if fail := checkToken(credential, a.token, c.Time); fail != nil {
		return refused(fail)
	}
	given, err := hex.DecodeString(a.signature)
	if err != nil || !hmac.Equal(given, mac(signingKey(credential.Secret, a), f.Policy)) {
		return refused(&refusal{fault: wrongSignature, detail: map[string]string{
			"AWSAccessKeyId": a.accessKey, "StringToSign": f.Policy, "SignatureProvided": a.signature,
		}})
	}
	c.Caller, c.Account, c.Session = credential.Caller, credential.Caller.Account(), credential.Session
	c.Region = a.region
	c.Trace.SignedBy(c.Caller.String())
	c.Context = maps.Clone(c.Context)
	addSignatureKeys(&c, a, "", credential)
	delete(c.Context, "s3:x-amz-content-sha256") // a form has no hash of its file
	c.Context["s3:authType"] = iam.Strings{"POST"}
	return c, nil
}
