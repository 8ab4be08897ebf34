package cloudwatch

import "github.com/s3seal/s3seal/localaws/internal/api"

// operations are all that there are; any other is refused by name.
//
// Source: Amazon CloudWatch API reference, the pages of these names.
func (s *Service) operations() map[string]api.Operation {
	return map[string]api.Operation{
		"DeleteAlarms":         api.Op(s.deleteAlarms),
		"DeleteDashboards":     api.Op(s.deleteDashboards),
		"DescribeAlarmHistory": api.Op(s.describeAlarmHistory),
		"DescribeAlarms":       api.Op(s.describeAlarms),
		"DisableAlarmActions":  api.Op(s.disableAlarmActions),
		"EnableAlarmActions":   api.Op(s.enableAlarmActions),
		"GetDashboard":         api.Op(s.getDashboard),
		"GetMetricData":        api.Op(s.getMetricData),
		"GetMetricStatistics":  api.Op(s.getMetricStatistics),
		"ListDashboards":       api.Op(s.listDashboards),
		"ListMetrics":          api.Op(s.listMetrics),
		"ListTagsForResource":  api.Op(s.listTags),
		"PutDashboard":         api.Op(s.putDashboard),
		"PutMetricAlarm":       api.Op(s.putMetricAlarm),
		"PutMetricData":        api.Op(s.putMetricData),
		"SetAlarmState":        api.Op(s.setAlarmState),
		"TagResource":          api.Op(s.tag),
		"UntagResource":        api.Op(s.untag),
	}
}
