package sns

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// topic is one topic. Service.mu guards it.
type topic struct {
	place         api.Place
	arn           string
	settings      map[string]string // attributes that are set, by name
	policy        *iam.Source       // nil: none
	tags          map[string]string
	subscriptions []*subscription
	deleted       int // subscriptions
}

// nameForm is that of a standard topic.
//
// Source: SNS API reference, CreateTopic, Name.
var nameForm = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,256}$`)

func checkName(name string) error {
	switch {
	case strings.HasSuffix(name, ".fifo"):
		return invalid("Topic Name: the local AWS has no FIFO topics")
	case !nameForm.MatchString(name):
		return invalid("Topic Name")
	}
	return nil
}

// placeOf reads the ARN of a topic of the Region of the call.
func placeOf(c api.Call, topicARN string) (api.Place, error) {
	a, err := arn.Parse(topicARN)
	if err != nil || a.Service != "sns" || a.Region != c.Region || a.AccountID == "" || !nameForm.MatchString(a.Resource) {
		return api.Place{}, invalid("TopicArn")
	}
	return api.Place{Account: a.AccountID, Region: a.Region}, nil
}

// authorize decides an action on a topic, which need not exist.
func (s *Service) authorize(c api.Call, action, topicARN, account string, extra map[string]iam.Strings) error {
	x := api.Access{Action: "sns:" + action, Resource: topicARN, ResourceAccount: account, Context: map[string]iam.Strings{}}
	s.mu.Lock()
	if t := s.topics[topicARN]; t != nil {
		x.Policy = t.policy
		for k, v := range t.tags {
			x.Context["aws:ResourceTag/"+k] = iam.Strings{v}
		}
	}
	s.mu.Unlock()
	maps.Copy(x.Context, extra)
	return s.opt.Authorizer.Authorize(c, x)
}

// onTopic decides an action on a topic and gives it, with s.mu held only by f.
// That a topic isn't there is told to those who may ask.
func (s *Service) onTopic(c api.Call, action, topicARN string, keys map[string]iam.Strings, f func(*topic) error) error {
	p, err := placeOf(c, topicARN)
	if err != nil {
		return err
	}
	if err := s.authorize(c, action, topicARN, p.Account, keys); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.topics[topicARN]
	if t == nil {
		return notFound("Topic")
	}
	return f(t)
}

type createInput struct {
	Name       string
	Attributes map[string]string
	Tags       []api.Tag
}

type topicOutput struct{ TopicArn string }

// createTopic makes a topic, or gives the one that has the name if the attributes
// and tags are the same there.
func (s *Service) createTopic(c api.Call, in createInput) (out topicOutput, err error) {
	if err := checkName(in.Name); err != nil {
		return out, err
	}
	tags, err := checkTags(in.Tags)
	if err != nil {
		return out, err
	}
	out.TopicArn = c.Place().ARN("sns", in.Name)
	if err := s.authorize(c, "CreateTopic", out.TopicArn, c.Account, api.TagKeys(tags)); err != nil {
		return out, err
	}
	t := &topic{place: c.Place(), arn: out.TopicArn, tags: tags, settings: map[string]string{}}
	for _, name := range slices.Sorted(maps.Keys(in.Attributes)) {
		if err := s.set(t, name, in.Attributes[name]); err != nil {
			return out, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.topics[t.arn]; old != nil {
		for name, value := range in.Attributes {
			if old.settings[name] != value {
				return out, invalid("Attributes Reason: Topic already exists with different attributes")
			}
		}
		if len(tags) > 0 && !maps.Equal(old.tags, tags) {
			return out, invalid("Tags Reason: Topic already exists with different tags")
		}
		return out, nil
	}
	s.topics[t.arn] = t
	return out, nil
}

type topicInput struct{ TopicArn string }

// deleteTopic deletes a topic with its subscriptions. One that isn't there is no
// error.
func (s *Service) deleteTopic(c api.Call, in topicInput) (empty, error) {
	err := s.onTopic(c, "DeleteTopic", in.TopicArn, nil, func(t *topic) error {
		delete(s.topics, t.arn)
		return nil
	})
	return empty{}, api.Ignore(err, noTopic)
}

type listInput struct{ NextToken string }

type listTopicsOutput struct {
	Topics    []topicOutput
	NextToken string `json:",omitempty"`
}

// pageSize is that of all lists.
//
// Source: SNS API reference, ListTopics and ListSubscriptions.
const pageSize = 100

func (s *Service) listTopics(c api.Call, in listInput) (out listTopicsOutput, err error) {
	if err := s.authorize(c, "ListTopics", "*", c.Account, nil); err != nil {
		return out, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(s.topics)) {
		if s.topics[name].place == c.Place() {
			out.Topics = append(out.Topics, topicOutput{name})
		}
	}
	var ok bool
	if out.Topics, out.NextToken, ok = api.Page(out.Topics, pageSize, in.NextToken); !ok {
		return out, invalid("NextToken")
	}
	return out, nil
}
