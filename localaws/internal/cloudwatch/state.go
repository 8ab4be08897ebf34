package cloudwatch

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// change is an alarm as it is after a change of its state, with the state before.
type change struct {
	alarm
	before string
}

// transition gives an alarm a state. Its actions are to be carried out with what
// it returns, without the lock. s.mu is held.
func (s *Service) transition(a *alarm, state, reason, data string, now time.Time) change {
	c := change{before: a.state}
	if a.state != state {
		a.transitioned = now
	}
	a.state, a.reason, a.reasonData, a.updated = state, reason, data, now
	c.alarm = *a
	s.remember(historyItem{
		place: a.place, AlarmName: a.AlarmName, HistoryItemType: "StateUpdate", Timestamp: api.Timestamp{Time: now},
		HistorySummary: fmt.Sprintf("Alarm updated from %s to %s", c.before, state), HistoryData: c.history(),
	})
	return c
}

func (c *change) history() string {
	text, _ := json.Marshal(map[string]any{
		"version": "1.0", "oldState": map[string]string{"stateValue": c.before}, "newState": map[string]string{"stateValue": c.state, "stateReason": c.reason},
	})
	return string(text)
}

type setStateInput struct{ AlarmName, StateValue, StateReason, StateReasonData string }

// setAlarmState sets a state until the next evaluation, and carries out its
// actions.
func (s *Service) setAlarmState(c api.Call, in setStateInput) (empty, error) {
	if in.AlarmName == "" || in.StateReason == "" {
		return empty{}, missing("AlarmName and StateReason")
	}
	if in.StateValue != ok && in.StateValue != inAlarm && in.StateValue != insufficient {
		return empty{}, invalid("The parameter StateValue %q is none of OK, ALARM and INSUFFICIENT_DATA.", in.StateValue)
	}
	if in.StateReasonData != "" && !json.Valid([]byte(in.StateReasonData)) {
		return empty{}, fail("InvalidFormatFault", "StateReasonData is not JSON")
	}
	if err := s.authorize(c, "SetAlarmState", alarmARN(c.Place(), in.AlarmName), nil); err != nil {
		return empty{}, err
	}
	s.mu.Lock()
	a := s.alarms[named{c.Place(), in.AlarmName}]
	if a == nil {
		s.mu.Unlock()
		return empty{}, noAlarm(in.AlarmName)
	}
	changed := s.transition(a, in.StateValue, in.StateReason, in.StateReasonData, s.opt.Now())
	s.mu.Unlock()
	if changed.before != changed.state {
		s.act(changed)
	}
	return empty{}, nil
}

func noAlarm(name string) error {
	return api.Errorf(404, noResource, "Unknown alarm: %s", name)
}

type alarmNames struct{ AlarmNames []string }

func (s *Service) enableAlarmActions(c api.Call, in alarmNames) (empty, error) {
	return s.setEnabled(c, "EnableAlarmActions", in, true)
}

func (s *Service) disableAlarmActions(c api.Call, in alarmNames) (empty, error) {
	return s.setEnabled(c, "DisableAlarmActions", in, false)
}

// setEnabled ignores alarms that aren't there: the pages name no error for them.
func (s *Service) setEnabled(c api.Call, action string, in alarmNames, enabled bool) (empty, error) {
	if err := s.authorizeAll(c, action, in.AlarmNames); err != nil {
		return empty{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range in.AlarmNames {
		if a := s.alarms[named{c.Place(), name}]; a != nil {
			a.ActionsEnabled = &enabled
		}
	}
	return empty{}, nil
}

func (s *Service) authorizeAll(c api.Call, action string, names []string) error {
	if len(names) == 0 || len(names) > 100 {
		return invalid("The parameter AlarmNames has 1 to 100 members.")
	}
	for _, name := range names {
		if err := s.authorize(c, action, alarmARN(c.Place(), name), nil); err != nil {
			return err
		}
	}
	return nil
}
