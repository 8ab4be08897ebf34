package logs

import (
	"cmp"
	"crypto/rand"
	"slices"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// The limits of one PutLogEvents call.
//
// Source: CloudWatch Logs API reference, PutLogEvents.
const (
	maxBatch      = 10000
	maxBatchBytes = 1048576
	maxSpan       = 24 * time.Hour
	maxAge        = 14 * 24 * time.Hour
	maxAhead      = 2 * time.Hour
)

type inputEvent struct {
	Timestamp int64  `json:"timestamp"`
	Message   string `json:"message"`
}

type putInput struct {
	LogGroupName  string       `json:"logGroupName"`
	LogStreamName string       `json:"logStreamName"`
	LogEvents     []inputEvent `json:"logEvents"`
	SequenceToken string       `json:"sequenceToken"` // ignored since 2023, as AWS documents
}

type rejected struct {
	TooNewLogEventStartIndex *int `json:"tooNewLogEventStartIndex,omitempty"`
	TooOldLogEventEndIndex   *int `json:"tooOldLogEventEndIndex,omitempty"`
	ExpiredLogEventEndIndex  *int `json:"expiredLogEventEndIndex,omitempty"`
}

type putOutput struct {
	NextSequenceToken     string    `json:"nextSequenceToken"`
	RejectedLogEventsInfo *rejected `json:"rejectedLogEventsInfo,omitempty"`
}

func (s *Service) putLogEvents(c api.Call, in putInput) (out putOutput, err error) {
	err = s.onStream(c, "PutLogEvents", in.LogGroupName, in.LogStreamName, func(g *group) error {
		if err := checkBatch(in.LogEvents); err != nil {
			return err
		}
		st := g.streams[in.LogStreamName]
		if st == nil {
			return notFound("log stream")
		}
		accepted, info := g.accept(in.LogEvents, c.Time)
		out = putOutput{NextSequenceToken: id(), RejectedLogEventsInfo: info}
		st.add(accepted, c.Time)
		s.record(c.Place(), accepted)
		s.filter(c.Place(), g, accepted)
		return nil
	})
	return out, err
}

func checkBatch(events []inputEvent) error {
	if len(events) == 0 || len(events) > maxBatch {
		return invalid("logEvents: want 1 to %d events, have %d", maxBatch, len(events))
	}
	bytes := 0
	for i, e := range events {
		switch bytes += len(e.Message) + 26; {
		case e.Message == "":
			return invalid("logEvents[%d]: the message is empty", i)
		case i > 0 && e.Timestamp < events[i-1].Timestamp:
			return invalid("Log events in a single PutLogEvents request must be in chronological order.")
		}
	}
	if bytes > maxBatchBytes {
		return invalid("Upload too large: %d bytes exceeds limit of %d", bytes, maxBatchBytes)
	}
	if events[len(events)-1].Timestamp-events[0].Timestamp > maxSpan.Milliseconds() {
		return invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
	}
	return nil
}

// accept leaves out what is too old, expired or too new, and says where the
// rest begins and ends.
func (g *group) accept(events []inputEvent, now time.Time) ([]inputEvent, *rejected) {
	before := func(limit int64) int {
		i := slices.IndexFunc(events, func(e inputEvent) bool { return e.Timestamp >= limit })
		if i < 0 {
			return len(events)
		}
		return i
	}
	from, to := before(now.Add(-maxAge).UnixMilli()), before(now.Add(maxAhead).UnixMilli()+1)
	var info rejected
	if from > 0 {
		n := from
		info.TooOldLogEventEndIndex = &n
	}
	if g.retention > 0 {
		if n := before(now.AddDate(0, 0, -g.retention).UnixMilli()); n > 0 {
			info.ExpiredLogEventEndIndex = &n
			from = max(from, n)
		}
	}
	if to < len(events) {
		info.TooNewLogEventStartIndex = &to
	}
	if info == (rejected{}) {
		return events, nil
	}
	return events[min(from, to):to], &info
}

func (st *stream) add(events []inputEvent, now time.Time) {
	for _, e := range events {
		st.events = append(st.events, event{id: id(), timestamp: e.Timestamp, ingested: now.UnixMilli(), message: e.Message})
	}
	slices.SortStableFunc(st.events, func(a, b event) int { return cmp.Compare(a.timestamp, b.timestamp) })
}

// id is 56 random digits, the form of AWS's event ids.
func id() string {
	b := make([]byte, 56)
	_, _ = rand.Read(b) // never fails since Go 1.24
	for i := range b {
		b[i] = '0' + b[i]%10
	}
	return string(b)
}
