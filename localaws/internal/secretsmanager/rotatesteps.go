package secretsmanager

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// rotationSteps are what a rotation function is invoked for, in this order.
//
// Source: Secrets Manager user guide, rotate-secrets_lambda-functions.
var rotationSteps = []string{"createSecret", "setSecret", "testSecret", "finishSecret"}

// run invokes the rotation function for every step and then sees whether the
// new version is AWSCURRENT. If not, AWSPENDING stays where it is, and the next
// RotateSecret tries again. s.mu is not held: the function calls back.
func (s *Service) run(r rotationRun) error {
	var err error
	for _, step := range rotationSteps {
		if err = s.invoke(r, step); err != nil {
			break
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := r.secret
	x.rotation.running = false
	if err != nil {
		return err
	}
	if x.labels[current] != r.token {
		return invalidRequest("The rotation of %s is not complete: the function ran all steps, but version %s is not AWSCURRENT; finishSecret must move the label.", x.arn, r.token)
	}
	// AWS removes the staging label at the end of a rotation, outside the function:
	// github.com/aws-samples/aws-secrets-manager-rotation-lambdas pull 145.
	if x.labels[pending] == r.token {
		delete(x.labels, pending)
	}
	x.rotation.last = s.opt.Now()
	x.rotation.next = x.rotation.rules.next(x.rotation.last)
	return nil
}

// test invokes testSecret only, and removes the AWSPENDING version afterwards.
//
// Source: API reference, RotateSecret, RotateImmediately.
func (s *Service) test(r rotationRun) error {
	err := s.invoke(r, "testSecret")
	s.mu.Lock()
	defer s.mu.Unlock()
	x := r.secret
	x.rotation.running = false
	if x.labels[pending] == r.token {
		delete(x.labels, pending)
	}
	if len(x.stagesOf(r.token)) == 0 {
		delete(x.versions, r.token)
	}
	return err
}

// rotationEvent is what a rotation function is given.
type rotationEvent struct{ Step, SecretId, ClientRequestToken string }

func (s *Service) invoke(r rotationRun, step string) error {
	payload, err := json.Marshal(rotationEvent{step, r.secret.arn, r.token})
	if err != nil {
		return err
	}
	answer, functionError, err := s.opt.Functions.Invoke(r.call, r.function, payload)
	if err != nil {
		var e *api.Error
		if errors.As(err, &e) && strings.HasPrefix(e.Code, "AccessDenied") {
			return api.Errorf(http.StatusBadRequest, "AccessDeniedException", "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.")
		}
		return invalidRequest("The rotation of %s failed in step %s: %s can't be invoked: %v", r.secret.arn, step, r.function, err)
	}
	if functionError != "" {
		var told struct{ ErrorType, ErrorMessage string }
		_ = json.Unmarshal(answer, &told) // an answer that says nothing is still a failure
		return invalidRequest("The rotation of %s failed in step %s: %s: %s %s", r.secret.arn, step, functionError, told.ErrorType, told.ErrorMessage)
	}
	return nil
}
