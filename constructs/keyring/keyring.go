// Package keyring makes the Secrets Manager secret that holds the keys of an
// SSE-C bucket.
package keyring

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/internal/resource"
	"github.com/s3seal/s3seal/constructs/nag"
)

// Props says what secret to make.
type Props struct {
	// Description is what people see in the Secrets Manager console. Default:
	// that it is a key ring, and what is lost without it.
	Description string

	// Name is the secret's name. Another one means a new secret, with another key.
	// Default: CloudFormation makes it up.
	Name string

	// Rotated says that package rotation adds keys to the ring on a schedule.
	// Default: no rotation.
	Rotated bool
}

// KeyRing is the secret.
type KeyRing struct {
	ARN string // a reference, which only a deployment resolves

	view func() awssecretsmanager.ISecret
}

// ISecret is the secret where the CDK wants one of its own, such as for a grant.
func (k KeyRing) ISecret() awssecretsmanager.ISecret { return k.view() }

// New makes a secret with a key ring of one key,
//
//	{"v":1,"primary":"k0","k0":"<64 hexadecimal digits>"}
//
// whose 256 bits Secrets Manager generates; no other party ever has them.
//
// The secret is retained: S3 keeps no copy of an SSE-C key, so that without it
// every object is lost. For the same reason the values below must never
// change: CloudFormation answers a change of GenerateSecretString with a new
// version of the secret, and so with another key.
// Source: AWSCloudFormation/latest/UserGuide/aws-resource-secretsmanager-secret.html.
func New(scope constructs.Construct, id string, p Props) KeyRing {
	if p.Description == "" {
		p.Description = "SSE-C key ring; without it the bucket's objects cannot be read"
	}
	var reasons []nag.Reason
	if !p.Rotated {
		reasons = append(reasons, nag.Reason{
			Rules:  []string{"AwsSolutions-SMG4", "NIST.800.53.R5-SecretsManagerRotationEnabled"},
			Reason: "A plain rotation would replace the key, and every object that is encrypted with it could never be read again.",
		})
	}
	reasons = append(reasons, nag.Reason{
		Rules:  []string{"NIST.800.53.R5-SecretsManagerUsingKMSKey"},
		Reason: "The secret stays in its account, where the key aws/secretsmanager serves; a customer managed key would be one more key without which all objects are lost.",
	})
	made := resource.Make(scope, id+"/Resource", resource.Resource{
		Class: "aws_secretsmanager.CfnSecret",
		Props: &awssecretsmanager.CfnSecretProps{
			Name:        resource.Optional(p.Name),
			Description: &p.Description,
			GenerateSecretString: &awssecretsmanager.CfnSecret_GenerateSecretStringProperty{
				SecretStringTemplate: jsii.String(`{"v":1,"primary":"k0"}`),
				GenerateStringKey:    jsii.String("k0"),
				PasswordLength:       jsii.Number(64),
				// What is left of the alphabet are the 16 hexadecimal digits.
				ExcludeCharacters:       jsii.String("ghijklmnopqrstuvwxyz"),
				ExcludeUppercase:        true,
				ExcludePunctuation:      true,
				IncludeSpace:            false,
				RequireEachIncludedType: false,
			},
		},
		Retain: true,
		Accept: reasons,
	}, "ref")
	return KeyRing{ARN: made[0], view: func() awssecretsmanager.ISecret {
		within := resource.Find(scope, id).(constructs.Construct)
		if made := within.Node().TryFindChild(jsii.String("ISecret")); made != nil {
			return made.(awssecretsmanager.ISecret)
		}
		return awssecretsmanager.Secret_FromSecretCompleteArn(within, jsii.String("ISecret"), &made[0])
	}}
}
