package key

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
)

// Reference is what other constructs need of a key: a Key of this package and the
// CDK's IKey both have it.
type Reference interface{ KeyArn() *string }

// Key is a key that a stack makes or that exists.
type Key struct {
	ARN string // which only a deployment resolves, unless the key exists

	region string
	view   func() awskms.IKey
}

// Existing is the key of an ARN. The id is for its IKey.
func Existing(scope constructs.Construct, id, keyARN string) Key {
	return Key{ARN: keyARN, view: func() awskms.IKey {
		if made := scope.Node().TryFindChild(&id); made != nil {
			return made.(awskms.IKey)
		}
		return awskms.Key_FromKeyArn(scope, &id, &keyARN)
	}}
}

// KeyArn is the ARN, as the CDK's own keys have it.
func (k Key) KeyArn() *string { return &k.ARN }

// Region is where the key is, or "" where only its ARN says so.
func (k Key) Region() string { return k.region }

// IKey is the key where the CDK wants one of its own, such as for a grant. It
// extends the key's policy, if the key is of the stack.
func (k Key) IKey() awskms.IKey { return k.view() }
