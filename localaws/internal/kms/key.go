package kms

import (
	"crypto/rand"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// The properties that all keys here have in common.
const (
	keySpec   = "SYMMETRIC_DEFAULT"
	keyUsage  = "ENCRYPT_DECRYPT"
	keyOrigin = "AWS_KMS"
)

// key is one KMS key. Service.mu guards it.
type key struct {
	id          string
	place       api.Place
	arn         string
	description string
	managedBy   string // "CUSTOMER" or "AWS"
	created     time.Time
	disabled    bool
	deletion    time.Time // zero: not pending deletion

	policyText string
	policy     iam.Document
	tags       map[string]string

	material []material // every version of the key material, oldest first
	rotation rotation

	// deletionWindow is the PendingWindowInDays of the key's stack, in days;
	// 0: none given. CloudFormation needs it when it deletes the key.
	deletionWindow int
}

// material is one version of the key material: an AES-256 key.
type material [32]byte

// newMaterial makes key material. crypto/rand never fails.
func newMaterial() (m material) {
	_, _ = rand.Read(m[:])
	return m
}

// addKey makes an enabled key in p. s.mu is held.
func (s *Service) addKey(p api.Place, managedBy, description, policyText string, policy iam.Document, tags map[string]string) *key {
	id := api.UUID()
	k := &key{
		id: id, place: p, arn: p.ARN("kms", "key/"+id),
		description: description, managedBy: managedBy, created: s.opt.Now(),
		policyText: policyText, policy: policy, tags: maps.Clone(tags),
		material: []material{newMaterial()},
	}
	if k.tags == nil {
		k.tags = map[string]string{}
	}
	s.keys[id] = k
	return k
}

// state is the key state.
//
// Source: KMS developer guide, key-state.
func (k *key) state() string {
	switch {
	case !k.deletion.IsZero():
		return "PendingDeletion"
	case k.disabled:
		return "Disabled"
	default:
		return "Enabled"
	}
}

// settle brings about what time has done since the last look: deletions and
// rotations that are due. s.mu is held.
func (s *Service) settle() {
	now := s.opt.Now()
	for id, k := range s.keys {
		if !k.deletion.IsZero() && !now.Before(k.deletion) {
			delete(s.keys, id)
			maps.DeleteFunc(s.aliases[k.place], func(_, target string) bool { return target == id })
			continue
		}
		if k.state() == "Enabled" {
			k.rotateIfDue(now)
		}
	}
}

// needEnabled is what cryptographic operations and rotation ask for.
//
// The page gives a pending deletion as DisabledException or
// KMSInvalidStateException, without saying when which: this is the latter.
//
// Source: KMS developer guide, key-state, table details 1 to 3.
func (k *key) needEnabled() error {
	if err := k.needNotPending(); err != nil {
		return err
	}
	if k.disabled {
		return api.Errorf(http.StatusBadRequest, "DisabledException", "%s is disabled.", k.arn)
	}
	return nil
}

func (k *key) needNotPending() error {
	if !k.deletion.IsZero() {
		return api.Errorf(http.StatusBadRequest, "KMSInvalidStateException", "%s is pending deletion.", k.arn)
	}
	return nil
}

// aliasesOf lists the alias names of a key, sorted. s.mu is held.
func (s *Service) aliasesOf(k *key) []string {
	var names []string
	for name, id := range s.aliases[k.place] {
		if id == k.id {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
