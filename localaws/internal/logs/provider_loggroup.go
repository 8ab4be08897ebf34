package logs

import (
	"maps"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// logGroupType makes AWS::Logs::LogGroup.
//
// Source: CloudFormation template reference, aws-resource-logs-loggroup.
type logGroupType struct{ *Service }

type properties struct {
	LogGroupName    string
	LogGroupClass   string
	RetentionInDays int // 0: for ever
	Tags            []api.Tag
}

// Check leaves a name that is not given or not known yet to Create.
func (t logGroupType) Check(want properties) error {
	if name := want.LogGroupName; name != "" && !strings.Contains(name, api.NotYetKnown) {
		if _, err := groupName(api.Call{}, name, ""); err != nil {
			return err
		}
	}
	if want.RetentionInDays != 0 {
		if err := checkRetention(want.RetentionInDays); err != nil {
			return err
		}
	}
	return checkClass(want.LogGroupClass)
}

func (t logGroupType) Create(s api.StackContext, logicalID string, want properties) (api.Resource, error) {
	name := want.LogGroupName
	if name == "" {
		name = api.GeneratedName(s, logicalID, 512)
	}
	if _, err := t.createLogGroup(s.Call, createGroupInput{LogGroupName: name, LogGroupClass: want.LogGroupClass, Tags: s.WithTags(want.Tags)}); err != nil {
		return api.Resource{}, err
	}
	if err := t.retain(s.Call, name, 0, want.RetentionInDays); err != nil {
		// Without asking whether the caller may: nothing else would delete it.
		t.mu.Lock()
		delete(t.groups, at(s.Call, name))
		t.mu.Unlock()
		return api.Resource{}, err
	}
	return resource(s.Call, name), nil
}

func (t logGroupType) retain(c api.Call, name string, before, after int) (err error) {
	switch {
	case after == before:
	case after == 0:
		_, err = t.deleteRetentionPolicy(c, groupInput{name})
	default:
		_, err = t.putRetentionPolicy(c, retentionInput{name, after})
	}
	return err
}

// Update makes a new group for a new name; tags stay as they were made.
func (t logGroupType) Update(s api.StackContext, logicalID string, r api.Resource, old, want properties) (api.Resource, error) {
	switch {
	case want.LogGroupName != old.LogGroupName:
		return t.Create(s, logicalID, want)
	case want.LogGroupClass != old.LogGroupClass:
		return api.Resource{}, invalid("Updates are not supported for property - LogGroupClass.")
	case !maps.Equal(api.TagMap(old.Tags), api.TagMap(want.Tags)):
		return api.Resource{}, invalid("the local AWS doesn't change the property Tags of a log group")
	}
	if err := t.retain(s.Call, r.PhysicalID, old.RetentionInDays, want.RetentionInDays); err != nil {
		return api.Resource{}, err
	}
	return r, nil
}

func (t logGroupType) Delete(s api.StackContext, r api.Resource) error {
	_, err := t.deleteLogGroup(s.Call, groupInput{r.PhysicalID})
	return api.Ignore(err, notFoundCode)
}

func resource(c api.Call, name string) api.Resource {
	return api.Resource{PhysicalID: name, Attributes: map[string]string{"Arn": groupARN(c, name) + ":*"}}
}
