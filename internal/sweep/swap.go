package sweep

import (
	"context"
	"crypto/rand"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// label is that of a version of the secret that is to become current. A version
// without a label could be deleted at any time.
const label = "S3SealRetirement"

// swap makes a ring the current one, if parent is the current version still: to
// move AWSCURRENT, Secrets Manager demands the version that it is moved from. The
// ring that has the key stays AWSPREVIOUS.
//
// Source: secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html.
func (r *Retirement) swap(ctx context.Context, parent string, ring *ssec.Ring) error {
	token := rand.Text() + rand.Text() // 32 to 64 characters
	text := ring.Text()
	if _, err := r.Secrets.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId: &r.SecretID, ClientRequestToken: &token, SecretString: &text, VersionStages: []string{label},
	}); err != nil {
		return classify(ctx, "writing the ring without the key", err)
	}
	_, err := r.Secrets.UpdateSecretVersionStage(ctx, &secretsmanager.UpdateSecretVersionStageInput{
		SecretId: &r.SecretID, VersionStage: aws.String("AWSCURRENT"), MoveToVersionId: &token, RemoveFromVersionId: &parent,
	})
	is, known := r.current(ctx)
	// Without its label the version goes away if it did not become the current one.
	r.Secrets.UpdateSecretVersionStage(ctx, &secretsmanager.UpdateSecretVersionStageInput{
		SecretId: &r.SecretID, VersionStage: aws.String(label), RemoveFromVersionId: &token,
	})
	switch {
	case known && is == token: // also if the answer to the move got lost
		return nil
	case known && is != parent:
		return refused("the secret changed at the last moment: try again")
	case err != nil:
		return classify(ctx, "making the ring without the key the current one", err)
	}
	return function.Errorf(function.Unavailable, nil, "whether the ring without the key became the current one is not known: look at the secret's versions")
}

// current is the version of AWSCURRENT, if it can be read.
func (r *Retirement) current(ctx context.Context) (string, bool) {
	out, err := r.Secrets.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &r.SecretID})
	if err != nil {
		return "", false
	}
	for version, stages := range out.VersionIdsToStages {
		if slices.Contains(stages, "AWSCURRENT") {
			return version, true
		}
	}
	return "", false
}
