package configuration

import (
	"crypto/rand"
	"encoding/xml"

	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// The configurations of this file and of records.go are recorded and returned:
// nothing expires, no metric is counted and no event is sent.

type Lifecycle struct {
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
	Tag                   *Tag          `xml:",omitempty"`
	ObjectSizeGreaterThan int64         `xml:",omitempty"`
	ObjectSizeLessThan    int64         `xml:",omitempty"`
	And                   *lifecycleAnd `xml:",omitempty"`
}

type lifecycleAnd struct {
	Prefix                string `xml:",omitempty"`
	Tags                  []Tag  `xml:"Tag"`
	ObjectSizeGreaterThan int64  `xml:",omitempty"`
	ObjectSizeLessThan    int64  `xml:",omitempty"`
}

type lifecycleTransition struct {
	Days         *int   `xml:",omitempty" json:"TransitionInDays"`
	Date         string `xml:",omitempty" json:"TransitionDate"`
	StorageClass string
}

type lifecycleExpiration struct {
	Days                      *int   `xml:",omitempty"`
	Date                      string `xml:",omitempty"`
	ExpiredObjectDeleteMarker *bool  `xml:",omitempty"`
}

type noncurrentTransition struct {
	NoncurrentDays          int `json:"TransitionInDays"`
	NewerNoncurrentVersions int `xml:",omitempty"`
	StorageClass            string
}

type noncurrentExpiration struct {
	NoncurrentDays          int
	NewerNoncurrentVersions int `xml:",omitempty"`
}

type abortIncomplete struct{ DaysAfterInitiation int }

// Apply implements Setting. A rule without an id gets one.
func (l *Lifecycle) Apply(b *Bucket) error {
	b.Lifecycle = l
	if n := len(l.Rules); n == 0 || n > 1000 {
		return fault.MalformedXML("a lifecycle configuration has 1 to 1000 rules, this one has %d", n)
	}
	ids := map[string]bool{}
	for i := range l.Rules {
		r := &l.Rules[i]
		if err := r.check(); err != nil {
			return err
		}
		if r.ID == "" {
			r.ID = rand.Text()
		}
		if ids[r.ID] {
			return invalidLifecycle("Rule ID must be unique. Found same ID for more than one rule")
		}
		ids[r.ID] = true
	}
	return nil
}
