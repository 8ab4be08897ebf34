package kms

import "github.com/s3seal/s3seal/localaws/internal/api"

// Identifier implements api.ImportableType.
func (keyType) Identifier() string { return "KeyId" }

// Find is the account's own key of that id. One that waits for its deletion is
// refused: a stack would own what is about to be deleted.
func (t keyType) Find(s api.StackContext, id string) (api.Resource, error) {
	out, err := t.describeKey(s.Call, keyIDInput{id})
	if err != nil {
		return api.Resource{}, err
	}
	m := out.KeyMetadata
	switch {
	case m.KeyId != id:
		return api.Resource{}, validation("KeyId %s is no key id; the key's is %s", id, m.KeyId)
	case m.AWSAccountId != s.Account || m.KeyManager != "CUSTOMER":
		return api.Resource{}, validation("%s is no customer managed key of account %s", m.Arn, s.Account)
	case m.DeletionDate != 0:
		return api.Resource{}, api.Errorf(400, "KMSInvalidStateException", "%s is pending deletion.", m.Arn)
	}
	return keyResource(m), nil
}

// Import adds the stack's tags to those of the key, and keeps how long its
// deletion is to wait.
func (t keyType) Import(s api.StackContext, r api.Resource, want keyProperties) error {
	t.setDeletionWindow(r.PhysicalID, want.PendingWindowInDays)
	if len(s.Tags) == 0 {
		return nil
	}
	_, err := t.tagResource(s.Call, tagResourceInput{r.PhysicalID, kmsTags(api.TagList(s.Tags))})
	return err
}
