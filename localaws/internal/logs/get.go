package logs

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type getInput struct {
	LogGroupName       string `json:"logGroupName"`
	LogGroupIdentifier string `json:"logGroupIdentifier"`
	LogStreamName      string `json:"logStreamName"`
	StartTime          *int64 `json:"startTime"`
	EndTime            *int64 `json:"endTime"`
	NextToken          string `json:"nextToken"`
	Limit              int    `json:"limit"`
	StartFromHead      bool   `json:"startFromHead"`
}

type getShape struct {
	Timestamp     int64  `json:"timestamp"`
	Message       string `json:"message"`
	IngestionTime int64  `json:"ingestionTime"`
}

type getOutput struct {
	Events            []getShape `json:"events"`
	NextForwardToken  string     `json:"nextForwardToken"`
	NextBackwardToken string     `json:"nextBackwardToken"`
}

// getLogEvents pages in both directions: a token is "f/" or "b/" with the index
// to go on from. At either end the same token comes again.
func (s *Service) getLogEvents(c api.Call, in getInput) (out getOutput, err error) {
	name, err := groupName(c, in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return out, err
	}
	err = s.onStream(c, "GetLogEvents", name, in.LogStreamName, func(g *group) error {
		limit := cmp.Or(in.Limit, maxBatch)
		if limit < 0 || limit > maxBatch {
			return invalid("limit %d: want 1 to %d", limit, maxBatch)
		}
		st := g.streams[in.LogStreamName]
		if st == nil {
			return notFound("log stream")
		}
		events := between(g.live(st, c.Time), in.StartTime, in.EndTime)
		from, to, err := window(in.NextToken, in.StartFromHead, limit, len(events))
		if err != nil {
			return err
		}
		out = getOutput{Events: []getShape{}, NextForwardToken: "f/" + strconv.Itoa(to), NextBackwardToken: "b/" + strconv.Itoa(from)}
		for _, e := range events[from:to] {
			out.Events = append(out.Events, getShape{e.timestamp, e.message, e.ingested})
		}
		return nil
	})
	return out, err
}

// window is the part of n events that a token, or its lack, asks for.
func window(token string, fromHead bool, limit, n int) (from, to int, err error) {
	direction, text, _ := strings.Cut(token, "/")
	index, err := strconv.Atoi(text)
	switch {
	case token == "" && fromHead:
		return 0, min(limit, n), nil
	case token == "":
		return max(0, n-limit), n, nil
	case err != nil || index < 0 || direction != "f" && direction != "b":
		return 0, 0, invalid("The specified nextToken is invalid.")
	case direction == "f":
		from = min(index, n)
		return from, min(from+limit, n), nil
	}
	to = min(index, n)
	return max(0, to-limit), to, nil
}

// between are the events from start (inclusive) to end (exclusive).
func between(events []event, start, end *int64) []event {
	from, to := int64(math.MinInt64), int64(math.MaxInt64)
	if start != nil {
		from = *start
	}
	if end != nil {
		to = *end
	}
	i, _ := slices.BinarySearchFunc(events, from, func(e event, t int64) int { return cmp.Compare(e.timestamp, t) })
	j, _ := slices.BinarySearchFunc(events, to, func(e event, t int64) int { return cmp.Compare(e.timestamp, t) })
	return events[i:max(i, j)]
}
