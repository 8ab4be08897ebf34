package rotation

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/function"
)

// The types of failures that only a rotation has. Neither passes by itself.
const (
	RingFull function.Type = "S3Seal.RingFull" // the ring with one more key is larger than a secret
	KeyLost  function.Type = "S3Seal.KeyLost"  // a key would be lost, or an edit by hand has taken it out
)

// An Event is what Secrets Manager invokes the function with.
type Event struct {
	Step               string // "createSecret", "setSecret", "testSecret", "finishSecret"
	SecretID           string `json:"SecretId"` // the ARN
	ClientRequestToken string // the id of the version that the rotation makes
}

// A Rotator carries out the steps of a rotation. It keeps nothing between two of
// them, and its methods may be called at the same time.
type Rotator struct {
	config  Config
	secrets Secrets
	s3      Uploads
	log     *slog.Logger
	now     func() time.Time
}

// New returns a Rotator of the secret of the configuration.
func New(c Config, secrets Secrets, uploads Uploads, log *slog.Logger) *Rotator {
	return &Rotator{c, secrets, uploads, log, time.Now}
}

// Step carries out a step. Errors are *function.Error.
func (r *Rotator) Step(ctx context.Context, e Event) error {
	if e.SecretID != r.config.SecretARN {
		return function.Errorf(function.BadRequest, nil, "the event's SecretId is not the secret of this function, %s", r.config.SecretARN)
	}
	var carryOut func(context.Context, string) error
	switch e.Step {
	case "createSecret":
		carryOut = r.create
	case "setSecret":
		carryOut = func(context.Context, string) error { return nil }
	case "testSecret":
		carryOut = r.test
	case "finishSecret":
		carryOut = r.finish
	default:
		return function.Errorf(function.BadRequest, nil, "the event's Step is none of createSecret, setSecret, testSecret, finishSecret")
	}
	switch place, err := r.place(ctx, e.ClientRequestToken); {
	case err != nil:
		return err
	case place == nowhere:
		return function.Errorf(function.BadRequest, nil, "the event's ClientRequestToken is no version with AWSPENDING: the rotation was given up, or never begun")
	case place == isCurrent:
		return nil // a repetition, after finishSecret
	}
	if err := carryOut(ctx, e.ClientRequestToken); err != nil {
		return function.Classify(ctx, e.Step, err)
	}
	r.log.InfoContext(ctx, e.Step, "version", e.ClientRequestToken)
	return nil
}

// place is where a version is in a rotation.
type place int

const (
	nowhere place = iota
	isPending
	isCurrent
)

func (r *Rotator) place(ctx context.Context, token string) (place, error) {
	out, err := r.secrets.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &r.config.SecretARN})
	if err != nil {
		return nowhere, function.Classify(ctx, "looking at the secret", err)
	}
	// Somebody who has turned the rotation off wants no rotation, also if
	// Secrets Manager has one left to try again.
	if !aws.ToBool(out.RotationEnabled) {
		return nowhere, function.Errorf(function.BadRequest, nil, "rotation is turned off for the secret")
	}
	switch labels := out.VersionIdsToStages[token]; {
	case slices.Contains(labels, current):
		return isCurrent, nil
	case slices.Contains(labels, pending):
		return isPending, nil
	}
	return nowhere, nil
}
