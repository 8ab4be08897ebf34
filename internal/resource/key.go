package resource

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// Key is a customer managed KMS key.
type Key struct {
	*template.Resource
	ARN, Account, Region string
	Policy               iam.Source
}

func (s *Set) addKey(r *template.Resource) error {
	arn, err := r.Att("Arn")
	if err != nil {
		return err
	}
	policy := DefaultKeyPolicy(arn)
	if given := r.Properties().Get("KeyPolicy"); !missing(given) {
		document, err := Document(given)
		if err != nil {
			return err
		}
		policy = iam.Source{Name: "policy of key " + r.LogicalID, Document: document}
	}
	k := &Key{Resource: r, ARN: arn, Account: r.Stack().Account, Region: r.Stack().Region, Policy: policy}
	s.Keys = append(s.Keys, k)
	s.keys[arn] = k
	return nil
}

// DefaultKeyPolicy is what KMS gives to a key that is made without a policy: the
// account's IAM policies decide, and nobody else is let in.
// Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func DefaultKeyPolicy(keyARN string) iam.Source {
	root := ""
	if parts := strings.SplitN(keyARN, ":", 6); len(parts) == 6 {
		root = "arn:" + parts[1] + ":iam::" + parts[4] + ":root"
	}
	return iam.Source{
		Name: "KMS's default policy of key " + keyARN[strings.LastIndexByte(keyARN, '/')+1:],
		Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
			Sid: "Enable IAM User Permissions", Effect: iam.Allow,
			Principal: &iam.Principal{AWS: iam.Strings{root}}, Action: iam.Strings{"kms:*"}, Resource: iam.Strings{"*"},
		}}},
	}
}

// KeyWithARN is the key of an ARN, or nil.
func (s *Set) KeyWithARN(arn string) *Key { return s.keys[arn] }

// Secret is a Secrets Manager secret.
type Secret struct {
	*template.Resource
	ARN, Account, Region string
	Policy               *iam.Source
}

func (s *Set) addSecret(r *template.Resource) error {
	arn, err := r.Ref()
	if err != nil {
		return err
	}
	secret := &Secret{Resource: r, ARN: arn, Account: r.Stack().Account, Region: r.Stack().Region}
	s.Secrets = append(s.Secrets, secret)
	s.secrets[arn] = secret
	return nil
}

func (s *Set) addSecretPolicy(r *template.Resource) error {
	arn, err := r.Properties().Get("SecretId").String()
	if err != nil {
		return err
	}
	document, err := Document(r.Properties().Get("ResourcePolicy"))
	if err != nil {
		return err
	}
	secret := s.secrets[arn]
	if secret == nil {
		return fmt.Errorf("secret %s is in none of the stacks", arn)
	}
	secret.Policy = &iam.Source{Name: "policy of secret " + secret.LogicalID, Document: document}
	return nil
}

// LogGroup is a CloudWatch Logs log group.
type LogGroup struct {
	*template.Resource
	ARN, Account string // the ARN ends in ":*", as policies need it
}

func (s *Set) addLogGroup(r *template.Resource) error {
	arn, err := r.Att("Arn")
	if err != nil {
		return err
	}
	s.LogGroups = append(s.LogGroups, &LogGroup{Resource: r, ARN: arn, Account: r.Stack().Account})
	return nil
}

// missing: it is known that there is no value.
func missing(v template.Value) bool {
	exists, err := v.Exists()
	return !exists && err == nil
}

// encode is a resolved value as JSON.
func encode(v template.Value) ([]byte, error) {
	plain, err := v.Resolve()
	if err != nil {
		return nil, err
	}
	return json.Marshal(plain)
}
