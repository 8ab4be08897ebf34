package logs

import (
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// metricFilterProperties are the properties of AWS::Logs::MetricFilter.
type metricFilterProperties struct {
	FilterName, FilterPattern, LogGroupName string
	MetricTransformations                   []transformationProperty
}

type transformationProperty struct {
	DefaultValue                             *float64
	Dimensions                               []struct{ Key, Value string }
	MetricName, MetricNamespace, MetricValue string
	Unit                                     string
}

func (p metricFilterProperties) input() putFilterInput {
	in := putFilterInput{LogGroupName: p.LogGroupName, FilterName: p.FilterName, FilterPattern: p.FilterPattern}
	for _, t := range p.MetricTransformations {
		x := transformation{MetricNamespace: t.MetricNamespace, MetricName: t.MetricName, MetricValue: t.MetricValue, DefaultValue: t.DefaultValue, Unit: t.Unit}
		for _, d := range t.Dimensions {
			if x.Dimensions == nil {
				x.Dimensions = map[string]string{}
			}
			x.Dimensions[d.Key] = d.Value
		}
		in.MetricTransformations = append(in.MetricTransformations, x)
	}
	return in
}

// metricFilterType makes AWS::Logs::MetricFilter. Ref is its name.
//
// Source: CloudFormation template reference, AWS::Logs::MetricFilter.
type metricFilterType struct{ *Service }

func (t metricFilterType) Check(want metricFilterProperties) error {
	in := want.input()
	if strings.Contains(in.FilterPattern, api.NotYetKnown) {
		return nil
	}
	if in.FilterName == "" {
		in.FilterName = "generated"
	}
	_, err := readFilter(in)
	return err
}

func (t metricFilterType) Create(s api.StackContext, logicalID string, want metricFilterProperties) (api.Resource, error) {
	if want.FilterName == "" {
		want.FilterName = api.GeneratedName(s, logicalID, 512)
	}
	shown, err := t.describeMetricFilters(s.Call, describeFiltersInput{want.LogGroupName, want.FilterName})
	if err != nil {
		return api.Resource{}, err
	}
	for _, f := range shown.MetricFilters {
		if f.FilterName == want.FilterName { // PutMetricFilter would change one that isn't the stack's own
			return api.Resource{}, api.Errorf(400, "AlreadyExists", "Resource of type 'AWS::Logs::MetricFilter' with identifier '%s' already exists.", want.FilterName)
		}
	}
	if _, err := t.putMetricFilter(s.Call, want.input()); err != nil {
		return api.Resource{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.filterGroups[s.StackID+" "+want.FilterName] = want.LogGroupName
	return api.Resource{PhysicalID: want.FilterName}, nil
}

func (t metricFilterType) Delete(s api.StackContext, r api.Resource) error {
	key := s.StackID + " " + r.PhysicalID
	t.mu.Lock()
	group := t.filterGroups[key]
	delete(t.filterGroups, key)
	t.mu.Unlock()
	if group == "" {
		return nil
	}
	_, err := t.deleteMetricFilter(s.Call, metricFilterInput{group, r.PhysicalID})
	return api.Ignore(err, notFoundCode)
}

func (t metricFilterType) Update(s api.StackContext, logicalID string, r api.Resource, old, want metricFilterProperties) (api.Resource, error) {
	if old.FilterName != want.FilterName || old.LogGroupName != want.LogGroupName {
		return t.Create(s, logicalID, want)
	}
	want.FilterName = r.PhysicalID
	_, err := t.putMetricFilter(s.Call, want.input())
	return r, err
}
