package cloudwatch

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// alarmProperties are the properties of AWS::CloudWatch::Alarm: the members of
// PutMetricAlarm.
type alarmProperties struct {
	alarmSettings
	Tags []api.Tag
}

// alarmType makes AWS::CloudWatch::Alarm. Ref is its name.
//
// Source: CloudFormation template reference, AWS::CloudWatch::Alarm.
type alarmType struct{ *Service }

// Check leaves out what is not known yet.
func (t alarmType) Check(want alarmProperties) error {
	if _, err := checkTags(want.Tags); err != nil {
		return api.At("Tags", err)
	}
	x := want.alarmSettings
	if strings.Contains(x.ComparisonOperator+x.Statistic+x.TreatMissingData+x.Unit, api.NotYetKnown) {
		return nil
	}
	zero := 0.0
	x.AlarmName, x.Threshold = cmp.Or(x.AlarmName, "generated"), cmp.Or(x.Threshold, &zero)
	x.EvaluationPeriods = max(cmp.Or(x.EvaluationPeriods, 1), x.DatapointsToAlarm)
	if x.MetricName != "" {
		x.Period = cmp.Or(x.Period, 60)
	}
	unknown := func(action string) bool { return strings.Contains(action, api.NotYetKnown) }
	region := ""
	for _, list := range []*[]string{&x.AlarmActions, &x.OKActions, &x.InsufficientDataActions} {
		*list = slices.DeleteFunc(slices.Clone(*list), unknown)
		for _, action := range *list {
			if a, err := arn.Parse(action); err == nil {
				region = a.Region // whether it is the stack's, Create says
			}
		}
	}
	_, err := newAlarm(api.Call{Region: region}, x)
	return err
}

func (t alarmType) Create(s api.StackContext, logicalID string, want alarmProperties) (api.Resource, error) {
	if want.AlarmName == "" {
		want.AlarmName = api.GeneratedName(s, logicalID, 255)
	}
	t.mu.Lock()
	there := t.alarms[named{s.Call.Place(), want.AlarmName}] != nil
	t.mu.Unlock()
	if there { // PutMetricAlarm would change an alarm that isn't the stack's own
		return api.Resource{}, fail("AlreadyExists", "Resource of type 'AWS::CloudWatch::Alarm' with identifier '%s' already exists.", want.AlarmName)
	}
	if _, err := t.putMetricAlarm(s.Call, putAlarmInput{want.alarmSettings, api.TagList(s.WithTags(want.Tags))}); err != nil {
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: want.AlarmName, Attributes: map[string]string{"Arn": alarmARN(s.Call.Place(), want.AlarmName)}}, nil
}

func (t alarmType) Update(s api.StackContext, logicalID string, r api.Resource, old, want alarmProperties) (api.Resource, error) {
	if old.AlarmName != want.AlarmName {
		return t.Create(s, logicalID, want)
	}
	want.AlarmName = r.PhysicalID
	if _, err := t.putMetricAlarm(s.Call, putAlarmInput{want.alarmSettings, nil}); err != nil {
		return api.Resource{}, err
	}
	arn := alarmARN(s.Call.Place(), r.PhysicalID)
	t.mu.Lock()
	have := t.alarms[named{s.Call.Place(), r.PhysicalID}].tags
	t.mu.Unlock()
	return r, api.Retag(have, s.WithTags(want.Tags),
		func(tags []api.Tag) error {
			_, err := t.tag(s.Call, tagInput{arn, tags})
			return err
		},
		func(keys []string) error {
			_, err := t.untag(s.Call, untagInput{arn, keys})
			return err
		})
}

func (t alarmType) Delete(s api.StackContext, r api.Resource) error {
	_, err := t.deleteAlarms(s.Call, alarmNames{[]string{r.PhysicalID}})
	return api.Ignore(err, noResource)
}
