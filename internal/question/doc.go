// Package question has the words of questions to a set of stacks: who asks,
// how the request comes, and under which key, so that tables and rules ask with
// the same ones.
package question

import (
	"maps"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
)

// Context holds the condition keys of a request.
type Context = map[string]iam.Strings

// How a request to S3 comes.
var (
	OverTLS   = Context{conditionkey.SecureTransport: {"true"}, conditionkey.TLSVersion: {"1.3"}}
	OverTLS12 = Context{conditionkey.SecureTransport: {"true"}, conditionkey.TLSVersion: {"1.2"}}
	OverTLS11 = Context{conditionkey.SecureTransport: {"true"}, conditionkey.TLSVersion: {"1.1"}}
	OverHTTP  = Context{conditionkey.SecureTransport: {"false"}}
)

// The encryption headers of a request that writes an object. What names no key
// is under the key aws/s3 of the caller's account.
var (
	SSES3   = Context{conditionkey.Encryption: {"AES256"}}
	SSEKMS  = Context{conditionkey.Encryption: {"aws:kms"}}
	DSSEKMS = Context{conditionkey.Encryption: {"aws:kms:dsse"}}
	SSEC    = Context{conditionkey.CustomerAlgorithm: {"AES256"}}
)

// UnderKey is the encryption headers that name a KMS key.
func UnderKey(algorithm, key string) Context {
	return Context{conditionkey.Encryption: {algorithm}, conditionkey.KMSKeyID: {key}}
}

// With is all keys of the contexts; of one that several have, the last one's.
func With(contexts ...Context) Context {
	all := Context{}
	for _, c := range contexts {
		maps.Copy(all, c)
	}
	return all
}
