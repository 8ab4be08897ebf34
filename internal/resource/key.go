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
	s.Keys = append(s.Keys, &Key{
		Resource: r, ARN: arn, Account: r.Stack().Account, Region: r.Stack().Region,
		Policy: iam.Source{Name: "policy of key " + r.LogicalID, Document: document},
	})
	return nil
}

// KeyWithARN is the key of an ARN, or nil.
func (s *Set) KeyWithARN(arn string) *Key {
	for _, k := range s.Keys {
		if k.ARN == arn {
			return k
		}
	}
	return nil
}

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
	s.Secrets = append(s.Secrets, &Secret{Resource: r, ARN: arn, Account: r.Stack().Account, Region: r.Stack().Region})
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
	for _, secret := range s.Secrets {
		if secret.ARN == arn {
			secret.Policy = &iam.Source{Name: "policy of secret " + secret.LogicalID, Document: document}
			return nil
		}
	}
	return fmt.Errorf("secret %s is in none of the stacks", arn)
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
