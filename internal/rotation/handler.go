package rotation

import (
	"context"
	"encoding/json"
	"os"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/metric"
)

// A Handler is what lambda.Start runs.
type Handler struct {
	rotator *Rotator
	metrics *metric.Writer // nil without METRICS
	err     error          // of open; every invocation answers it
}

// NewHandler returns the function of the process's environment. A failure becomes
// the answer to every invocation: if it ended the process, Lambda would report
// only Runtime.ExitError.
func NewHandler() *Handler {
	rotator, err := open(os.Getenv)
	return &Handler{rotator, metric.FromEnvironment(os.Getenv, os.Stdout), err}
}

func open(getenv func(string) string) (*Rotator, error) {
	c, err := ReadConfig(getenv)
	if err != nil {
		return nil, err
	}
	cfg, err := awsclient.FromEnvironment(getenv)
	if err != nil {
		return nil, function.Errorf(function.BadConfig, err, "%v", err)
	}
	return New(c, secretsmanager.NewFromConfig(cfg), awsclient.S3(cfg), lambdacontext.NewLogger()), nil
}

// Invoke carries out the step of one event; the answer is null.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	ctx, end := h.metrics.Begin(ctx)
	defer end()
	return function.Answer(ctx, func(ctx context.Context) ([]byte, error) {
		if h.err != nil {
			return nil, h.err
		}
		e, err := readEvent(payload)
		if err != nil {
			return nil, err
		}
		return []byte("null"), h.rotator.Step(ctx, e)
	})
}

// readEvent reads the event of Secrets Manager. Fields that it may add are left
// alone: AWS's page names RotationToken, which only a function needs that assumes
// another role. The error quotes nothing, for RotationToken is a secret.
func readEvent(payload []byte) (Event, error) {
	var e Event
	if err := json.Unmarshal(payload, &e); err != nil {
		return e, function.Errorf(function.BadRequest, err, `the event is not what Secrets Manager sends: want an object with the texts "Step", "SecretId" and "ClientRequestToken"`)
	}
	return e, nil
}
