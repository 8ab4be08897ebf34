package lambda

import (
	"reflect"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// mappingProperties are the properties of AWS::Lambda::EventSourceMapping.
type mappingProperties struct {
	mappingSettings
	Tags []api.Tag
}

// mappingType makes AWS::Lambda::EventSourceMapping. Ref is its UUID.
//
// Source: CloudFormation template reference, AWS::Lambda::EventSourceMapping.
type mappingType struct{ *Service }

// Check leaves the queue and the function to Create where they are not known yet.
func (t mappingType) Check(want mappingProperties) error {
	if strings.Contains(want.EventSourceArn, api.NotYetKnown) {
		want.EventSourceArn = "arn:aws:sqs:us-east-1:000000000000:queue"
	}
	if !strings.Contains(want.FunctionName, api.NotYetKnown) {
		if _, _, err := resolve(api.Call{}, want.FunctionName); err != nil {
			return err
		}
	}
	return want.check()
}

func (t mappingType) Create(x api.StackContext, _ string, want mappingProperties) (api.Resource, error) {
	m, err := t.createMapping(x.Call, want.mappingSettings, x.WithTags(want.Tags))
	if err != nil {
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: m.UUID, Attributes: map[string]string{"Id": m.UUID, "EventSourceMappingArn": m.EventSourceMappingArn}}, nil
}

// Update changes the mapping; another queue takes another one. What the template no
// longer says has its default again.
func (t mappingType) Update(x api.StackContext, logicalID string, r api.Resource, old, want mappingProperties) (api.Resource, error) {
	if old.EventSourceArn != want.EventSourceArn {
		return t.Create(x, logicalID, want)
	}
	if !reflect.DeepEqual(old.mappingSettings, want.mappingSettings) {
		next := want.mappingSettings
		size, window, enabled := next.batchSize(), int(next.window().Seconds()), next.enabled()
		next.BatchSize, next.MaximumBatchingWindowInSeconds, next.Enabled = &size, &window, &enabled
		if next.FunctionResponseTypes == nil {
			next.FunctionResponseTypes = []string{}
		}
		if next.ScalingConfig == nil {
			next.ScalingConfig = &scalingConfig{}
		}
		if _, err := t.updateMapping(x.Call, r.PhysicalID, next); err != nil {
			return api.Resource{}, err
		}
	}
	return r, t.retagMapping(x, r.PhysicalID, x.WithTags(want.Tags))
}

// retagMapping gives a mapping its tags, with the rights that the tags need.
func (t mappingType) retagMapping(x api.StackContext, uuid string, want map[string]string) error {
	t.mu.Lock()
	m := t.mappings[uuid]
	t.mu.Unlock()
	if m == nil {
		return nil
	}
	err := api.Retag(m.tags, want,
		func(set []api.Tag) error { return t.onMappingARN(x.Call, "TagResource", m, api.TagMap(set)) },
		func([]string) error { return t.onMappingARN(x.Call, "UntagResource", m, nil) })
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	m.tags = want
	return nil
}

func (t mappingType) Delete(x api.StackContext, r api.Resource) error {
	_, _, err := t.deleteMapping(x.Call, r.PhysicalID)
	return api.Ignore(err, "ResourceNotFoundException")
}
