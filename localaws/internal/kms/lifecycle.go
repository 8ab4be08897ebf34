package kms

import (
	"net/http"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

type keyIDInput struct{ KeyId string }

// onOwnKey finds a key of the caller's account, asks, and runs f on it. keys are
// the condition keys of the operation.
func (s *Service) onOwnKey(c api.Call, action, id string, keys map[string]iam.Strings, f func(*key) error) error {
	return s.onKey(s.findOwn, c, action, id, keys, f)
}

// onKey is onOwnKey for the key that find finds.
func (s *Service) onKey(find func(api.Call, string, string) (target, error), c api.Call, action, id string, keys map[string]iam.Strings, f func(*key) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := find(c, action, id)
	if err != nil {
		return err
	}
	if err := s.authorize(c, action, t, keys); err != nil {
		return err
	}
	return f(t.key)
}

func (s *Service) enableKey(c api.Call, in keyIDInput) (empty, error) {
	return empty{}, s.onOwnKey(c, "kms:EnableKey", in.KeyId, nil, func(k *key) error {
		if err := k.needNotPending(); err != nil {
			return err
		}
		k.disabled = false
		return nil
	})
}

func (s *Service) disableKey(c api.Call, in keyIDInput) (empty, error) {
	return empty{}, s.onOwnKey(c, "kms:DisableKey", in.KeyId, nil, func(k *key) error {
		if err := k.needNotPending(); err != nil {
			return err
		}
		k.disabled = true
		return nil
	})
}

type updateKeyDescriptionInput struct{ KeyId, Description string }

func (s *Service) updateKeyDescription(c api.Call, in updateKeyDescriptionInput) (empty, error) {
	return empty{}, s.onOwnKey(c, "kms:UpdateKeyDescription", in.KeyId, nil, func(k *key) error {
		if err := k.needNotPending(); err != nil {
			return err
		}
		k.description = in.Description
		return nil
	})
}

// The waiting period of a deletion, in days.
//
// Source: API reference, ScheduleKeyDeletion.
const (
	minDeletionWindow     = 7
	maxDeletionWindow     = 30
	defaultDeletionWindow = 30
)

type scheduleKeyDeletionInput struct {
	KeyId               string
	PendingWindowInDays *int
}

type scheduleKeyDeletionOutput struct {
	DeletionDate        float64
	KeyId, KeyState     string
	PendingWindowInDays int
}

func (s *Service) scheduleKeyDeletion(c api.Call, in scheduleKeyDeletionInput) (scheduleKeyDeletionOutput, error) {
	days := defaultDeletionWindow
	if in.PendingWindowInDays != nil {
		days = *in.PendingWindowInDays
	}
	if err := checkDeletionWindow(days); err != nil {
		return scheduleKeyDeletionOutput{}, err
	}
	var out scheduleKeyDeletionOutput
	keys := intKey("kms:ScheduleKeyDeletionPendingWindowInDays", days)
	err := s.onOwnKey(c, "kms:ScheduleKeyDeletion", in.KeyId, keys, func(k *key) error {
		if err := k.needNotPending(); err != nil {
			return err
		}
		k.deletion = s.opt.Now().Add(time.Duration(days) * day)
		out = scheduleKeyDeletionOutput{api.EpochSeconds(k.deletion), k.arn, k.state(), days}
		return nil
	})
	return out, err
}

func checkDeletionWindow(days int) error {
	if days < minDeletionWindow || days > maxDeletionWindow {
		return validation("1 validation error detected: Value '%d' at 'pendingWindowInDays' failed to satisfy constraint: Member must have value between %d and %d", days, minDeletionWindow, maxDeletionWindow)
	}
	return nil
}

type keyIDOutput struct{ KeyId string }

// cancelKeyDeletion leaves the key disabled, as AWS does.
func (s *Service) cancelKeyDeletion(c api.Call, in keyIDInput) (keyIDOutput, error) {
	var out keyIDOutput
	err := s.onOwnKey(c, "kms:CancelKeyDeletion", in.KeyId, nil, func(k *key) error {
		if k.deletion.IsZero() {
			return api.Errorf(http.StatusBadRequest, "KMSInvalidStateException", "%s is not pending deletion.", k.arn)
		}
		k.deletion, k.disabled = time.Time{}, true
		out.KeyId = k.arn
		return nil
	})
	return out, err
}
