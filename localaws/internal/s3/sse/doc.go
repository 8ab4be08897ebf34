// Package sse is server-side encryption: what a request asks for, how a version
// is encrypted, and where its data keys come from.
//
//	wish, err := sse.ReadWish(r.Header, secure, byDefault)
//	encryption, dataKeys, err := keeper.Encrypt(call, bucket, key, wish)
//	dataKeys, err = keeper.DataKeys(call, bucket, &encryption, customer)
//
// SSE-KMS and DSSE-KMS keys come from KMS on behalf of the requester. SSE-C keys
// are not kept: only a salted HMAC is, to tell the right key from a wrong one.
package sse
