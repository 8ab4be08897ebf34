package resource

import (
	"encoding/json"
	"fmt"

	"github.com/s3seal/s3seal/internal/iam"
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
	document, err := Document(r.Properties().Get("KeyPolicy"))
	if err != nil {
		return err
	}
	k := &Key{
		Resource: r, ARN: arn, Account: r.Stack().Account, Region: r.Stack().Region,
		Policy: iam.Source{Name: "policy of key " + r.LogicalID, Document: document},
	}
	s.Keys = append(s.Keys, k)
	s.keys[arn] = k
	return nil
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

// encode is a resolved value as JSON.
func encode(v template.Value) ([]byte, error) {
	plain, err := v.Resolve()
	if err != nil {
		return nil, err
	}
	return json.Marshal(plain)
}
