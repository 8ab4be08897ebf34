package logs

import (
	"context"
	"encoding/json"
	"maps"
	"strconv"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Provider makes AWS::Logs::LogGroup.
//
// Source: CloudFormation template reference, aws-resource-logs-loggroup.
type Provider struct{ service *Service }

// Provider is the CloudFormation side of the service.
func (s *Service) Provider() Provider { return Provider{s} }

type properties struct {
	LogGroupName    string
	LogGroupClass   string
	RetentionInDays json.Number // CloudFormation also takes "7"
	Tags            []struct{ Key, Value string }
}

func decode(raw json.RawMessage) (p properties, days int, err error) {
	if err := api.DecodeProperties(raw, &p); err != nil {
		return p, 0, err
	}
	if p.RetentionInDays != "" {
		if days, err = strconv.Atoi(p.RetentionInDays.String()); err != nil {
			return p, 0, invalid("RetentionInDays %q: want a whole number of days", p.RetentionInDays)
		}
	}
	return p, days, nil
}

// Create implements api.Provider.
func (p Provider) Create(_ context.Context, s api.StackContext, logicalID string, raw json.RawMessage) (api.Resource, error) {
	want, days, err := decode(raw)
	if err != nil {
		return api.Resource{}, err
	}
	name := want.LogGroupName
	if name == "" {
		name = s.StackName + "-" + logicalID + "-" + id()[:12]
	}
	tags := maps.Clone(s.Tags)
	for _, t := range want.Tags {
		if tags == nil {
			tags = map[string]string{}
		}
		tags[t.Key] = t.Value
	}
	if _, err := p.service.createLogGroup(s.Call, createGroupInput{LogGroupName: name, LogGroupClass: want.LogGroupClass, Tags: tags}); err != nil {
		return api.Resource{}, err
	}
	if err := p.retain(s.Call, name, 0, days); err != nil {
		// Without asking whether the caller may: nothing else would delete it.
		p.service.mu.Lock()
		delete(p.service.groups, at(s.Call, name))
		p.service.mu.Unlock()
		return api.Resource{}, err
	}
	return resource(s.Call, name), nil
}

func (p Provider) retain(c api.Call, name string, before, after int) (err error) {
	switch {
	case after == before:
	case after == 0:
		_, err = p.service.deleteRetentionPolicy(c, groupInput{name})
	default:
		_, err = p.service.putRetentionPolicy(c, retentionInput{name, after})
	}
	return err
}

// Update implements api.Provider. A new name is a new group; tags stay as they
// were made.
func (p Provider) Update(ctx context.Context, s api.StackContext, logicalID string, r api.Resource, before, after json.RawMessage) (api.Resource, error) {
	old, daysBefore, err := decode(before)
	if err != nil {
		return api.Resource{}, err
	}
	want, daysAfter, err := decode(after)
	switch {
	case err != nil:
		return api.Resource{}, err
	case want.LogGroupName != old.LogGroupName:
		return p.Create(ctx, s, logicalID, after)
	case want.LogGroupClass != old.LogGroupClass:
		return api.Resource{}, invalid("Updates are not supported for property - LogGroupClass.")
	case !sameTags(old, want):
		return api.Resource{}, invalid("the local AWS doesn't change the property Tags of a log group")
	}
	if err := p.retain(s.Call, r.PhysicalID, daysBefore, daysAfter); err != nil {
		return api.Resource{}, err
	}
	return r, nil
}

func sameTags(a, b properties) bool {
	m := map[string]string{}
	for _, t := range a.Tags {
		m[t.Key] = t.Value
	}
	n := map[string]string{}
	for _, t := range b.Tags {
		n[t.Key] = t.Value
	}
	return maps.Equal(m, n)
}

// Delete implements api.Provider.
func (p Provider) Delete(_ context.Context, s api.StackContext, _ string, r api.Resource) error {
	_, err := p.service.deleteLogGroup(s.Call, groupInput{r.PhysicalID})
	if is(err, "ResourceNotFoundException") {
		return nil
	}
	return err
}

func resource(c api.Call, name string) api.Resource {
	return api.Resource{PhysicalID: name, Attributes: map[string]string{"Arn": groupARN(c, name) + ":*"}}
}
