package logs

import "github.com/s3seal/s3seal/localaws/internal/api"

// operations are all that there are; any other is refused by name.
func (s *Service) operations() map[string]api.JSONOperation {
	return map[string]api.JSONOperation{
		"CreateLogGroup":        api.JSON(s.createLogGroup),
		"CreateLogStream":       api.JSON(s.createLogStream),
		"DeleteLogGroup":        api.JSON(s.deleteLogGroup),
		"DeleteMetricFilter":    api.JSON(s.deleteMetricFilter),
		"DeleteRetentionPolicy": api.JSON(s.deleteRetentionPolicy),
		"DescribeLogGroups":     api.JSON(s.describeLogGroups),
		"DescribeMetricFilters": api.JSON(s.describeMetricFilters),
		"PutMetricFilter":       api.JSON(s.putMetricFilter),
		"DescribeLogStreams":    api.JSON(s.describeLogStreams),
		"FilterLogEvents":       api.JSON(s.filterLogEvents),
		"GetLogEvents":          api.JSON(s.getLogEvents),
		"PutLogEvents":          api.JSON(s.putLogEvents),
		"PutRetentionPolicy":    api.JSON(s.putRetentionPolicy),
	}
}
