package s3

import "encoding/json"

// CloudFormation's shapes of what records.go and delivery.go hold.
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
	TagFilters                        []tag
	ObjectSizeGreaterThan             json.Number // CloudFormation has it as a string
	ObjectSizeLessThan                json.Number // CloudFormation has it as a string
	ExpirationInDays                  int
	ExpirationDate                    string
	ExpiredObjectDeleteMarker         bool
	NoncurrentVersionExpirationInDays int
	NoncurrentVersionExpiration       *noncurrentExpiration
	NoncurrentVersionTransitions      []noncurrentTransitionProperty
	Transitions                       []transitionProperty
	AbortIncompleteMultipartUpload    *abortIncomplete
}

type transitionProperty struct {
	StorageClass     string
	TransitionInDays *int
	TransitionDate   string
}

type noncurrentTransitionProperty struct {
	StorageClass            string
	TransitionInDays        int
	NewerNoncurrentVersions int
}

func (p lifecycleRuleProperty) rule() lifecycleRule {
	larger, _ := p.ObjectSizeGreaterThan.Int64() // "" is 0: no bound
	smaller, _ := p.ObjectSizeLessThan.Int64()
	r := lifecycleRule{
		ID: p.ID, Status: p.Status, NoncurrentVersionExpiration: p.NoncurrentVersionExpiration,
		AbortIncompleteMultipartUpload: p.AbortIncompleteMultipartUpload,
		Filter: &lifecycleFilter{And: &lifecycleAnd{
			Prefix: p.Prefix, Tags: p.TagFilters,
			ObjectSizeGreaterThan: larger, ObjectSizeLessThan: smaller,
		}},
	}
	if len(p.TagFilters) == 0 && larger == 0 && smaller == 0 {
		r.Filter = &lifecycleFilter{Prefix: &p.Prefix}
	}
	if p.ExpirationInDays > 0 || p.ExpirationDate != "" || p.ExpiredObjectDeleteMarker {
		r.Expiration = &lifecycleExpiration{Days: p.ExpirationInDays, Date: p.ExpirationDate, ExpiredObjectDeleteMarker: p.ExpiredObjectDeleteMarker}
	}
	if p.NoncurrentVersionExpirationInDays > 0 {
		r.NoncurrentVersionExpiration = &noncurrentExpiration{NoncurrentDays: p.NoncurrentVersionExpirationInDays}
	}
	for _, t := range p.Transitions {
		r.Transitions = append(r.Transitions, lifecycleTransition{Days: t.TransitionInDays, Date: t.TransitionDate, StorageClass: t.StorageClass})
	}
	for _, t := range p.NoncurrentVersionTransitions {
		r.NoncurrentVersionTransitions = append(r.NoncurrentVersionTransitions,
			noncurrentTransition{NoncurrentDays: t.TransitionInDays, NewerNoncurrentVersions: t.NewerNoncurrentVersions, StorageClass: t.StorageClass})
	}
	return r
}

func (p bucketProperties) setLifecycle(c *config) error {
	c.lifecycle = nil
	if p.LifecycleConfiguration == nil {
		return nil
	}
	c.lifecycle = &lifecycleConfiguration{}
	for _, r := range p.LifecycleConfiguration.Rules {
		c.lifecycle.Rules = append(c.lifecycle.Rules, r.rule())
	}
	return c.lifecycle.check()
}

type loggingProperty struct {
	DestinationBucketName string
	LogFilePrefix         string
	TargetObjectKeyFormat *targetKeyFormat
}

// logging is to the bucket itself if no destination is named.
func (p *loggingProperty) logging(b *bucket) *loggingEnabled {
	if p == nil {
		return nil
	}
	l := &loggingEnabled{TargetBucket: p.DestinationBucketName, TargetPrefix: p.LogFilePrefix, TargetObjectKeyFormat: p.TargetObjectKeyFormat}
	if l.TargetBucket == "" {
		l.TargetBucket = b.name
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
	Destination            struct {
		BucketAccountID string `json:"BucketAccountId"`
		BucketARN       string `json:"BucketArn"`
		Format          string
		Prefix          string
	}
}

func (p bucketProperties) setInventories(c *config) error {
	c.inventories = nil
	for _, i := range p.InventoryConfigurations {
		in := inventoryConfiguration{
			ID: i.ID, IsEnabled: i.Enabled, IncludedObjectVersions: i.IncludedObjectVersions, OptionalFields: i.OptionalFields,
			Schedule: inventorySchedule{i.ScheduleFrequency},
			Destination: inventoryDestination{inventoryBucket{
				AccountID: i.Destination.BucketAccountID, Bucket: i.Destination.BucketARN, Format: i.Destination.Format, Prefix: i.Destination.Prefix,
			}},
		}
		if i.Prefix != "" {
			in.Filter = &inventoryFilter{i.Prefix}
		}
		if err := in.check(); err != nil {
			return err
		}
		c.inventories = with(c.inventories, in.ID, in)
	}
	return nil
}

type metricsProperty struct {
	ID         string `json:"Id"`
	Prefix     string
	TagFilters []tag
}

func (p bucketProperties) setMetrics(c *config) error {
	c.metrics = nil
	for _, m := range p.MetricsConfigurations {
		in := metricsConfiguration{ID: m.ID}
		switch {
		case len(m.TagFilters) > 0:
			in.Filter = &metricsFilter{And: &replicationAnd{Prefix: m.Prefix, Tags: m.TagFilters}}
		case m.Prefix != "":
			in.Filter = &metricsFilter{Prefix: m.Prefix}
		}
		c.metrics = with(c.metrics, in.ID, in)
	}
	return nil
}

// notificationProperty knows EventBridge only.
type notificationProperty struct {
	EventBridgeConfiguration *struct{ EventBridgeEnabled *bool }
}

func (p bucketProperties) setNotification(c *config) error {
	c.notification = nil
	if n := p.NotificationConfiguration; n != nil && n.EventBridgeConfiguration != nil {
		enabled := n.EventBridgeConfiguration.EventBridgeEnabled
		if enabled == nil || *enabled {
			c.notification = &notificationConfiguration{EventBridge: &struct{}{}}
		}
	}
	return nil
}
