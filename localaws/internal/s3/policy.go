package s3

import (
	"errors"
	"net/http"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

func (s *Service) getBucketPolicy(rq *request, b *bucket) error {
	p := b.settings().Policy
	if p == nil {
		return fault.With(noSuchPolicy(), "BucketName", b.name)
	}
	return rq.answerBytes(http.StatusOK, "application/json", p.Text)
}

func noSuchPolicy() *api.Error {
	return api.Errorf(404, "NoSuchBucketPolicy", "The bucket policy does not exist")
}

func (s *Service) putBucketPolicy(rq *request, b *bucket) error {
	text, err := rq.text()
	if err != nil {
		return err
	}
	if err := s.setPolicy(rq.Call, b, text); err != nil {
		return err
	}
	return rq.done(http.StatusNoContent)
}

// setPolicy puts a policy; Block Public Access may refuse a public one.
//
// Source: S3 user guide, access-control-block-public-access.
func (s *Service) setPolicy(c api.Call, b *bucket, text []byte) error {
	p, err := configuration.ParsePolicy(text, b.name, b.arn(""), s.opt.Principals)
	if err != nil {
		return err
	}
	return b.change(func(cfg *configuration.Bucket) error {
		if cfg.PublicAccess.ForIAM().BlockPublicPolicy && iam.Public(p.Source.Document) {
			return api.Errorf(403, "AccessDenied", "User: %s is not authorized to perform: s3:PutBucketPolicy on resource: %q because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
				c.Caller.String(), b.arn(""))
		}
		cfg.Policy = p
		return nil
	})
}

// isDenied says whether err is a refusal by policy.
func isDenied(err error) bool {
	var e *api.Error
	return errors.As(err, &e) && e.Status == http.StatusForbidden
}
