package object

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/encryption"
)

// encrypt sets the encryption headers of an upload under the pattern: none of
// SSE-C, whose key is per object.
//
// The header aws:kms without a key is not the bucket's default key but the
// account's key aws/s3, so the patterns with a customer managed key send either
// both headers or none.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
func encrypt(in *s3.PutObjectInput, pattern encryption.Pattern, keyARN string) {
	in.ServerSideEncryption, in.SSEKMSKeyId = encryptionHeaders(pattern, keyARN)
}

func encryptionHeaders(pattern encryption.Pattern, keyARN string) (types.ServerSideEncryption, *string) {
	t := pattern.Traits()
	switch {
	case t.Key == encryption.CustomerProvided:
	case t.Key != encryption.CustomerManaged:
		return types.ServerSideEncryption(t.Algorithm), nil
	case keyARN != "":
		return types.ServerSideEncryption(t.Algorithm), &keyARN
	}
	return "", nil
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

// readEncryption reads the headers of an answer. keyID is that of the SSE-C key in
// the request, "" if it had none.
func readEncryption(sse types.ServerSideEncryption, keyARN *string, bucketKey *bool, keyID string) Encryption {
	if keyID != "" {
		return Encryption{Name: encryption.SSEC.Traits().Object, KeyID: keyID}
	}
	t := encryption.OfDefault(string(sse), keyARN != nil).Traits()
	if t.Object == "" {
		return Encryption{Name: string(sse)}
	}
	e := Encryption{Name: t.Object, KMSKeyARN: aws.ToString(keyARN)}
	if t.BucketKey {
		e.BucketKey = bucketKey
	}
	return e
}

// checkKeyARN refuses anything but the ARN of a KMS key: S3 looks up an alias or a
// bare id in the account of whoever sends the request.
func checkKeyARN(text string) error {
	a, err := arn.Parse(text)
	if err == nil && a.Partition != "" && a.Service == "kms" && a.Region != "" && len(a.AccountID) == 12 {
		if id, ok := strings.CutPrefix(a.Resource, "key/"); ok && id != "" && !strings.ContainsAny(id, "/: ") {
			return nil
		}
	}
	return fmt.Errorf("KMS_KEY_ARN is %q: want a key's ARN, arn:aws:kms:<region>:<account>:key/<id>, not an alias or a bare id", text)
}
