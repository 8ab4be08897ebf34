package sweep

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/ssec"
)

// Secrets are the calls of Secrets Manager that a retirement makes;
// *secretsmanager.Client has them.
type Secrets interface {
	DescribeSecret(context.Context, *secretsmanager.DescribeSecretInput, ...func(*secretsmanager.Options)) (*secretsmanager.DescribeSecretOutput, error)
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
	PutSecretValue(context.Context, *secretsmanager.PutSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.PutSecretValueOutput, error)
	UpdateSecretVersionStage(context.Context, *secretsmanager.UpdateSecretVersionStageInput, ...func(*secretsmanager.Options)) (*secretsmanager.UpdateSecretVersionStageOutput, error)
}

// Grace is how long after a change of the ring somebody may still write under the
// key that was the primary before: a function reads a ring of the age ssec.RingTTL
// at most and lets nothing be written for longer than longestWrite after that, a
// sweep than WriteTime.
func Grace(longestWrite time.Duration) time.Duration {
	return ssec.RingTTL + max(longestWrite, WriteTime)
}

// A Retirement takes keys out of the ring of one bucket. Objects of another bucket
// that are under the same ring, replicas among them, are not looked at.
type Retirement struct {
	Sweeper  *Sweeper // its S3, Bucket, Workers and Progress count
	Secrets  Secrets
	SecretID string

	// LongestWrite is how long after a function read the ring an object may still
	// be written under its primary key, by it or with a URL that it signed.
	LongestWrite time.Duration

	// DespiteUnreadable retires although no key of the ring opens some versions.
	// They need none of the keys, if S3 looks at a right before it looks at a
	// key, which is not documented.
	DespiteUnreadable bool

	// Try does all but change the ring.
	Try bool

	// Now is the clock. Default: time.Now.
	Now func() time.Time
}

// A RefusedError says why a key can't be retired. Nothing has changed.
type RefusedError struct {
	Reason string
	Until  time.Time // if only time is missing
	Report *Report   // what the pass found, if there was one
}

func (e *RefusedError) Error() string { return e.Reason }

func refused(format string, args ...any) *RefusedError {
	return &RefusedError{Reason: fmt.Sprintf(format, args...)}
}

// state is what the secret was when it was read.
type state struct {
	version string // of AWSCURRENT
	changed time.Time
	ring    *ssec.Ring
}

// Retire takes a key out of the ring, in the order that the package comment gives.
// It returns what the pass found. Errors: *RefusedError, *function.Error.
func (r *Retirement) Retire(ctx context.Context, id string) (*Report, error) {
	began, err := r.read(ctx)
	if err != nil {
		return nil, err
	}
	without, err := began.ring.Retire(id, began.version)
	if err != nil {
		return nil, refused("%v", err)
	}
	grace := Grace(r.LongestWrite)
	if age := r.now().Sub(began.changed); age <= grace {
		until := began.changed.Add(grace)
		e := refused("the secret changed %s ago, and %s have to go by, in which a function or a presigned URL may still write under %s: try again after %s",
			age.Round(time.Second), grace, id, until.UTC().Format(time.RFC3339))
		e.Until = until
		return nil, e
	}
	if err := r.refuseUploads(ctx, began.changed.Add(grace)); err != nil {
		return nil, err
	}
	report, err := r.pass(ctx, began.ring, without, id)
	if err != nil {
		return report, err
	}
	now, err := r.read(ctx)
	if err != nil {
		return report, err
	}
	if now.version != began.version || !now.changed.Equal(began.changed) {
		return report, refused("the secret changed while the versions were looked at: try again")
	}
	if r.Try {
		return report, nil
	}
	return report, r.swap(ctx, began.version, without)
}

func (r *Retirement) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}

// read reads the secret's current version. A rotation that is not complete, or got
// stuck, is refused: it began with the ring that has the key, and would bring it
// back, or fail.
func (r *Retirement) read(ctx context.Context) (state, error) {
	var s state
	secret, err := r.Secrets.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &r.SecretID})
	if err != nil {
		return s, classify(ctx, "reading the secret", err)
	}
	for version, stages := range secret.VersionIdsToStages {
		current := slices.Contains(stages, "AWSCURRENT")
		if current {
			s.version = version
		} else if slices.Contains(stages, "AWSPENDING") {
			return s, refused("a rotation of the secret is under way, or got stuck: its version %s has the label AWSPENDING", version)
		}
	}
	if secret.LastChangedDate == nil {
		return s, refused("the secret doesn't say when it changed")
	}
	s.changed = *secret.LastChangedDate
	out, err := r.Secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &r.SecretID, VersionId: &s.version, VersionStage: aws.String("AWSCURRENT")})
	if err != nil {
		return s, classify(ctx, "reading the secret", err)
	}
	s.ring, err = ssec.ParseRing(aws.ToString(out.SecretString))
	if err != nil {
		return s, classify(ctx, "reading the secret", err)
	}
	return s, nil
}
