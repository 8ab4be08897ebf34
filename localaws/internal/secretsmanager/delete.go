package secretsmanager

import (
	"maps"
	"strconv"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// The recovery window, in days.
//
// Source: API reference, DeleteSecret.
const (
	minRecoveryWindow     = 7
	maxRecoveryWindow     = 30
	defaultRecoveryWindow = 30
)

type deleteSecretInput struct {
	SecretId                   string
	RecoveryWindowInDays       *int
	ForceDeleteWithoutRecovery bool
}

type deleteSecretOutput struct {
	ARN, Name    string
	DeletionDate float64
}

// deleteSecret schedules a secret for deletion, or removes it at once. To
// force the deletion of a secret that isn't there is no error.
//
// Source: API reference, DeleteSecret.
func (s *Service) deleteSecret(c api.Call, in deleteSecretInput) (deleteSecretOutput, error) {
	days := defaultRecoveryWindow
	keys := given("ForceDeleteWithoutRecovery", strconv.FormatBool(in.ForceDeleteWithoutRecovery))
	if in.RecoveryWindowInDays != nil {
		days = *in.RecoveryWindowInDays
		maps.Copy(keys, given("RecoveryWindowInDays", strconv.Itoa(days)))
		if in.ForceDeleteWithoutRecovery {
			return deleteSecretOutput{}, invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
		}
	}
	if days < minRecoveryWindow || days > maxRecoveryWindow {
		return deleteSecretOutput{}, invalidParameter("The RecoveryWindowInDays value must be between %d and %d days (inclusive).", minRecoveryWindow, maxRecoveryWindow)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opt.Now()
	x, err := s.find(c, "DeleteSecret", in.SecretId, keys)
	if err != nil {
		if in.ForceDeleteWithoutRecovery && api.HasCode(err, notFoundCode) {
			p, _ := s.lookup(c, in.SecretId)
			return deleteSecretOutput{newARN(p, in.SecretId), in.SecretId, api.EpochSeconds(now)}, nil
		}
		return deleteSecretOutput{}, err
	}
	if in.ForceDeleteWithoutRecovery {
		delete(s.secrets[x.place], x.name)
		return deleteSecretOutput{x.arn, x.name, api.EpochSeconds(now)}, nil
	}
	if !x.deletion.IsZero() {
		return deleteSecretOutput{}, invalidRequest("You can't perform this operation on the secret because it was already scheduled for deletion.")
	}
	x.deletion = now.Add(time.Duration(days) * 24 * time.Hour)
	return deleteSecretOutput{x.arn, x.name, api.EpochSeconds(x.deletion)}, nil
}

// restoreSecret cancels a deletion; without one it does nothing.
func (s *Service) restoreSecret(c api.Call, in secretIDInput) (nameOutput, error) {
	return s.look(c, "RestoreSecret", in.SecretId, nil, func(x *secret) error {
		x.deletion = time.Time{}
		return nil
	})
}
