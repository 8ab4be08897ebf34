package configuration

import "encoding/json"

// CloudFormation's shapes of what is recorded or delivered.
//
// Source: CloudFormation template reference, AWS::S3::Bucket and its property
// types.

type lifecycleProperty struct {
	Rules []lifecycleRuleProperty
}

type lifecycleRuleProperty struct {
	ID                                string `json:"Id"`
	Status                            string
	Prefix                            string
	TagFilters                        []Tag
	ObjectSizeGreaterThan             json.Number // CloudFormation has it as a string
	ObjectSizeLessThan                json.Number // CloudFormation has it as a string
	ExpirationInDays                  *int
	ExpirationDate                    string
	ExpiredObjectDeleteMarker         *bool
	NoncurrentVersionExpirationInDays int
	NoncurrentVersionExpiration       *noncurrentExpiration
	NoncurrentVersionTransitions      []noncurrentTransition
	Transitions                       []lifecycleTransition
	AbortIncompleteMultipartUpload    *abortIncomplete
}

func (p lifecycleRuleProperty) rule() lifecycleRule {
	larger, _ := p.ObjectSizeGreaterThan.Int64() // "" is 0: no bound
	smaller, _ := p.ObjectSizeLessThan.Int64()
	r := lifecycleRule{
		ID: p.ID, Status: p.Status, Transitions: p.Transitions,
		NoncurrentVersionTransitions: p.NoncurrentVersionTransitions, NoncurrentVersionExpiration: p.NoncurrentVersionExpiration,
		AbortIncompleteMultipartUpload: p.AbortIncompleteMultipartUpload,
		Filter: &lifecycleFilter{And: &lifecycleAnd{
			Prefix: p.Prefix, Tags: p.TagFilters,
			ObjectSizeGreaterThan: larger, ObjectSizeLessThan: smaller,
		}},
	}
	if len(p.TagFilters) == 0 && larger == 0 && smaller == 0 {
		r.Filter = &lifecycleFilter{Prefix: &p.Prefix}
	}
	if p.ExpirationInDays != nil || p.ExpirationDate != "" || p.ExpiredObjectDeleteMarker != nil {
		r.Expiration = &lifecycleExpiration{Days: p.ExpirationInDays, Date: p.ExpirationDate, ExpiredObjectDeleteMarker: p.ExpiredObjectDeleteMarker}
	}
	if p.NoncurrentVersionExpirationInDays > 0 {
		r.NoncurrentVersionExpiration = &noncurrentExpiration{NoncurrentDays: p.NoncurrentVersionExpirationInDays}
	}
	return r
}

// Apply implements Setting, also of a property that is not there.
func (p *lifecycleProperty) Apply(b *Bucket) error {
	b.Lifecycle = nil
	if p == nil {
		return nil
	}
	l := &Lifecycle{}
	for _, r := range p.Rules {
		l.Rules = append(l.Rules, r.rule())
	}
	return l.Apply(b)
}

type loggingProperty struct {
	DestinationBucketName string
	LogFilePrefix         string
	TargetObjectKeyFormat *targetKeyFormat
}

// Logging is to the bucket itself, whose name is given, if no destination is
// named.
func (p *loggingProperty) Logging(bucket string) *Logging {
	if p == nil {
		return nil
	}
	l := &Logging{TargetBucket: p.DestinationBucketName, TargetPrefix: p.LogFilePrefix, TargetObjectKeyFormat: p.TargetObjectKeyFormat}
	if l.TargetBucket == "" {
		l.TargetBucket = bucket
	}
	return l
}

type inventoryProperty struct {
	ID                     string `json:"Id"`
	Enabled                bool
	IncludedObjectVersions string
	OptionalFields         []string
	Prefix                 string
	ScheduleFrequency      string
	Destination            inventoryBucket
}

type inventoryProperties []inventoryProperty

// Apply implements Setting.
func (p inventoryProperties) Apply(b *Bucket) error {
	b.Inventories = nil
	for _, i := range p {
		in := &Inventory{
			ID: i.ID, IsEnabled: i.Enabled, IncludedObjectVersions: i.IncludedObjectVersions, OptionalFields: i.OptionalFields,
			Schedule: inventorySchedule{i.ScheduleFrequency}, Destination: inventoryDestination{i.Destination},
		}
		if i.Prefix != "" {
			in.Filter = &inventoryFilter{i.Prefix}
		}
		if err := in.Apply(b); err != nil {
			return err
		}
	}
	return nil
}

type metricsProperty struct {
	ID         string `json:"Id"`
	Prefix     string
	TagFilters []Tag
}

type metricsProperties []metricsProperty

// Apply implements Setting.
func (p metricsProperties) Apply(b *Bucket) error {
	b.Metrics = nil
	for _, m := range p {
		in := &Metrics{ID: m.ID}
		switch {
		case len(m.TagFilters) > 0:
			in.Filter = &metricsFilter{And: &replicationAnd{Prefix: m.Prefix, Tags: m.TagFilters}}
		case m.Prefix != "":
			in.Filter = &metricsFilter{Prefix: m.Prefix}
		}
		if err := in.Apply(b); err != nil {
			return err
		}
	}
	return nil
}
