package sqs

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// queue is one queue. Service.mu guards it.
type queue struct {
	place         api.Place
	name, arn     string
	fifo          bool
	created       time.Time
	modified      time.Time
	purged        time.Time
	settings      settings
	policy        *iam.Source // nil: none
	tags          map[string]string
	messages      []*message // in the order of their arrival
	deduplication map[string]sent
	sequence      uint64        // of the last message of a FIFO queue
	changed       chan struct{} // closed, and replaced, when there may be more to receive
	deleted       bool
}

func (q *queue) url() string { return urlOf(q.place, q.name) }

// urlOf is the address of a queue on AWS. Clients that are told an endpoint, as
// those of the local AWS are, send their requests there and this as a parameter.
func urlOf(p api.Place, name string) string {
	return "https://sqs." + p.Region + ".amazonaws.com/" + p.Account + "/" + name
}

func arnOf(p api.Place, name string) string { return p.ARN("sqs", name) }

// wake tells those that wait for a message to look again. s.mu is held.
func (q *queue) wake() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// nameForm is that of a queue, without the suffix of a FIFO queue.
//
// Source: SQS API reference, CreateQueue, QueueName.
var nameForm = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,80}$`)

const fifoSuffix = ".fifo"

func checkName(name string, fifo bool) error {
	base, suffixed := strings.CutSuffix(name, fifoSuffix)
	switch {
	case fifo && !suffixed:
		return invalid("The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.")
	case !fifo && suffixed, !nameForm.MatchString(base), len(name) > 80:
		return invalid("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
	}
	return nil
}

// place reads the address of a queue. Its host may be any: SDKs and the CLI
// choose where they send it. One of AWS for another Region would have gone there.
func placeOf(c api.Call, address string) (api.Place, string, error) {
	if address == "" {
		return api.Place{}, "", missing("QueueUrl")
	}
	u, err := url.Parse(address)
	if err == nil {
		account, name, ok := strings.Cut(strings.Trim(u.Path, "/"), "/")
		region, aws := strings.CutPrefix(u.Hostname(), "sqs.")
		region, _, _ = strings.Cut(region, ".")
		if ok && name != "" && !strings.Contains(name, "/") && (!aws || region == c.Region) {
			return api.Place{Account: account, Region: c.Region}, name, nil
		}
	}
	return api.Place{}, "", fail("InvalidAddress", "The address %s is not valid for this endpoint.", address)
}

// ownerOnly are the actions that no other account can be let into, whatever the
// queue's policy says.
//
// Source: SQS API reference, "Cross-account permissions don't apply to this
// action" on the page of each.
var ownerOnly = map[string]bool{
	"CreateQueue": true, "DeleteQueue": true, "ListQueueTags": true, "ListQueues": true,
	"SetQueueAttributes": true, "TagQueue": true, "UntagQueue": true,
}

// onQueue decides an action on the queue with an address and gives it, with s.mu
// held only by f. That a queue isn't there is told to those who may ask.
func (s *Service) onQueue(c api.Call, action, address string, keys map[string]iam.Strings, f func(*queue) error) error {
	p, name, err := placeOf(c, address)
	if err != nil {
		return err
	}
	return s.onARN(c, action, p, name, keys, f)
}

func (s *Service) onARN(c api.Call, action string, p api.Place, name string, keys map[string]iam.Strings, f func(*queue) error) error {
	if err := s.authorize(c, action, p, name, keys); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[arnOf(p, name)]
	if q == nil {
		return fail(noQueue, "The specified queue does not exist.")
	}
	return f(q)
}

// authorize decides an action on a queue, which need not exist.
func (s *Service) authorize(c api.Call, action string, p api.Place, name string, extra map[string]iam.Strings) error {
	x := api.Access{Action: "sqs:" + action, Resource: arnOf(p, name), ResourceAccount: p.Account, Context: map[string]iam.Strings{}}
	s.mu.Lock()
	if q := s.queues[x.Resource]; q != nil {
		for k, v := range q.tags {
			x.Context["aws:ResourceTag/"+k] = iam.Strings{v}
		}
		if !ownerOnly[action] || c.Account == p.Account {
			x.Policy = q.policy
		}
	}
	s.mu.Unlock()
	for k, v := range extra {
		x.Context[k] = v
	}
	return s.opt.Authorizer.Authorize(c, x)
}
