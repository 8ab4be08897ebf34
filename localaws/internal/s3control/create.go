package s3control

import (
	"encoding/xml"
	"net/http"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

type createResult struct {
	XMLName xml.Name `xml:"CreateJobResult"`
	JobId   string
}

// maxJobs bounds the jobs of an account and Region: a server that runs for days
// must not grow.
const maxJobs = 1000

// createJob starts a job. The same request with the same token gives the job that
// it has started before.
//
// Source: S3 Control API reference, CreateJob; S3 user guide,
// batch-ops-iam-role-policies (s3:CreateJob and iam:PassRole).
func (s *Service) createJob(c api.Call, _ *http.Request, _ string, body []byte) (any, error) {
	err := s.opt.Authorizer.Authorize(c, api.Access{Action: "s3:CreateJob", Resource: "*", ResourceAccount: c.Account})
	if err != nil {
		return nil, err
	}
	in, err := readJob(body)
	if err != nil {
		return nil, err
	}
	if api.ARNAccount(in.RoleArn) != c.Account {
		return nil, badRequest("the role is of another account")
	}
	err = s.opt.Authorizer.Authorize(c, api.Access{
		Action: "iam:PassRole", Resource: in.RoleArn, ResourceAccount: c.Account,
		Context: map[string]iam.Strings{"iam:PassedToService": {principal}},
	})
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, old := range s.jobs[c.Place()] {
		if old.request.ClientRequestToken != in.ClientRequestToken {
			continue
		}
		if old.body != string(body) {
			return nil, api.Errorf(http.StatusBadRequest, "IdempotencyException", "the ClientRequestToken is that of another request")
		}
		return createResult{JobId: old.id}, nil
	}
	if len(s.jobs[c.Place()]) >= maxJobs {
		return nil, api.Errorf(http.StatusBadRequest, "TooManyRequestsException", "the local AWS has at most %d jobs of an account in a Region", maxJobs)
	}
	id := api.UUID()
	j := &job{
		request: in, body: string(body), place: c.Place(), id: id, arn: c.Place().ARN("s3", "job/"+id), created: s.opt.Now(), status: statusNew,
		confirmed: make(chan struct{}), cancelled: make(chan struct{}),
	}
	s.jobs[c.Place()] = append(s.jobs[c.Place()], j)
	s.running.Go(func() { s.run(j) })
	return createResult{JobId: id}, nil
}

// onJob decides an action on a job and gives it, with s.mu held by f. That it isn't
// there is told to those who may ask.
func (s *Service) onJob(c api.Call, action, id string, f func(*job) error) error {
	err := s.opt.Authorizer.Authorize(c, api.Access{Action: "s3:" + action, Resource: c.Place().ARN("s3", "job/"+id), ResourceAccount: c.Account})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range s.jobs[c.Place()] {
		if j.id == id {
			return f(j)
		}
	}
	return api.Errorf(http.StatusNotFound, "NotFoundException", "the job %.100q does not exist", id)
}
