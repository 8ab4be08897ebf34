package api

import "github.com/s3seal/s3seal/iam"

// The calls that services make to each other in process. Each gets the Call
// on whose behalf it is made, so that the policies decide it like any other.

// KMS is what other services need of KMS.
type KMS interface {
	// GenerateDataKey makes a 32-byte data key under the key that id names
	// (key id, key ARN, alias name or alias ARN; an alias is resolved in the
	// caller's account).
	GenerateDataKey(c Call, id string, encryptionContext map[string]string) (DataKey, error)
	// Encrypt wraps up to 4096 bytes.
	Encrypt(c Call, id string, plaintext []byte, encryptionContext map[string]string) (DataKey, error)
	// Decrypt unwraps a ciphertext; the key that made it is found from it.
	Decrypt(c Call, ciphertext []byte, encryptionContext map[string]string) (DataKey, error)
	// Authorize decides a cryptographic operation ("kms:ReEncryptTo") on the
	// key that id names, as the operation would, and carries nothing out. keys
	// holds condition keys beyond those of every cryptographic operation.
	Authorize(c Call, action, id string, encryptionContext map[string]string, keys map[string]iam.Strings) error
	// AWSManagedKey returns the ARN of the account's key for a service
	// ("alias/aws/s3"), and makes it on first use, as AWS does.
	AWSManagedKey(account, region, alias string) (string, error)
}

// DataKey is a key in plain and wrapped form.
type DataKey struct {
	KeyARN     string
	Plaintext  []byte
	Ciphertext []byte
}

// STS is what other services need of STS: a service principal that assumes a
// role. The trust policy decides. The Call that comes back is the session's.
type STS interface {
	AssumeRole(c Call, roleARN, sessionName string) (Call, error)
}

// Objects is what other services need of S3: the templates and code archives
// that the CDK has put there, and log files that services deliver.
type Objects interface {
	// GetObject reads an object; version "" is the current one.
	GetObject(c Call, bucket, key, version string) ([]byte, error)
	PutObject(c Call, bucket, key string, body []byte, headers map[string]string) error
}

// Functions is what other services need of Lambda.
type Functions interface {
	// Invoke runs a function and waits for its answer. functionError is ""
	// on success, else "Handled" or "Unhandled".
	Invoke(c Call, function string, payload []byte) (answer []byte, functionError string, err error)
	// InvokeLater has a function run in the background, which runs again if it
	// fails; nil only decides whether the caller may.
	InvokeLater(c Call, function string, payload []byte) error
}

// Parameters is what CloudFormation needs of Parameter Store.
type Parameters interface {
	// Value is the value of a parameter that a template names in a parameter
	// of the type AWS::SSM::Parameter::Value<String>. It is read with the
	// permission ssm:GetParameters of the call.
	//
	// Source: CloudFormation user guide, cloudformation-supplied-parameter-types.
	Value(c Call, name string) (string, error)
}

// Logs is what Lambda needs of CloudWatch Logs.
type Logs interface {
	// Put appends lines to a stream and makes group and stream if need be;
	// the caller's policies decide.
	Put(c Call, group, stream string, lines []string) error
}
