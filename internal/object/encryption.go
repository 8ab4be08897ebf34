package object

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// A Pattern is the server-side encryption that a function uploads under, by its
// name in stages.yaml. (Package stage has the same names, and links a YAML
// parser, which the functions do without.)
type Pattern string

// The patterns.
const (
	SSES3            Pattern = "sse-s3"              // keys that S3 manages
	SSEKMSAWSManaged Pattern = "sse-kms-aws-managed" // the account's key aws/s3
	SSEKMSCMK        Pattern = "sse-kms-cmk"         // a customer managed key
	DSSEKMS          Pattern = "dsse-kms"            // two layers, a customer managed key
	SSEC             Pattern = "sse-c"               // a key of the key ring
)

func patterns() []Pattern {
	return []Pattern{SSES3, SSEKMSAWSManaged, SSEKMSCMK, DSSEKMS, SSEC}
}

// encrypt sets the encryption headers of an upload under the pattern: none of
// SSE-C, whose key is per object.
//
// The header aws:kms without a key is not the bucket's default key but the
// account's key aws/s3, so the patterns with a customer managed key send either
// both headers or none.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
func encrypt(in *s3.PutObjectInput, pattern Pattern, keyARN string) {
	switch pattern {
	case SSES3:
		in.ServerSideEncryption = types.ServerSideEncryptionAes256
	case SSEKMSAWSManaged:
		in.ServerSideEncryption = types.ServerSideEncryptionAwsKms
	case SSEKMSCMK:
		if keyARN != "" {
			in.ServerSideEncryption, in.SSEKMSKeyId = types.ServerSideEncryptionAwsKms, &keyARN
		}
	case DSSEKMS:
		if keyARN != "" {
			in.ServerSideEncryption, in.SSEKMSKeyId = types.ServerSideEncryptionAwsKmsDsse, &keyARN
		}
	}
}

// Encryption is what S3 says an object is encrypted under, which need not be
// what the function is configured for.
type Encryption struct {
	// Name is sse-s3, sse-kms, dsse-kms or sse-c.
	Name string `json:"encryption"`

	// KMSKeyARN is the KMS key of sse-kms and dsse-kms.
	KMSKeyARN string `json:"kmsKeyArn,omitempty"`

	// BucketKey says whether sse-kms used an S3 Bucket Key.
	BucketKey *bool `json:"bucketKey,omitempty"`

	// KeyID is the id, in the key ring, of the key of sse-c.
	KeyID string `json:"keyId,omitempty"`
}

// encryption reads the headers of an answer. keyID is that of the SSE-C key in
// the request, "" if it had none.
func encryption(sse types.ServerSideEncryption, keyARN *string, bucketKey *bool, keyID string) Encryption {
	if keyID != "" {
		return Encryption{Name: "sse-c", KeyID: keyID}
	}
	switch sse {
	case types.ServerSideEncryptionAes256:
		return Encryption{Name: "sse-s3"}
	case types.ServerSideEncryptionAwsKms:
		return Encryption{Name: "sse-kms", KMSKeyARN: aws.ToString(keyARN), BucketKey: bucketKey}
	case types.ServerSideEncryptionAwsKmsDsse:
		return Encryption{Name: "dsse-kms", KMSKeyARN: aws.ToString(keyARN)}
	}
	return Encryption{Name: string(sse)}
}

// checkKeyARN refuses what is no ARN of a KMS key. An alias would be looked up
// in the account of whoever sends the request, and a bare id too.
func checkKeyARN(text string) error {
	a, err := arn.Parse(text)
	if err == nil && a.Partition != "" && a.Service == "kms" && a.Region != "" && len(a.AccountID) == 12 {
		if id, ok := strings.CutPrefix(a.Resource, "key/"); ok && id != "" && !strings.ContainsAny(id, "/: ") {
			return nil
		}
	}
	return fmt.Errorf("KMS_KEY_ARN is %q: want a key's ARN, arn:aws:kms:<region>:<account>:key/<id>, not an alias or a bare id", text)
}
