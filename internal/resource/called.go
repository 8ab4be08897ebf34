package resource

import (
	"maps"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/partition"
)

// takeCall adds what the context of every request has, unless the question gives
// it: the Region that is called, if it is known, and whether a service asks on
// somebody's behalf. Without them a statement that denies all other Regions would
// deny each request.
//
// A role may be assumed in every Region: here it is the one of its stack.
//
// Source: IAM user guide, reference_policies_condition-keys (aws:RequestedRegion:
// "IAM calls are always made to the us-east-1 Region"; aws:ViaAWSService).
func (s *Set) takeCall(q *question) {
	keys := make(map[string]iam.Strings, len(q.request.Context)+2)
	maps.Copy(keys, q.request.Context)
	if region := s.called(q); region != "" && !hasKey(keys, conditionkey.RequestedRegion, "") {
		keys[conditionkey.RequestedRegion] = iam.Strings{region}
	}
	if !hasKey(keys, conditionkey.ViaAWSService, "") {
		via := "false"
		if hasKey(keys, conditionkey.ViaService, "") {
			via = "true"
		}
		keys[conditionkey.ViaAWSService] = iam.Strings{via}
	}
	q.request.Context = keys
}

// called is the Region that a request is sent to; "" if that isn't known.
func (s *Set) called(q *question) string {
	arn := q.request.Resource
	parts := ARN(arn)
	id := idOf(arn)
	switch service, _, _ := strings.Cut(strings.ToLower(q.Action), ":"); {
	case service == "iam" && parts.Partition == partition.Of("us-east-1").Name:
		return "us-east-1"
	case service == "iam": // no page tells it for the other partitions
		return ""
	case parts.Region != "":
		return parts.Region
	case s.buckets[id] != nil:
		return s.buckets[id].Region
	case s.roles[id] != nil:
		return s.roles[id].Region
	}
	return ""
}
