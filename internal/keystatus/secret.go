package keystatus

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// Secret is the secret with the ring, as Secrets Manager describes it.
type Secret struct {
	ARN     string    `json:"arn"`
	Version string    `json:"version"` // the one that is AWSCURRENT
	Changed time.Time `json:"changed"` // when anything of the secret changed last
	Size    int       `json:"size"`    // of the ring, in bytes
	MaxSize int       `json:"maxSize"`

	// Lost are the keys that AWSPREVIOUS has and AWSCURRENT lacks, though it
	// wasn't made from AWSPREVIOUS: an edit by hand took them out. The next such
	// edit takes the label off the version with their last copy.
	Lost []string `json:"lost,omitempty"`

	Rotation Rotation `json:"rotation"`

	ring *ssec.Ring
}

// Rotation is how the automatic rotation goes.
type Rotation struct {
	Enabled  bool      `json:"enabled"`
	Function string    `json:"function,omitempty"` // ARN
	Schedule string    `json:"schedule,omitempty"`
	Last     time.Time `json:"last,omitzero"`
	Next     time.Time `json:"next,omitzero"` // the latest time of the next
	Overdue  bool      `json:"overdue,omitempty"`

	// Pending is the version of a rotation that is not complete, and Since when
	// it was made. Stuck is that it no longer runs: a try has failed.
	Pending string    `json:"pending,omitempty"`
	Since   time.Time `json:"pendingSince,omitzero"`
	Stuck   bool      `json:"stuck,omitempty"`
}

// aTry is how long a try of a rotation can last: four steps of a function, each
// for 15 minutes at most.
//
// Source: lambda/latest/dg/gettingstarted-limits.html.
const aTry = time.Hour

// ReadSecret asks Secrets Manager. Errors are *function.Error.
func ReadSecret(ctx context.Context, client *secretsmanager.Client, arn string, now time.Time) (*Secret, error) {
	described, err := client.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &arn})
	if err != nil {
		return nil, function.Classify(ctx, "looking at the secret", err)
	}
	s := &Secret{ARN: arn, Changed: aws.ToTime(described.LastChangedDate), MaxSize: ssec.MaxText}
	if s.ring, s.Version, err = ReadRing(ctx, client, arn, "AWSCURRENT"); err != nil {
		return nil, err
	}
	s.Size = len(s.ring.Text())
	s.Rotation = Rotation{
		Enabled: aws.ToBool(described.RotationEnabled), Function: aws.ToString(described.RotationLambdaARN),
		Last: aws.ToTime(described.LastRotatedDate), Next: aws.ToTime(described.NextRotationDate),
	}
	s.Rotation.Overdue = s.Rotation.Enabled && !s.Rotation.Next.IsZero() && s.Rotation.Next.Before(now)
	if r := described.RotationRules; r != nil {
		s.Rotation.Schedule = aws.ToString(r.ScheduleExpression)
		if r.AutomaticallyAfterDays != nil {
			s.Rotation.Schedule = every(*r.AutomaticallyAfterDays)
		}
	}
	if err := s.readPending(ctx, client, now); err != nil {
		return nil, err
	}
	return s, s.readPrevious(ctx, client)
}

// readPending finds the rotation that is not complete: the version with AWSPENDING,
// unless that is AWSCURRENT as well.
func (s *Secret) readPending(ctx context.Context, client *secretsmanager.Client, now time.Time) error {
	pages := secretsmanager.NewListSecretVersionIdsPaginator(client, &secretsmanager.ListSecretVersionIdsInput{SecretId: &s.ARN})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return function.Classify(ctx, "listing the versions of the secret", err)
		}
		for _, v := range page.Versions {
			if slices.Contains(v.VersionStages, "AWSPENDING") && !slices.Contains(v.VersionStages, "AWSCURRENT") {
				s.Rotation.Pending, s.Rotation.Since = aws.ToString(v.VersionId), aws.ToTime(v.CreatedDate)
				s.Rotation.Stuck = now.Sub(s.Rotation.Since) > aTry
			}
		}
	}
	return nil
}

// readPrevious compares with AWSPREVIOUS, which a new secret has not.
func (s *Secret) readPrevious(ctx context.Context, client *secretsmanager.Client) error {
	previous, version, err := ReadRing(ctx, client, s.ARN, "AWSPREVIOUS")
	var failed *function.Error
	switch {
	case err == nil:
	case errors.As(err, &failed) && (failed.Type == function.SecretNotFound || failed.Type == function.BadSecret):
		return nil // a secret that was no ring before has lost no key of a ring
	default:
		return err
	}
	if s.ring.Parent() != version {
		s.Lost = s.ring.Lacks(previous)
	}
	return nil
}
