package sqs

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type createQueueInput struct {
	QueueName  string
	Attributes settings
	Tags       map[string]string `json:"tags"`
}

type urlOutput struct{ QueueUrl string }

// deletedRecently is how long the name of a deleted queue can't be used.
//
// Source: SQS API reference, DeleteQueue.
const deletedRecently = time.Minute

// createQueue makes a queue, or gives the one that has the name if the given
// attributes are the same there.
func (s *Service) createQueue(c api.Call, in createQueueInput) (urlOutput, error) {
	if in.QueueName == "" {
		return urlOutput{}, missing("QueueName")
	}
	tags, err := checkTags(in.Tags)
	if err != nil {
		return urlOutput{}, err
	}
	p := c.Place()
	if err := s.authorize(c, "CreateQueue", p, in.QueueName, api.TagKeys(tags)); err != nil {
		return urlOutput{}, err
	}
	if len(tags) > 0 {
		if err := s.authorize(c, "TagQueue", p, in.QueueName, api.TagKeys(tags)); err != nil {
			return urlOutput{}, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	arn, now := arnOf(p, in.QueueName), s.opt.Now()
	if old := s.queues[arn]; old != nil {
		return urlOutput{old.url()}, old.sameAs(in.Attributes, now)
	}
	fifo := in.Attributes["FifoQueue"] == "true"
	if err := checkName(in.QueueName, fifo); err != nil {
		return urlOutput{}, err
	}
	if when, ok := s.gone[arn]; ok && now.Sub(when) < deletedRecently {
		return urlOutput{}, fail("QueueDeletedRecently", "You must wait 60 seconds after deleting a queue before you can create another with the same name.")
	}
	q := &queue{
		place: p, name: in.QueueName, arn: arn, fifo: fifo, created: now, tags: tags,
		deduplication: map[string]sent{}, changed: make(chan struct{}),
	}
	if err := s.set(q, settings{}.with(in.Attributes)); err != nil {
		return urlOutput{}, err
	}
	delete(s.gone, arn)
	s.queues[arn] = q
	return urlOutput{q.url()}, nil
}

// sameAs refuses to take a queue for the one that is asked for if one of the
// given attributes is another. Those that aren't given are not compared: the page
// says "all its attributes", and clients make queues again without any.
func (q *queue) sameAs(want settings, now time.Time) error {
	have := q.attributes(now)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if have[name] != want[name] {
			return fail("QueueNameExists", "A queue already exists with the same name and a different value for attribute %s", name)
		}
	}
	return nil
}

type queueInput struct{ QueueUrl string }

// deleteQueue deletes a queue at once, with all that is in it.
func (s *Service) deleteQueue(c api.Call, in queueInput) (empty, error) {
	return empty{}, s.onQueue(c, "DeleteQueue", in.QueueUrl, nil, func(q *queue) error {
		s.drop(q, func(*message) bool { return true })
		q.deleted = true
		q.wake()
		delete(s.queues, q.arn)
		s.gone[q.arn] = s.opt.Now()
		return nil
	})
}

// purgeQueue deletes all messages, at once.
func (s *Service) purgeQueue(c api.Call, in queueInput) (empty, error) {
	return empty{}, s.onQueue(c, "PurgeQueue", in.QueueUrl, nil, func(q *queue) error {
		now := s.opt.Now()
		if !q.purged.IsZero() && now.Sub(q.purged) < time.Minute {
			return fail("PurgeQueueInProgress", "Only one PurgeQueue operation on %s is allowed every 60 seconds.", q.name)
		}
		q.purged = now
		s.drop(q, func(*message) bool { return true })
		return nil
	})
}

type getURLInput struct{ QueueName, QueueOwnerAWSAccountId string }

func (s *Service) getQueueURL(c api.Call, in getURLInput) (out urlOutput, err error) {
	if in.QueueName == "" {
		return out, missing("QueueName")
	}
	p := c.Place()
	if in.QueueOwnerAWSAccountId != "" {
		p.Account = in.QueueOwnerAWSAccountId
	}
	err = s.onARN(c, "GetQueueUrl", p, in.QueueName, nil, func(q *queue) error {
		out.QueueUrl = q.url()
		return nil
	})
	return out, err
}

type listInput struct {
	QueueNamePrefix, NextToken string
	MaxResults                 *int
}

type listOutput struct {
	QueueUrls []string `json:",omitempty"`
	NextToken string   `json:",omitempty"`
}

func (s *Service) listQueues(c api.Call, in listInput) (out listOutput, err error) {
	if err := s.authorize(c, "ListQueues", c.Place(), "*", nil); err != nil {
		return out, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var urls []string
	for _, q := range s.queues {
		if q.place == c.Place() && strings.HasPrefix(q.name, in.QueueNamePrefix) {
			urls = append(urls, q.url())
		}
	}
	out.QueueUrls, out.NextToken, err = page(urls, in.MaxResults, in.NextToken)
	return out, err
}

// page is a page of a list: up to 1,000 entries without a size, and then no token.
//
// Source: SQS API reference, ListQueues.
func page(urls []string, size *int, token string) ([]string, string, error) {
	slices.Sort(urls)
	most := 1000
	if size != nil {
		if most = *size; most < 1 || most > 1000 {
			return nil, "", invalid("Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.")
		}
	}
	list, next, ok := api.Page(urls, most, token)
	if !ok {
		return nil, "", invalid("Invalid or expired next token.")
	}
	if size == nil {
		next = ""
	}
	return list, next, nil
}
