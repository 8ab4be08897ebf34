package logs

import "github.com/s3seal/s3seal/localaws/internal/api"

// Put implements api.Logs: each line is an event of the call's time. Group and
// stream are made if need be, each step with the caller's permission, as the
// Lambda service does with the function's role.
func (s *Service) Put(c api.Call, group, stream string, lines []string) error {
	events := make([]inputEvent, 0, len(lines))
	for _, line := range lines {
		if line != "" { // CloudWatch Logs accepts no empty events
			events = append(events, inputEvent{Timestamp: c.Time.UnixMilli(), Message: line})
		}
	}
	if len(events) == 0 {
		return nil
	}
	in := putInput{LogGroupName: group, LogStreamName: stream, LogEvents: events}
	_, err := s.putLogEvents(c, in)
	if !api.HasCode(err, notFoundCode) {
		return err
	}
	_, err = s.createLogStream(c, streamInput{group, stream})
	if api.HasCode(err, notFoundCode) {
		_, err = s.createLogGroup(c, createGroupInput{LogGroupName: group})
		if api.Ignore(err, existsCode) == nil {
			_, err = s.createLogStream(c, streamInput{group, stream})
		}
	}
	if err := api.Ignore(err, existsCode); err != nil { // someone else may have made it meanwhile
		return err
	}
	_, err = s.putLogEvents(c, in)
	return err
}
