package rotation

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// The staging labels of Secrets Manager.
const (
	current  = "AWSCURRENT"
	pending  = "AWSPENDING"
	previous = "AWSPREVIOUS"
)

// A version is a version of the secret.
type version struct {
	id   string
	ring *ssec.Ring
}

// errNoValue says that a version is not there, or holds nothing yet: Secrets
// Manager announces the version of a rotation without a value.
var errNoValue = errors.New("the version holds no value")

// read reads the version with a staging label; id, which may be "", must be its.
// Errors: errNoValue, *ssec.BadSecretError, or what GetSecretValue returned.
func (r *Rotator) read(ctx context.Context, label, id string) (*version, error) {
	in := &secretsmanager.GetSecretValueInput{SecretId: &r.config.SecretARN, VersionStage: &label}
	if id != "" {
		in.VersionId = &id
	}
	out, err := r.secrets.GetSecretValue(ctx, in)
	var none *types.ResourceNotFoundException
	switch {
	case errors.As(err, &none):
		return nil, errNoValue
	case err != nil:
		return nil, err
	}
	ring, err := ssec.ReadRing(out)
	if err != nil {
		return nil, err
	}
	return &version{*out.VersionId, ring}, nil
}

// unreadable is the failure of reading the version with a label.
func unreadable(ctx context.Context, label string, err error) *function.Error {
	if errors.Is(err, errNoValue) {
		return function.Errorf(function.BadSecret, err, "no version with %s holds a ring", label)
	}
	return function.Classify(ctx, "reading the version with "+label, err)
}

// readCurrent reads the version with AWSCURRENT. It refuses one that lacks a key
// of AWSPREVIOUS: see "A key that an edit by hand took out" in the package
// comment.
func (r *Rotator) readCurrent(ctx context.Context) (*version, error) {
	now, err := r.read(ctx, current, "")
	if err != nil {
		return nil, unreadable(ctx, current, err)
	}
	before, err := r.read(ctx, previous, "")
	var bad *ssec.BadSecretError
	switch {
	case errors.Is(err, errNoValue):
		return now, nil
	case errors.As(err, &bad):
		return now, nil // no function could read it, so none has put under its keys
	case err != nil:
		return nil, unreadable(ctx, previous, err)
	}
	if missing := now.ring.Lacks(before.ring); len(missing) > 0 && now.ring.Parent() != before.id {
		return nil, function.Errorf(KeyLost, nil, "AWSPREVIOUS has the keys %s, which AWSCURRENT lacks, and a rotation would take the label off their last version: put them back into the ring, or, if no object needs them, remove AWSPREVIOUS from version %s", strings.Join(missing, ", "), before.id)
	}
	return now, nil
}

// check refuses a ring that isn't AWSCURRENT's with one more key, its primary.
func check(made, now *version) *function.Error {
	if made.ring.Parent() != now.id {
		return function.Errorf(function.Conflict, nil, "AWSCURRENT is version %s, and AWSPENDING was made from %q: the secret was changed since createSecret; rotate again", now.id, made.ring.Parent())
	}
	if err := made.ring.Holds(now.ring); err != nil {
		return function.Errorf(KeyLost, err, "AWSPENDING is no rotation of AWSCURRENT: %v", err)
	}
	primary, _ := made.ring.Primary()
	if _, old := now.ring.Key(primary); old || made.ring.Len() != now.ring.Len()+1 {
		return function.Errorf(function.Conflict, nil, "AWSPENDING is no rotation of AWSCURRENT: it has %d keys and the primary %s, and AWSCURRENT has %d keys; rotate again", made.ring.Len(), primary, now.ring.Len())
	}
	return nil
}

// giveUp takes AWSPENDING off a version that can't become AWSCURRENT, and
// returns why, the cause. A version can't be changed, so as long as it had the
// label Secrets Manager would try it again, and begin no other rotation.
//
// Source: Secrets Manager user guide, troubleshoot_rotation.
func (r *Rotator) giveUp(ctx context.Context, token string, cause *function.Error) *function.Error {
	label := pending
	_, err := r.secrets.UpdateSecretVersionStage(ctx, &secretsmanager.UpdateSecretVersionStageInput{
		SecretId: &r.config.SecretARN, VersionStage: &label, RemoveFromVersionId: &token,
	})
	if err != nil {
		// The next try of the step takes it off.
		r.log.WarnContext(ctx, "AWSPENDING stays on the version", "version", token, "reason", function.Describe(err))
	}
	return cause
}
