package localaws

import (
	"net/url"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// FuzzCBORRequest sends any body to the service that speaks CBOR.
func FuzzCBORRequest(f *testing.F) {
	for _, v := range []any{
		map[string]any{"Namespace": "N", "MetricData": []any{map[string]any{"MetricName": "m", "Value": 1.5, "Timestamp": cbor.Tag{Number: 1, Content: 1.5}}}},
		map[string]any{"AlarmName": "a", "Metrics": []any{map[string]any{"Id": "e", "Expression": "1+1", "Period": 60}}, "EvaluationPeriods": 1, "Threshold": -1, "ComparisonOperator": "LessThanThreshold"},
		map[string]any{"DashboardName": "d", "DashboardBody": `{"widgets":[]}`},
	} {
		body, err := cbor.Marshal(v)
		if err != nil {
			f.Fatal(err)
		}
		for _, operation := range []string{"PutMetricData", "PutMetricAlarm", "PutDashboard", "DescribeAlarms"} {
			f.Add(operation, body)
		}
	}
	f.Add("\xff", []byte(nil)) // an error that quotes it has to be text still
	z := &fuzzer{}
	f.Cleanup(func() { z.close(f) })
	f.Fuzz(func(t *testing.T, operation string, body []byte) {
		z.fresh(t)
		r := readRequest("POST", "/service/GraniteServiceVersion20100801/operation/"+url.PathEscape(operation), "Smithy-Protocol: rpc-v2-cbor", body)
		if r == nil {
			return
		}
		a := z.send(t, "monitoring", r)
		var answer map[string]any
		if err := cbor.Unmarshal(a.Body.Bytes(), &answer); err != nil || a.Code >= 400 && answer["__type"] == "" {
			t.Errorf("%s %q: %d %v", operation, body, a.Code, err)
		}
	})
}
