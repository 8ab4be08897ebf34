package sqs

import "github.com/s3seal/s3seal/localaws/internal/api"

// ReportQueues publishes how many messages the queues have, which SQS does by the
// minute. SQS stops for a queue that nobody has used for six hours; here it
// doesn't.
//
// Source: SQS developer guide, sqs-available-cloudwatch-metrics.
func (s *Service) ReportQueues(to api.Metrics) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opt.Now()
	for _, q := range s.queues {
		s.settle(q)
		visible, hidden, delayed := q.count(now)
		datum := func(name string, value int) api.Datum {
			return api.Datum{Name: name, Unit: "Count", Dimensions: map[string]string{"QueueName": q.name}, Value: float64(value), Time: now}
		}
		to.Record(q.place, "AWS/SQS",
			datum("ApproximateNumberOfMessagesVisible", visible), datum("ApproximateNumberOfMessagesNotVisible", hidden), datum("ApproximateNumberOfMessagesDelayed", delayed))
	}
}
