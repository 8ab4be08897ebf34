package secretsmanager

import (
	"net/http"
	"strconv"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/problem"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// maxPolicy is the size of a resource policy, in bytes.
//
// Source: Secrets Manager user guide, reference_limits.
const maxPolicy = 20480

type putResourcePolicyInput struct {
	SecretId, ResourcePolicy string
	BlockPublicPolicy        *bool
}

// putResourcePolicy attaches a policy to the secret. With BlockPublicPolicy a
// policy is refused that lets in anybody; here that is what S3 calls public,
// for how Secrets Manager finds out is not documented.
//
// Source: API reference, PutResourcePolicy.
func (s *Service) putResourcePolicy(c api.Call, in putResourcePolicyInput) (nameOutput, error) {
	block := in.BlockPublicPolicy != nil && *in.BlockPublicPolicy
	keys := given("BlockPublicPolicy", strconv.FormatBool(block))
	return s.change(c, "PutResourcePolicy", in.SecretId, keys, func(x *secret) error {
		policy, err := s.checkPolicy(in.ResourcePolicy)
		if err != nil {
			return err
		}
		if block && iam.Public(policy) {
			return api.Errorf(http.StatusBadRequest, "PublicPolicyException", "The BlockPublicPolicy parameter is set to true, and the resource policy did not prevent broad access to the secret.")
		}
		x.policyText = in.ResourcePolicy
		x.policy = &iam.Source{Name: "resource policy of " + x.arn, Document: policy}
		return nil
	})
}

func malformedPolicy(format string, args ...any) (iam.Document, error) {
	return iam.Document{}, api.Errorf(http.StatusBadRequest, "MalformedPolicyDocumentException", format, args...)
}

// checkPolicy refuses a policy that Secrets Manager refuses, such as one that
// names someone who doesn't exist.
func (s *Service) checkPolicy(text string) (iam.Document, error) {
	policy, err := readPolicy(text)
	if err != nil {
		return iam.Document{}, err
	}
	if p := api.InvalidPrincipal(s.opt.Principals, policy); p != "" {
		_, err := malformedPolicy("This resource policy contains an unsupported principal.")
		return iam.Document{}, api.NoPrincipal(err, p)
	}
	return policy, nil
}

// readPolicy is checkPolicy without the question who exists.
func readPolicy(text string) (iam.Document, error) {
	if len(text) > maxPolicy {
		return iam.Document{}, validation("1 validation error detected: Value at 'resourcePolicy' failed to satisfy constraint: Member must have length less than or equal to %d", maxPolicy)
	}
	policy, err := problem.Read([]byte(text), problem.Subject{Kind: problem.Secret})
	if err != nil {
		return iam.Document{}, api.RefusedPolicy(http.StatusBadRequest, "MalformedPolicyDocumentException", err)
	}
	return policy, nil
}

type getResourcePolicyOutput struct {
	ARN, Name      string
	ResourcePolicy string `json:",omitempty"`
}

func (s *Service) getResourcePolicy(c api.Call, in secretIDInput) (out getResourcePolicyOutput, err error) {
	_, err = s.look(c, "GetResourcePolicy", in.SecretId, nil, func(x *secret) error {
		out = getResourcePolicyOutput{x.arn, x.name, x.policyText}
		return nil
	})
	return out, err
}

func (s *Service) deleteResourcePolicy(c api.Call, in secretIDInput) (nameOutput, error) {
	return s.change(c, "DeleteResourcePolicy", in.SecretId, nil, func(x *secret) error {
		x.policyText, x.policy = "", nil
		return nil
	})
}
