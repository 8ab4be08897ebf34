package keystatus

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// minVersionID is the shortest id of a version. A staging label may be as long,
// though no label of Secrets Manager or of this program is.
//
// Source: secretsmanager/latest/apireference/API_GetSecretValue.html.
const minVersionID = 32

// ReadRing returns the ring of one version of the secret, which is named by its id
// or by a staging label such as AWSPREVIOUS, and the version's id. Its error is a
// *function.Error.
func ReadRing(ctx context.Context, client *secretsmanager.Client, secretARN, version string) (*ssec.Ring, string, error) {
	what := "reading the version " + version + " of the secret"
	in := &secretsmanager.GetSecretValueInput{SecretId: &secretARN}
	if len(version) < minVersionID {
		in.VersionStage = &version
	} else {
		in.VersionId = &version
	}
	out, err := client.GetSecretValue(ctx, in)
	var missing *types.ResourceNotFoundException
	var deleted *types.InvalidRequestException
	switch {
	case errors.As(err, &missing):
		return nil, "", function.Errorf(function.SecretNotFound, err, "the secret %s has no version %s, or there is no such secret", secretARN, version)
	case errors.As(err, &deleted):
		// The page names other causes, none of which a GetSecretValue can have.
		return nil, "", function.Errorf(function.SecretNotFound, err, "the secret is marked for deletion: aws secretsmanager restore-secret --secret-id %s", secretARN)
	case err != nil:
		return nil, "", function.Classify(ctx, what, err)
	}
	if out.SecretString == nil {
		err = &ssec.BadSecretError{Reason: "it is binary; store it as text (SecretString)"}
	} else {
		var ring *ssec.Ring
		if ring, err = ssec.ParseRing(*out.SecretString); err == nil {
			return ring, aws.ToString(out.VersionId), nil
		}
	}
	return nil, "", function.Errorf(function.BadSecret, err, "%s: %v", what, err)
}
