package secretsmanager

import "github.com/s3seal/s3seal/localaws/internal/api"

// Identifier implements api.ImportableType. Id is the ARN.
func (secretType) Identifier() string { return "Id" }

// Find is the account's own secret of that ARN. One that waits for its deletion
// is refused: a stack would own what is about to be deleted.
func (t secretType) Find(s api.StackContext, id string) (api.Resource, error) {
	out, err := t.describeSecret(s.Call, secretIDInput{id})
	switch {
	case err != nil:
		return api.Resource{}, err
	case out.ARN != id || api.ARNAccount(id) != s.Account: // find has compared the Region
		return api.Resource{}, validation("Id %s is no ARN of a secret of account %s in %s", id, s.Account, s.Region)
	case out.DeletedDate != 0:
		return api.Resource{}, invalidRequest("the secret %s was marked for deletion", id)
	}
	return secretResource(id), nil
}

// Import adds the stack's tags to those of the secret.
func (t secretType) Import(s api.StackContext, r api.Resource, _ secretProperties) error {
	if len(s.Tags) == 0 {
		return nil
	}
	_, err := t.tagResource(s.Call, tagResourceInput{r.PhysicalID, api.TagList(s.Tags)})
	return err
}
