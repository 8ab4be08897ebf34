package resource

import "github.com/s3seal/s3seal/internal/template"

// Secret is a Secrets Manager secret. Its ARN is also what Ref gives.
type Secret struct{ guarded }

func (s *Set) addSecret(r *template.Resource) error {
	arn, err := r.Ref()
	if err != nil {
		return err
	}
	// A secret can be named by its name too; that of one without can't be known.
	name, err := r.Properties().Get("Name").Default("").String()
	if err != nil {
		return err
	}
	secret := &Secret{guarded{placed: placed{r, name, arn, r.Stack().Account, r.Stack().Region}}}
	s.Secrets = append(s.Secrets, secret)
	s.guard(&secret.guarded, arn, "secret "+secret.LogicalID)
	return nil
}
