package kms

import (
	"net/http"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

const day = 24 * time.Hour

// The period of automatic rotation, in days, and how often a key can be
// rotated on demand.
//
// Source: API reference, EnableKeyRotation and RotateKeyOnDemand.
const (
	minRotationPeriod     = 90
	maxRotationPeriod     = 2560
	defaultRotationPeriod = 365
	maxOnDemandRotations  = 25
)

// rotation is the schedule by which a key gets new key material.
type rotation struct {
	period   int // days; 0: automatic rotation is off
	next     time.Time
	onDemand int // rotations on demand so far
}

func (r *rotation) enable(now time.Time, period int) {
	r.period, r.next = period, now.Add(time.Duration(period)*day)
}

// rotateIfDue adds new key material once the rotation date has come. After a
// longer time, too, it adds one: nobody can have used those in between. A key
// that was disabled meanwhile is rotated when it is enabled again.
//
// Source: API reference, GetKeyRotationStatus.
func (k *key) rotateIfDue(now time.Time) {
	r := &k.rotation
	if r.period == 0 || now.Before(r.next) {
		return
	}
	k.material = append(k.material, newMaterial())
	for !now.Before(r.next) {
		r.next = r.next.Add(time.Duration(r.period) * day)
	}
}

type enableKeyRotationInput struct {
	KeyId                string
	RotationPeriodInDays *int
}

func (s *Service) enableKeyRotation(c api.Call, in enableKeyRotationInput) (empty, error) {
	period := defaultRotationPeriod
	if in.RotationPeriodInDays != nil {
		period = *in.RotationPeriodInDays
	}
	if err := checkRotationPeriod(period); err != nil {
		return empty{}, err
	}
	keys := intKey("kms:RotationPeriodInDays", period)
	return empty{}, s.onOwnKey(c, "kms:EnableKeyRotation", in.KeyId, keys, func(k *key) error {
		if err := k.needEnabled(); err != nil {
			return err
		}
		k.rotation.enable(s.opt.Now(), period)
		return nil
	})
}

func checkRotationPeriod(days int) error {
	if days < minRotationPeriod || days > maxRotationPeriod {
		return validation("1 validation error detected: Value '%d' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value between %d and %d", days, minRotationPeriod, maxRotationPeriod)
	}
	return nil
}

func (s *Service) disableKeyRotation(c api.Call, in keyIDInput) (empty, error) {
	return empty{}, s.onOwnKey(c, "kms:DisableKeyRotation", in.KeyId, nil, func(k *key) error {
		if err := k.needEnabled(); err != nil {
			return err
		}
		k.rotation.period, k.rotation.next = 0, time.Time{}
		return nil
	})
}

// rotateKeyOnDemand adds new key material at once. AWS does so a little later.
func (s *Service) rotateKeyOnDemand(c api.Call, in keyIDInput) (keyIDOutput, error) {
	var out keyIDOutput
	err := s.onOwnKey(c, "kms:RotateKeyOnDemand", in.KeyId, nil, func(k *key) error {
		if err := k.needEnabled(); err != nil {
			return err
		}
		if k.rotation.onDemand >= maxOnDemandRotations {
			return api.Errorf(http.StatusBadRequest, "LimitExceededException", "%s has been rotated on demand %d times, which is the limit.", k.arn, maxOnDemandRotations)
		}
		k.material = append(k.material, newMaterial())
		k.rotation.onDemand++
		out.KeyId = k.arn
		return nil
	})
	return out, err
}

type getKeyRotationStatusOutput struct {
	KeyId                string
	KeyRotationEnabled   bool
	NextRotationDate     float64 `json:",omitempty"`
	RotationPeriodInDays int     `json:",omitempty"`
}

// getKeyRotationStatus gives false for a key that is pending deletion.
//
// Source: API reference, GetKeyRotationStatus.
func (s *Service) getKeyRotationStatus(c api.Call, in keyIDInput) (out getKeyRotationStatusOutput, err error) {
	err = s.onKey(s.find, c, "kms:GetKeyRotationStatus", in.KeyId, nil, func(k *key) error {
		out.KeyId = k.arn
		if r := k.rotation; r.period > 0 && k.deletion.IsZero() {
			out.KeyRotationEnabled = true
			out.NextRotationDate = api.EpochSeconds(r.next)
			out.RotationPeriodInDays = r.period
		}
		return nil
	})
	return out, err
}
