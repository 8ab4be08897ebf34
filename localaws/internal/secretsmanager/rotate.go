package secretsmanager

import (
	"regexp"
	"strconv"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

type rotateSecretInput struct {
	SecretId, ClientRequestToken string
	RotationLambdaARN            string
	RotationRules                *rotationRules
	RotateImmediately            *bool
}

func (in rotateSecretInput) immediately() bool {
	return in.RotateImmediately == nil || *in.RotateImmediately
}

// rotateSecret keeps the rotation configuration and rotates the secret, or,
// with RotateImmediately false, tries out the configuration.
//
// Source: API reference, RotateSecret.
func (s *Service) rotateSecret(c api.Call, in rotateSecretInput) (versionOutput, error) {
	if in.RotationRules != nil {
		if err := in.RotationRules.check(); err != nil {
			return versionOutput{}, err
		}
	}
	if err := checkToken(in.ClientRequestToken); err != nil {
		return versionOutput{}, err
	}
	r, err := s.beginRotation(c, in)
	if err != nil {
		return versionOutput{}, err
	}
	out := versionOutput{ARN: r.secret.arn, Name: r.secret.name, VersionId: in.ClientRequestToken}
	switch {
	case r.finished:
		return out, nil
	case !in.immediately():
		out.VersionId = ""
		return out, s.test(r)
	}
	if err := s.run(r); err != nil {
		return versionOutput{}, err
	}
	if r.token != in.ClientRequestToken {
		return versionOutput{}, incomplete()
	}
	return out, nil
}

func incomplete() error {
	return invalidRequest("A previous rotation isn't complete. That rotation will be reattempted.")
}

// rotationRun is one run of a rotation function.
type rotationRun struct {
	call     api.Call // of Secrets Manager
	secret   *secret
	function string
	token    string
	finished bool // the token is that of a rotation that is done
}

var functionForm = regexp.MustCompile(`^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[a-zA-Z0-9_-]+(:[a-zA-Z0-9$_-]+)?$`)

// beginRotation checks the request, keeps the configuration, and announces the
// new version with AWSPENDING. If a rotation is not complete, it is that one
// which is to be run.
func (s *Service) beginRotation(c api.Call, in rotateSecretInput) (rotationRun, error) {
	keys := given("RotateImmediately", strconv.FormatBool(in.immediately()), "RotationLambdaARN", in.RotationLambdaARN)
	if in.RotationRules != nil {
		keys["secretsmanager:ModifyRotationRules"] = iam.Strings{"true"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x, err := s.find(c, "RotateSecret", in.SecretId, keys)
	if err != nil {
		return rotationRun{}, err
	}
	if err := x.needNotDeleted(); err != nil {
		return rotationRun{}, err
	}
	function := in.RotationLambdaARN
	if function == "" {
		function = x.rotation.function
	}
	switch {
	case function == "":
		return rotationRun{}, invalidRequest("You tried to enable rotation on a secret that doesn't already have a Lambda function ARN configured and you didn't include such an ARN as a parameter in this call.")
	case !functionForm.MatchString(function):
		return rotationRun{}, invalidParameter("RotationLambdaARN %q is not the ARN of a Lambda function.", function)
	}
	if err := s.authorizeInvoke(c, function); err != nil {
		return rotationRun{}, err
	}
	if x.rotation.running {
		return rotationRun{}, incomplete()
	}
	r := rotationRun{call: s.invoker(c, x), secret: x, function: function, token: in.ClientRequestToken}
	if x.labels[current] == r.token {
		r.finished = true
		return r, nil
	}
	x.rotation.function, x.rotation.enabled = function, true
	if in.RotationRules != nil {
		x.rotation.rules = in.RotationRules
	}
	x.rotation.next = x.rotation.rules.next(s.opt.Now())
	if p := x.labels[pending]; p != "" && p != x.labels[current] {
		if !in.immediately() {
			return rotationRun{}, incomplete()
		}
		r.token = p
	}
	x.rotation.running = true
	if !in.immediately() {
		s.announceTest(c, x, r.token)
		return r, nil
	}
	s.announce(x, r.token)
	return r, nil
}

// announce makes the version that the rotation function is to fill.
func (s *Service) announce(x *secret, token string) {
	if x.versions[token] == nil {
		x.versions[token] = &version{id: token, created: s.opt.Now()}
	}
	x.label(pending, token)
}

// announceTest makes the AWSPENDING version that testSecret works on when
// nothing is to be rotated. The documents don't say what AWS puts into it: here
// it is the current value, so that the test has something to test, if the
// caller may read and write it.
func (s *Service) announceTest(c api.Call, x *secret, token string) {
	s.announce(x, token)
	now := x.versions[x.labels[current]]
	if now == nil || now.value == nil {
		return
	}
	v, err := s.open(c, x, now.id, now.value)
	if err != nil {
		return
	}
	if sealed, err := s.seal(c, x, token, v); err == nil {
		x.versions[token].value = sealed
	}
}

// authorizeInvoke: who starts a rotation must be allowed to invoke the
// function.
//
// Source: API reference, RotateSecret ("You also need lambda:InvokeFunction
// permissions on the rotation function").
func (s *Service) authorizeInvoke(c api.Call, function string) error {
	return s.opt.Authorizer.Authorize(via(c), api.Access{
		Action: "lambda:InvokeFunction", Resource: function, ResourceAccount: api.ARNAccount(function),
	})
}

// invoker is the call by which Secrets Manager itself invokes the rotation
// function of a secret, in a request.
//
// Source: Secrets Manager user guide,
// rotating-secrets-required-permissions-function.
func (s *Service) invoker(c api.Call, x *secret) api.Call {
	call := api.ServiceCall("secretsmanager.amazonaws.com", x.place.Account, x.place.Region, s.opt.Now())
	call.RequestID = c.RequestID
	return call.For(x.arn, x.place.Account)
}

type cancelRotateSecretOutput struct{ ARN, Name, VersionId string }

// cancelRotateSecret turns automatic rotation off. A version that a rotation
// has left with AWSPENDING stays.
//
// Source: API reference, CancelRotateSecret.
func (s *Service) cancelRotateSecret(c api.Call, in secretIDInput) (out cancelRotateSecretOutput, err error) {
	_, err = s.change(c, "CancelRotateSecret", in.SecretId, nil, func(x *secret) error {
		x.rotation.enabled, x.rotation.next = false, time.Time{}
		out = cancelRotateSecretOutput{x.arn, x.name, x.labels[pending]}
		return nil
	})
	return out, err
}
