package policy

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
)

// DenyInsecureTransport refuses every request that does not come over TLS.
// Source: AmazonS3/latest/userguide/security-best-practices.html.
func DenyInsecureTransport(bucketARN string) iam.Statement {
	return iam.Statement{
		Sid:       "DenyInsecureTransport",
		Effect:    iam.Deny,
		Principal: everyone(),
		Action:    iam.Strings{"s3:*"},
		Resource:  bucketAndObjects(bucketARN),
		Condition: iam.Condition{"Bool": {conditionkey.SecureTransport: {"false"}}},
	}
}

// DenyOldTLS refuses every request over a TLS version below minimum, "1.2" or
// "1.3". A request without TLS has no s3:TlsVersion, so this statement does not
// match it; DenyInsecureTransport does.
// Source: AmazonS3/latest/userguide/security-best-practices.html.
func DenyOldTLS(bucketARN, minimum string) iam.Statement {
	return iam.Statement{
		Sid:       "DenyOldTLS",
		Effect:    iam.Deny,
		Principal: everyone(),
		Action:    iam.Strings{"s3:*"},
		Resource:  bucketAndObjects(bucketARN),
		Condition: iam.Condition{"NumericLessThan": {conditionkey.TLSVersion: {minimum}}},
	}
}
