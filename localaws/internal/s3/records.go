package s3

import (
	"encoding/xml"
	"maps"
	"net/http"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// The configurations of this file are recorded and returned: nothing expires,
// no metric is counted and no event is sent.

type lifecycleConfiguration struct {
	XMLName xml.Name        `xml:"LifecycleConfiguration"`
	Rules   []lifecycleRule `xml:"Rule"`
}

type lifecycleRule struct {
	ID                             string                 `xml:",omitempty"`
	Filter                         *lifecycleFilter       `xml:",omitempty"`
	Prefix                         *string                `xml:",omitempty"`
	Status                         string                 // Enabled or Disabled
	Transitions                    []lifecycleTransition  `xml:"Transition"`
	Expiration                     *lifecycleExpiration   `xml:",omitempty"`
	NoncurrentVersionTransitions   []noncurrentTransition `xml:"NoncurrentVersionTransition"`
	NoncurrentVersionExpiration    *noncurrentExpiration  `xml:",omitempty"`
	AbortIncompleteMultipartUpload *abortIncomplete       `xml:",omitempty"`
}

type lifecycleFilter struct {
	Prefix                *string       `xml:",omitempty"`
	Tag                   *tag          `xml:",omitempty"`
	ObjectSizeGreaterThan int64         `xml:",omitempty"`
	ObjectSizeLessThan    int64         `xml:",omitempty"`
	And                   *lifecycleAnd `xml:",omitempty"`
}

type lifecycleAnd struct {
	Prefix                string `xml:",omitempty"`
	Tags                  []tag  `xml:"Tag"`
	ObjectSizeGreaterThan int64  `xml:",omitempty"`
	ObjectSizeLessThan    int64  `xml:",omitempty"`
}

type lifecycleTransition struct {
	Days         *int   `xml:",omitempty"`
	Date         string `xml:",omitempty"`
	StorageClass string
}

type lifecycleExpiration struct {
	Days                      int    `xml:",omitempty"`
	Date                      string `xml:",omitempty"`
	ExpiredObjectDeleteMarker bool   `xml:",omitempty"`
}

type noncurrentTransition struct {
	NoncurrentDays          int
	NewerNoncurrentVersions int `xml:",omitempty"`
	StorageClass            string
}

type noncurrentExpiration struct {
	NoncurrentDays          int
	NewerNoncurrentVersions int `xml:",omitempty"`
}

type abortIncomplete struct{ DaysAfterInitiation int }

func (l *lifecycleConfiguration) check() error {
	if n := len(l.Rules); n == 0 || n > 1000 {
		return fault.MalformedXML("a lifecycle configuration has 1 to 1000 rules, this one has %d", n)
	}
	for i := range l.Rules {
		r := &l.Rules[i]
		if r.Status != "Enabled" && r.Status != "Disabled" {
			return fault.MalformedXML("Status of a lifecycle rule is %q", r.Status)
		}
		if len(r.Transitions) == 0 && r.Expiration == nil && len(r.NoncurrentVersionTransitions) == 0 && r.NoncurrentVersionExpiration == nil && r.AbortIncompleteMultipartUpload == nil {
			return fault.InvalidRequest("At least one action needs to be specified in a rule")
		}
		if r.ID == "" {
			r.ID = newID()
		}
	}
	return nil
}

func (s *Service) getLifecycle(rq *request) error {
	b, err := s.bucketFor(rq, "s3:GetLifecycleConfiguration")
	if err != nil {
		return err
	}
	c := b.settings().lifecycle
	if c == nil {
		return fault.With(api.Errorf(404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"), "BucketName", b.name)
	}
	return rq.answer(http.StatusOK, c)
}

func (s *Service) putLifecycle(rq *request) error {
	var in lifecycleConfiguration
	return s.putRecord(rq, "s3:PutLifecycleConfiguration", "LifecycleConfiguration", &in, func(c *config) error {
		c.lifecycle = &in
		return in.check()
	})
}

func (s *Service) deleteLifecycle(rq *request) error {
	return s.deleteRecord(rq, "s3:PutLifecycleConfiguration", func(c *config) error { c.lifecycle = nil; return nil })
}

type notificationConfiguration struct {
	XMLName     xml.Name  `xml:"NotificationConfiguration" json:"-"`
	EventBridge *struct{} `xml:"EventBridgeConfiguration,omitempty" json:"-"`
}

func (s *Service) getNotification(rq *request) error {
	b, err := s.bucketFor(rq, "s3:GetBucketNotification")
	if err != nil {
		return err
	}
	c := b.settings().notification
	if c == nil {
		c = &notificationConfiguration{}
	}
	return rq.answer(http.StatusOK, c)
}

// putNotification records EventBridge; topics, queues and functions are
// elements that it doesn't know, and are refused by name.
func (s *Service) putNotification(rq *request) error {
	var in notificationConfiguration
	return s.putRecord(rq, "s3:PutBucketNotification", "NotificationConfiguration", &in, func(c *config) error {
		c.notification = &in
		return nil
	})
}

type metricsConfiguration struct {
	XMLName xml.Name       `xml:"MetricsConfiguration"`
	ID      string         `xml:"Id"`
	Filter  *metricsFilter `xml:",omitempty"`
}

type metricsFilter struct {
	Prefix string          `xml:",omitempty"`
	Tag    *tag            `xml:",omitempty"`
	And    *replicationAnd `xml:",omitempty"`
}

func (s *Service) getMetrics(rq *request) error {
	b, err := s.bucketFor(rq, "s3:GetMetricsConfiguration")
	if err != nil {
		return err
	}
	all := b.settings().metrics
	if rq.query.Has("id") {
		m, ok := all[rq.query.Get("id")]
		if !ok {
			return noSuchConfiguration()
		}
		return rq.answer(http.StatusOK, m)
	}
	return rq.answer(http.StatusOK, struct {
		XMLName        xml.Name `xml:"ListMetricsConfigurationsResult"`
		IsTruncated    bool
		Configurations []metricsConfiguration `xml:"MetricsConfiguration"`
	}{Configurations: sorted(all)})
}

func (s *Service) putMetrics(rq *request) error {
	var in metricsConfiguration
	return s.putRecord(rq, "s3:PutMetricsConfiguration", "MetricsConfiguration", &in, func(c *config) error {
		c.metrics = with(c.metrics, in.ID, in)
		return sameID(rq, in.ID)
	})
}

func (s *Service) deleteMetrics(rq *request) error {
	return s.deleteRecord(rq, "s3:PutMetricsConfiguration", func(c *config) error {
		var err error
		c.metrics, err = without(c.metrics, rq.query.Get("id"))
		return err
	})
}

// putRecord reads a document and sets it.
func (s *Service) putRecord(rq *request, action, root string, v any, set func(*config) error) error {
	b, err := s.bucketFor(rq, action)
	if err != nil {
		return err
	}
	if err := rq.document(root, v); err != nil {
		return err
	}
	if err := b.change(set); err != nil {
		return err
	}
	return rq.done(http.StatusOK)
}

func (s *Service) deleteRecord(rq *request, action string, unset func(*config) error) error {
	b, err := s.bucketFor(rq, action)
	if err != nil {
		return err
	}
	if err := b.change(unset); err != nil {
		return err
	}
	return rq.done(http.StatusNoContent)
}

func noSuchConfiguration() error {
	return api.Errorf(404, "NoSuchConfiguration", "The specified configuration does not exist.")
}

func sameID(rq *request, id string) error {
	if id == "" || id != rq.query.Get("id") {
		return fault.MalformedXML("Id is %q, the parameter id %q", id, rq.query.Get("id"))
	}
	return nil
}

// with and without make a new map: a copy of the configuration may hold the
// old one.
func with[V any](m map[string]V, id string, v V) map[string]V {
	m = maps.Clone(m)
	if m == nil {
		m = map[string]V{}
	}
	m[id] = v
	return m
}

func without[V any](m map[string]V, id string) (map[string]V, error) {
	if _, ok := m[id]; !ok {
		return m, noSuchConfiguration()
	}
	m = maps.Clone(m)
	delete(m, id)
	return m, nil
}

func sorted[V any](m map[string]V) []V {
	var list []V
	for _, id := range slices.Sorted(maps.Keys(m)) {
		list = append(list, m[id])
	}
	return list
}
