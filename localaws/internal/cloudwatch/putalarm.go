package cloudwatch

import (
	"github.com/s3seal/s3seal/localaws/internal/api"
)

type putAlarmInput struct {
	alarmSettings
	Tags []api.Tag
}

// maxAlarms bounds the alarms of all accounts together.
const maxAlarms = 5000

// putMetricAlarm makes an alarm, or gives one other settings: its state and tags
// stay.
func (s *Service) putMetricAlarm(c api.Call, in putAlarmInput) (empty, error) {
	if in.AlarmName == "" {
		return empty{}, missing("AlarmName")
	}
	arn := alarmARN(c.Place(), in.AlarmName)
	tags, err := checkTags(in.Tags)
	if err != nil {
		return empty{}, err
	}
	if err := s.authorize(c, "PutMetricAlarm", arn, api.TagKeys(tags)); err != nil {
		return empty{}, err
	}
	if len(tags) > 0 {
		if err := s.authorize(c, "TagResource", arn, api.TagKeys(tags)); err != nil {
			return empty{}, err
		}
	}
	a, err := newAlarm(c, in.alarmSettings)
	if err != nil {
		return empty{}, err
	}
	now := s.opt.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	n := named{c.Place(), in.AlarmName}
	a.configured, a.tags = now, tags
	summary := "Alarm \"" + in.AlarmName + "\" created"
	if old := s.alarms[n]; old != nil {
		a.tags, a.state, a.reason, a.reasonData, a.updated, a.transitioned = old.tags, old.state, old.reason, old.reasonData, old.updated, old.transitioned
		summary = "Alarm \"" + in.AlarmName + "\" updated"
	} else {
		if len(s.alarms) >= maxAlarms {
			return empty{}, fail("LimitExceededFault", "the local AWS has at most %d alarms", maxAlarms)
		}
		a.reason, a.updated, a.transitioned = "Unchecked: Initial alarm creation", now, now
	}
	s.alarms[n] = a
	s.remember(historyItem{place: a.place, AlarmName: a.AlarmName, HistoryItemType: "ConfigurationUpdate", Timestamp: api.Timestamp{Time: now}, HistorySummary: summary, HistoryData: "{}"})
	return empty{}, nil
}

// deleteAlarms deletes all, or none if one of them isn't there.
func (s *Service) deleteAlarms(c api.Call, in alarmNames) (empty, error) {
	if err := s.authorizeAll(c, "DeleteAlarms", in.AlarmNames); err != nil {
		return empty{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range in.AlarmNames {
		if s.alarms[named{c.Place(), name}] == nil {
			return empty{}, noAlarm(name)
		}
	}
	for _, name := range in.AlarmNames {
		delete(s.alarms, named{c.Place(), name})
	}
	return empty{}, nil
}
