package s3

import (
	"encoding/xml"
	"errors"
	"net/http"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/action"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// bucketPolicy is a policy that was accepted.
type bucketPolicy struct {
	text   []byte // as it was put
	source iam.Source
}

// maxPolicy is the longest bucket policy, in bytes.
//
// Source: S3 user guide, bucket-policies.
const maxPolicy = 20 << 10

func malformedPolicy(detailText, format string, args ...any) error {
	e := api.Errorf(400, "MalformedPolicy", format, args...)
	if detailText != "" {
		e.Detail = map[string]string{"Detail": detailText}
	}
	return e
}

// parsePolicy reads a policy and refuses what S3 refuses: no principal, one
// that doesn't exist, resources of other buckets, actions of other services or
// that fit none of the statement's resources. That Sids must differ only an old
// page of the S3 developer guide says (AccessPolicyLanguage_SpecialInfo).
func (s *Service) parsePolicy(b *bucket, text []byte) (*bucketPolicy, error) {
	if len(text) > maxPolicy {
		return nil, malformedPolicy("", "Policies must be at most %d bytes, this one has %d", maxPolicy, len(text))
	}
	d, err := iam.ParseDocument(text)
	if err != nil {
		return nil, malformedPolicy(err.Error(), "Policies must be valid JSON and the first byte must be '{': %v", oneLine(err))
	}
	if sid := d.DuplicateSid(); sid != "" {
		return nil, malformedPolicy(sid, "Each statement in a policy must have a unique statement ID (sid)")
	}
	for i := range d.Statement {
		if err := checkStatement(b, &d.Statement[i]); err != nil {
			return nil, err
		}
	}
	if p := api.InvalidPrincipal(s.opt.Principals, d); p != "" {
		return nil, malformedPolicy(p, "Invalid principal in policy")
	}
	return &bucketPolicy{text: text, source: iam.Source{Name: "bucket policy of " + b.name, Document: d}}, nil
}

func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

func checkStatement(b *bucket, st *iam.Statement) error {
	if st.Principal == nil && st.NotPrincipal == nil {
		return malformedPolicy("", "Missing required field Principal")
	}
	resources := append(append(iam.Strings{}, st.Resource...), st.NotResource...)
	if len(resources) == 0 {
		return malformedPolicy("", "Missing required field Resource")
	}
	var onBucket, onObjects bool
	for _, r := range resources {
		rest, ok := strings.CutPrefix(r, b.arn(""))
		switch {
		case ok && rest == "":
			onBucket = true
		case ok && strings.HasPrefix(rest, "/"):
			onObjects = true
		case ok && strings.HasPrefix(rest, "*"):
			onBucket, onObjects = true, true
		default:
			return malformedPolicy(r, "Policy has invalid resource")
		}
	}
	for _, a := range append(append(iam.Strings{}, st.Action...), st.NotAction...) {
		if a != "*" && !strings.HasPrefix(strings.ToLower(a), "s3:") {
			return malformedPolicy(a, "Policy has invalid action")
		}
	}
	for _, a := range st.Action {
		if strings.ContainsAny(a, "*?") || len(st.NotResource) > 0 {
			continue
		}
		if action.OnObjects(a) && !onObjects || action.OnBuckets(a) && !onBucket {
			return malformedPolicy(a, "Action does not apply to any resource(s) in statement")
		}
	}
	return nil
}

// policyFor decides one of the three actions on the bucket policy itself. The
// owner's root user may do them even if the policy denies it; otherwise a
// policy could lock everyone out for good.
//
// Source: S3 API reference, API_DeleteBucketPolicy.
func (s *Service) policyFor(rq *request, action string) (*bucket, error) {
	b, err := s.bucket(rq)
	if err != nil {
		return nil, err
	}
	if rq.call.Account == b.account && strings.HasSuffix(rq.call.Caller.PrincipalARN(), ":root") {
		return b, nil
	}
	return b, s.authorize(rq, b, action, "", nil)
}

func (s *Service) getBucketPolicy(rq *request) error {
	b, err := s.policyFor(rq, "s3:GetBucketPolicy")
	if err != nil {
		return err
	}
	p := b.settings().policy
	if p == nil {
		return noSuchPolicy(b)
	}
	return rq.answerBytes(http.StatusOK, "application/json", p.text)
}

func noSuchPolicy(b *bucket) error {
	return fault.With(api.Errorf(404, "NoSuchBucketPolicy", "The bucket policy does not exist"), "BucketName", b.name)
}

func (s *Service) putBucketPolicy(rq *request) error {
	b, err := s.policyFor(rq, "s3:PutBucketPolicy")
	if err != nil {
		return err
	}
	text, err := rq.text()
	if err != nil {
		return err
	}
	if err := s.setPolicy(rq.call, b, text); err != nil {
		return err
	}
	return rq.done(http.StatusNoContent)
}

// setPolicy puts a policy; Block Public Access may refuse a public one.
//
// Source: S3 user guide, access-control-block-public-access.
func (s *Service) setPolicy(c api.Call, b *bucket, text []byte) error {
	p, err := s.parsePolicy(b, text)
	if err != nil {
		return err
	}
	return b.change(func(cfg *config) error {
		if cfg.publicAccess.forIAM().BlockPublicPolicy && iam.Public(p.source.Document) {
			return api.Errorf(403, "AccessDenied", "User: %s is not authorized to perform: s3:PutBucketPolicy on resource: %q because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
				c.Caller.String(), b.arn(""))
		}
		cfg.policy = p
		return nil
	})
}

func (s *Service) deleteBucketPolicy(rq *request) error {
	b, err := s.policyFor(rq, "s3:DeleteBucketPolicy")
	if err != nil {
		return err
	}
	if err := b.change(func(c *config) error { c.policy = nil; return nil }); err != nil {
		return err
	}
	return rq.done(http.StatusNoContent)
}

func (s *Service) getBucketPolicyStatus(rq *request) error {
	b, err := s.bucketFor(rq, "s3:GetBucketPolicyStatus")
	if err != nil {
		return err
	}
	p := b.settings().policy
	if p == nil {
		return noSuchPolicy(b)
	}
	return rq.answer(http.StatusOK, struct {
		XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ PolicyStatus"`
		IsPublic bool
	}{IsPublic: iam.Public(p.source.Document)})
}

// isDenied says whether err is a refusal by policy.
func isDenied(err error) bool {
	var e *api.Error
	return errors.As(err, &e) && e.Status == http.StatusForbidden
}
