package server

import (
	"crypto/hmac"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/identity"
)

// authenticate checks the access key, session token, payload hash and
// signature, and fills the call. The request that comes back has its body
// checked, or, for S3, marked as to be decoded, and carries api.Signature.
func (s *Server) authenticate(w http.ResponseWriter, r *http.Request, a *authorization, c *api.Call) (*http.Request, *refusal) {
	credential, ok := s.options.Keys.Credential(a.accessKey)
	if !ok {
		return r, &refusal{fault: unknownKey, detail: map[string]string{"AWSAccessKeyId": a.accessKey}}
	}
	if fail := checkToken(credential, a.token, c.Time); fail != nil {
		return r, fail
	}
	if fail := checkSigned(r, a); fail != nil {
		return r, fail
	}
	payload, fail := takePayload(w, r, a)
	if fail != nil {
		return r, fail
	}
	key := signingKey(credential.Secret, a)
	toSign := stringToSign(a, canonicalRequest(r, a, payload))
	given, err := hex.DecodeString(a.signature)
	if err != nil || !hmac.Equal(given, mac(key, toSign)) {
		// S3 also shows the canonical request. It holds the headers, and
		// with them a customer-provided key: left out.
		return r, &refusal{fault: wrongSignature, cause: notSent(r, a), detail: map[string]string{
			"AWSAccessKeyId": a.accessKey, "StringToSign": toSign, "SignatureProvided": a.signature,
		}}
	}
	if a.service == "s3" && a.presigned {
		if r, fail = hoisted(r); fail != nil {
			return r, fail
		}
	}
	if a.service == "s3" && isHash(payload) {
		if fail := compareBody(r, payload); fail != nil {
			return r, fail
		}
	}
	c.Caller, c.Account, c.Session = credential.Caller, credential.Caller.Account(), credential.Session
	c.Region = a.region
	addSignatureKeys(c, a, payload, credential)
	return r.WithContext(api.WithSignature(r.Context(), api.Signature{
		Key: key, Seed: a.signature, Date: a.timeText, Scope: a.scope(), Payload: payload, Presigned: a.presigned,
	})), nil
}

// notSent tells of headers that are signed and not there: whoever uses a presigned
// URL has to send them.
func notSent(r *http.Request, a *authorization) string {
	var names []string
	for _, name := range a.signedHeaders {
		if headerValue(r, name) == "" {
			names = append(names, name)
		}
	}
	if names == nil {
		return ""
	}
	return "signed, and not in the request: " + strings.Join(names, ", ")
}

// checkToken: temporary credentials need their token and long-term keys must
// have none.
func checkToken(k identity.Credential, token string, now time.Time) *refusal {
	if subtle.ConstantTimeCompare([]byte(k.Token), []byte(token)) != 1 {
		return &refusal{fault: wrongToken}
	}
	if k.Token != "" && !now.Before(k.Expires) {
		return &refusal{fault: expiredToken}
	}
	return nil
}

const customerAlgorithm = "x-amz-server-side-encryption-customer-algorithm"

var customerKey = map[string]bool{
	"x-amz-server-side-encryption-customer-key":     true,
	"x-amz-server-side-encryption-customer-key-md5": true,
}

// checkSigned refuses a request with an x-amz-* header outside the signature:
// whoever carries the request could have added it. The customer's key may be
// added to a presigned URL, which has the algorithm signed only.
//
// Source: AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
// (presigned URLs and SSE-C).
func checkSigned(r *http.Request, a *authorization) *refusal {
	var missing []string
	for name := range r.Header {
		lower := strings.ToLower(name)
		if a.presigned && customerKey[lower] && slices.Contains(a.signedHeaders, customerAlgorithm) {
			continue
		}
		if strings.HasPrefix(lower, "x-amz-") && !slices.Contains(a.signedHeaders, lower) {
			missing = append(missing, lower)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return &refusal{fault: unsignedHeader, detail: map[string]string{"HeadersNotSigned": strings.Join(missing, ", ")}}
}

// addSignatureKeys adds the condition keys that follow from the signature.
//
// Source: S3 API reference, bucket-policy-s3-sigv4-conditions; IAM user guide,
// reference_policies_condition-keys.
func addSignatureKeys(c *api.Call, a *authorization, payload string, k identity.Credential) {
	c.Context["aws:RequestedRegion"] = iam.Strings{a.region}
	if k.Token != "" {
		c.Context["aws:TokenIssueTime"] = iam.Strings{k.Issued.UTC().Format(time.RFC3339)}
		c.Context["aws:MultiFactorAuthPresent"] = iam.Strings{"false"}
	}
	if a.service != "s3" {
		return
	}
	c.Context["s3:signatureversion"] = iam.Strings{algorithm}
	c.Context["s3:x-amz-content-sha256"] = iam.Strings{payload}
	c.Context["s3:authType"] = iam.Strings{"REST-HEADER"}
	if a.presigned {
		c.Context["s3:authType"] = iam.Strings{"REST-QUERY-STRING"}
		c.Context["s3:signatureAge"] = iam.Strings{strconv.FormatInt(c.Time.Sub(a.time).Milliseconds(), 10)}
	}
}
