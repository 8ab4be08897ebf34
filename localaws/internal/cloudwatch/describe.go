package cloudwatch

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type describeAlarmsInput struct {
	AlarmNames      []string
	AlarmNamePrefix string
	ActionPrefix    string
	AlarmTypes      []string
	StateValue      string
	MaxRecords      int
	NextToken       string
}

// shownAlarm is an alarm as DescribeAlarms tells of it.
type shownAlarm struct {
	alarmSettings
	AlarmArn                           string
	AlarmConfigurationUpdatedTimestamp api.Timestamp
	StateReason                        string
	StateReasonData                    string `json:",omitempty"`
	StateTransitionedTimestamp         api.Timestamp
	StateUpdatedTimestamp              api.Timestamp
	StateValue                         string
}

type describeAlarmsOutput struct {
	CompositeAlarms []empty
	MetricAlarms    []shownAlarm
	NextToken       string `json:",omitempty"`
}

// describeAlarms gives alarms by name.
func (s *Service) describeAlarms(c api.Call, in describeAlarmsInput) (out describeAlarmsOutput, err error) {
	if err := s.authorize(c, "DescribeAlarms", alarmARN(c.Place(), "*"), nil); err != nil {
		return out, err
	}
	size, err := pageSize(in.MaxRecords)
	if err != nil {
		return out, err
	}
	if in.AlarmNames != nil && in.AlarmNamePrefix != "" {
		return out, combination("AlarmNames and AlarmNamePrefix cannot be specified together.")
	}
	out.CompositeAlarms, out.MetricAlarms = []empty{}, []shownAlarm{}
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, a := range s.alarms {
		if n.Place == c.Place() && in.selects(a) {
			out.MetricAlarms = append(out.MetricAlarms, a.shown())
		}
	}
	slices.SortFunc(out.MetricAlarms, func(a, b shownAlarm) int { return strings.Compare(a.AlarmName, b.AlarmName) })
	var known bool
	if out.MetricAlarms, out.NextToken, known = api.Page(out.MetricAlarms, size, in.NextToken); !known {
		return out, fail("InvalidNextToken", "The NextToken is not one that DescribeAlarms gave.")
	}
	return out, nil
}

func pageSize(asked int) (int, error) {
	if asked < 0 || asked > 100 {
		return 0, invalid("The parameter MaxRecords is 1 to 100.")
	}
	if asked == 0 {
		return 50, nil
	}
	return asked, nil
}

func (in *describeAlarmsInput) selects(a *alarm) bool {
	switch {
	case in.AlarmNames != nil && !slices.Contains(in.AlarmNames, a.AlarmName),
		!strings.HasPrefix(a.AlarmName, in.AlarmNamePrefix),
		in.StateValue != "" && in.StateValue != a.state,
		in.AlarmTypes != nil && !slices.Contains(in.AlarmTypes, "MetricAlarm"):
		return false
	}
	return in.ActionPrefix == "" || slices.ContainsFunc(slices.Concat(a.AlarmActions, a.OKActions, a.InsufficientDataActions), func(action string) bool {
		return strings.HasPrefix(action, in.ActionPrefix)
	})
}

func (a *alarm) shown() shownAlarm {
	enabled := a.enabled()
	shown := shownAlarm{
		alarmSettings: a.alarmSettings, AlarmArn: a.arn, AlarmConfigurationUpdatedTimestamp: api.Timestamp{Time: a.configured},
		StateReason: a.reason, StateReasonData: a.reasonData, StateValue: a.state,
		StateTransitionedTimestamp: api.Timestamp{Time: a.transitioned}, StateUpdatedTimestamp: api.Timestamp{Time: a.updated},
	}
	shown.ActionsEnabled = &enabled
	shown.AlarmActions, shown.OKActions, shown.InsufficientDataActions = filled(a.AlarmActions), filled(a.OKActions), filled(a.InsufficientDataActions)
	return shown
}

// historyItem is one thing that happened to an alarm.
type historyItem struct {
	place           api.Place
	AlarmName       string
	AlarmType       string
	HistoryData     string
	HistoryItemType string
	HistorySummary  string
	Timestamp       api.Timestamp
}

// keptHistory bounds the history: a server that runs for days must not grow.
const keptHistory = 2000

func (s *Service) remember(h historyItem) {
	h.AlarmType = "MetricAlarm"
	s.history = append(s.history, h)
	s.history = s.history[max(0, len(s.history)-keptHistory):]
}

type historyInput struct {
	AlarmName, HistoryItemType, NextToken, ScanBy string
	AlarmTypes                                    []string
	StartDate, EndDate                            *api.Timestamp
	MaxRecords                                    int
}

type historyOutput struct {
	AlarmHistoryItems []historyItem
	NextToken         string `json:",omitempty"`
}

func (s *Service) describeAlarmHistory(c api.Call, in historyInput) (out historyOutput, err error) {
	if err := s.authorize(c, "DescribeAlarmHistory", alarmARN(c.Place(), "*"), nil); err != nil {
		return out, err
	}
	size, err := pageSize(in.MaxRecords)
	if err != nil {
		return out, err
	}
	out.AlarmHistoryItems = []historyItem{}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.history {
		if h.place == c.Place() && in.selects(h) {
			out.AlarmHistoryItems = append(out.AlarmHistoryItems, h)
		}
	}
	if in.ScanBy != "TimestampAscending" {
		slices.Reverse(out.AlarmHistoryItems)
	}
	var known bool
	if out.AlarmHistoryItems, out.NextToken, known = api.Page(out.AlarmHistoryItems, size, in.NextToken); !known {
		return out, fail("InvalidNextToken", "The NextToken is not one that DescribeAlarmHistory gave.")
	}
	return out, nil
}

func (in *historyInput) selects(h historyItem) bool {
	return (in.AlarmName == "" || in.AlarmName == h.AlarmName) &&
		(in.HistoryItemType == "" || in.HistoryItemType == h.HistoryItemType) &&
		(in.AlarmTypes == nil || slices.Contains(in.AlarmTypes, h.AlarmType)) &&
		(in.StartDate == nil || !h.Timestamp.Before(in.StartDate.Time)) && (in.EndDate == nil || !h.Timestamp.After(in.EndDate.Time))
}
