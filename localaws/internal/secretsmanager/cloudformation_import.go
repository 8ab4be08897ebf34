package secretsmanager

import (
	"encoding/json"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

var _ api.Importer = SecretProvider{}

// Identifier implements api.Importer. Id is the ARN.
func (SecretProvider) Identifier() string { return "Id" }

// Find is the account's own secret of that ARN. One that waits for its deletion
// is refused: a stack would take over what is about to be gone.
func (p SecretProvider) Find(s api.StackContext, arn string) (api.Resource, error) {
	out, err := p.Service.describeSecret(s.Call, secretIDInput{arn})
	switch {
	case err != nil:
		return api.Resource{}, err
	case out.ARN != arn || !strings.HasPrefix(arn, arnPrefix(place{s.Account, s.Region})):
		return api.Resource{}, validation("Id %s is no ARN of a secret of account %s in %s", arn, s.Account, s.Region)
	case out.DeletedDate != 0:
		return api.Resource{}, invalidRequest("the secret %s was marked for deletion", arn)
	}
	return secretResource(arn), nil
}

// Import adds the stack's tags to those of the secret.
func (p SecretProvider) Import(s api.StackContext, r api.Resource, _ json.RawMessage) error {
	if len(s.Tags) == 0 {
		return nil
	}
	_, err := p.Service.tagResource(s.Call, tagResourceInput{r.PhysicalID, secretProperties{}.tagsOf(s)})
	return err
}
