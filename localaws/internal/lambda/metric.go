package lambda

import (
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// publish records metrics of a function, under its name.
//
// Source: Lambda developer guide, monitoring-metrics-types and
// monitoring-metrics-view.
func (s *Service) publish(f *function, data ...api.Datum) {
	if s.opt.Metrics == nil {
		return
	}
	for i := range data {
		data[i].Dimensions, data[i].Time = map[string]string{"FunctionName": f.name}, s.opt.Now()
	}
	s.opt.Metrics.Record(api.Place{Account: f.account, Region: f.region}, "AWS/Lambda", data...)
}

// publishThrottle counts an invocation that found no room. It counts as no
// invocation.
func (s *Service) publishThrottle(f *function, err error) {
	if api.HasCode(err, throttledCode) {
		s.publish(f, api.Datum{Name: "Throttles", Unit: "Count", Value: 1})
	}
}

func (s *Service) publishInvocation(f *function, r result) {
	failed := 0.0
	if r.failed {
		failed = 1
	}
	s.publish(f,
		api.Datum{Name: "Invocations", Unit: "Count", Value: 1}, api.Datum{Name: "Errors", Unit: "Count", Value: failed},
		api.Datum{Name: "Throttles", Unit: "Count"}, api.Datum{Name: "Duration", Unit: "Milliseconds", Value: float64(r.took) / float64(time.Millisecond)},
	)
}
