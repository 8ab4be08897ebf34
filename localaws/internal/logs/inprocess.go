package logs

import (
	"errors"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Put implements api.Logs: each line is an event of the call's time. Group and
// stream are made if need be, each step with the caller's permission, as the
// Lambda service does with the function's role.
func (s *Service) Put(c api.Call, group, stream string, lines []string) error {
	events := make([]inputEvent, 0, len(lines))
	for _, line := range lines {
		if line != "" { // CloudWatch Logs takes no empty events
			events = append(events, inputEvent{Timestamp: c.Time.UnixMilli(), Message: line})
		}
	}
	if len(events) == 0 {
		return nil
	}
	in := putInput{LogGroupName: group, LogStreamName: stream, LogEvents: events}
	_, err := s.putLogEvents(c, in)
	if !is(err, "ResourceNotFoundException") {
		return err
	}
	if _, err := s.createLogStream(c, streamInput{group, stream}); is(err, "ResourceNotFoundException") {
		if _, err := s.createLogGroup(c, createGroupInput{LogGroupName: group}); err != nil && !is(err, "ResourceAlreadyExistsException") {
			return err
		}
		_, err = s.createLogStream(c, streamInput{group, stream})
		if err != nil && !is(err, "ResourceAlreadyExistsException") {
			return err
		}
	} else if err != nil && !is(err, "ResourceAlreadyExistsException") {
		return err
	}
	_, err = s.putLogEvents(c, in)
	return err
}

func is(err error, code string) bool {
	var e *api.Error
	return errors.As(err, &e) && e.Code == code
}
