package rotation

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/metric"
	"github.com/s3seal/s3seal/internal/ssec"
)

// create makes the ring of the new version.
func (r *Rotator) create(ctx context.Context, token string) error {
	now, err := r.readCurrent(ctx)
	if err != nil {
		return err
	}
	made, err := r.read(ctx, pending, token)
	if !errors.Is(err, errNoValue) {
		return r.settle(ctx, token, made, err, now)
	}
	id := ssec.NewID(r.now())
	ring, err := now.ring.Rotate(id, ssec.NewRandomKey(), now.id)
	var full *ssec.FullError
	switch {
	case errors.As(err, &full):
		return function.Errorf(RingFull, err, "%v", err)
	case err != nil:
		return function.Errorf(function.Internal, err, "making a ring: %v", err)
	}
	text := ring.Text()
	_, err = r.secrets.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId: &r.config.SecretARN, ClientRequestToken: &token, SecretString: &text, VersionStages: []string{pending},
	})
	var exists *types.ResourceExistsException
	if errors.As(err, &exists) {
		// The same step ran at the same time, and has made another key.
		made, err := r.read(ctx, pending, token)
		return r.settle(ctx, token, made, err, now)
	}
	if err != nil {
		return function.Classify(ctx, "writing the version with AWSPENDING", err)
	}
	metric.Add(ctx, metric.RingBytes, float64(len(text)))
	r.log.InfoContext(ctx, "a key is made", "keyId", id, "keys", ring.Len(), "ringBytes", len(text))
	return nil
}

// settle returns nil if made, which was read with err, is a rotation of now. If
// it can't be one any more, the rotation is given up.
func (r *Rotator) settle(ctx context.Context, token string, made *version, err error, now *version) error {
	var bad *ssec.BadSecretError
	switch {
	case now.id == token:
		return nil // another run has finished
	case errors.As(err, &bad):
		return r.giveUp(ctx, token, unreadable(ctx, pending, err))
	case err != nil:
		return unreadable(ctx, pending, err)
	}
	if wrong := check(made, now); wrong != nil {
		return r.giveUp(ctx, token, wrong)
	}
	return nil
}

// test gives up no version: what it looks at may be one that Secrets Manager
// made and removes itself.
func (r *Rotator) test(ctx context.Context, token string) error {
	now, err := r.read(ctx, current, "")
	if err != nil {
		return unreadable(ctx, current, err)
	}
	made, err := r.read(ctx, pending, token)
	switch {
	case errors.Is(err, errNoValue):
		made = now
	case err != nil:
		return unreadable(ctx, pending, err)
	case now.id == token, made.ring.Text() == now.ring.Text():
		made = now
	default:
		if wrong := check(made, now); wrong != nil {
			return wrong
		}
	}
	return r.probe(ctx, made.ring)
}

// finish moves AWSCURRENT from the parent to the new version.
func (r *Rotator) finish(ctx context.Context, token string) error {
	now, err := r.readCurrent(ctx)
	if err != nil {
		return err
	}
	made, err := r.read(ctx, pending, token)
	if errors.Is(err, errNoValue) {
		return function.Errorf(function.Conflict, err, "AWSPENDING holds no ring: createSecret has not run")
	}
	if err := r.settle(ctx, token, made, err, now); err != nil || now.id == token {
		return err
	}
	label := current
	_, err = r.secrets.UpdateSecretVersionStage(ctx, &secretsmanager.UpdateSecretVersionStageInput{
		SecretId: &r.config.SecretARN, VersionStage: &label, MoveToVersionId: &token, RemoveFromVersionId: &now.id,
	})
	if err == nil {
		id, _ := made.ring.Primary()
		r.log.InfoContext(ctx, "the primary key is another one", "keyId", id, "keys", made.ring.Len())
		return nil
	}
	// Which error says that AWSCURRENT is on another version isn't documented,
	// and the answer to an earlier try may have got lost. So look.
	after, lookErr := r.read(ctx, current, "")
	switch {
	case lookErr != nil:
	case after.id == token:
		return nil
	case after.id != now.id:
		return r.giveUp(ctx, token, check(made, after))
	}
	return function.Classify(ctx, "moving AWSCURRENT", err)
}
