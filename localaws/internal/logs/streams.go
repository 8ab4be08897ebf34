package logs

import (
	"cmp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type streamInput struct {
	LogGroupName  string `json:"logGroupName"`
	LogStreamName string `json:"logStreamName"`
}

func (s *Service) createLogStream(c api.Call, in streamInput) (struct{}, error) {
	if !streamForm.MatchString(in.LogStreamName) {
		return struct{}{}, invalid("log stream %q: want 1 to 512 characters without : and *", in.LogStreamName)
	}
	return struct{}{}, s.onStream(c, "CreateLogStream", in.LogGroupName, in.LogStreamName, func(g *group) error {
		if g.streams[in.LogStreamName] != nil {
			return alreadyExists("log stream")
		}
		g.streams[in.LogStreamName] = &stream{created: c.Time}
		return nil
	})
}

type describeStreamsInput struct {
	LogGroupName        string `json:"logGroupName"`
	LogGroupIdentifier  string `json:"logGroupIdentifier"`
	LogStreamNamePrefix string `json:"logStreamNamePrefix"`
	OrderBy             string `json:"orderBy"`
	Descending          bool   `json:"descending"`
	Limit               int    `json:"limit"`
	NextToken           string `json:"nextToken"`
}

type streamShape struct {
	LogStreamName       string `json:"logStreamName"`
	ARN                 string `json:"arn"`
	CreationTime        int64  `json:"creationTime"`
	FirstEventTimestamp int64  `json:"firstEventTimestamp,omitempty"`
	LastEventTimestamp  int64  `json:"lastEventTimestamp,omitempty"`
	LastIngestionTime   int64  `json:"lastIngestionTime,omitempty"`
	StoredBytes         int64  `json:"storedBytes"`
}

type describeStreamsOutput struct {
	LogStreams []streamShape `json:"logStreams"`
	NextToken  string        `json:"nextToken,omitempty"`
}

func (s *Service) describeLogStreams(c api.Call, in describeStreamsInput) (describeStreamsOutput, error) {
	name, err := groupName(c, in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return describeStreamsOutput{}, err
	}
	byTime := in.OrderBy == "LastEventTime"
	switch {
	case in.OrderBy != "" && in.OrderBy != "LogStreamName" && !byTime:
		return describeStreamsOutput{}, invalid("orderBy %q: want LogStreamName or LastEventTime", in.OrderBy)
	case byTime && in.LogStreamNamePrefix != "":
		return describeStreamsOutput{}, invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	all := []streamShape{}
	err = s.onGroup(c, "DescribeLogStreams", name, func(g *group) {
		for streamName, st := range g.streams {
			if strings.HasPrefix(streamName, in.LogStreamNamePrefix) {
				all = append(all, st.shape(groupARN(c, name), streamName, g.live(st, c.Time)))
			}
		}
	})
	if err != nil {
		return describeStreamsOutput{}, err
	}
	slices.SortFunc(all, func(a, b streamShape) int {
		order := strings.Compare(a.LogStreamName, b.LogStreamName)
		if byTime {
			order = cmp.Or(cmp.Compare(a.LastEventTimestamp, b.LastEventTimestamp), order)
		}
		if in.Descending {
			order = -order
		}
		return order
	})
	part, next, err := page(all, in.NextToken, in.Limit, 50)
	return describeStreamsOutput{part, next}, err
}

func (st *stream) shape(groupARN, name string, events []event) streamShape {
	shape := streamShape{
		LogStreamName: name, ARN: groupARN + ":log-stream:" + name,
		CreationTime: st.created.UnixMilli(), StoredBytes: stored(events),
	}
	if n := len(events); n > 0 {
		shape.FirstEventTimestamp, shape.LastEventTimestamp = events[0].timestamp, events[n-1].timestamp
		shape.LastIngestionTime = events[n-1].ingested
	}
	return shape
}

// page is a page of at most limit items, or of most if there is no limit.
func page[T any](all []T, token string, limit, most int) ([]T, string, error) {
	if limit < 0 || limit > most {
		return nil, "", invalid("limit %d: want 1 to %d", limit, most)
	}
	part, next, ok := api.Page(all, cmp.Or(limit, most), token)
	if !ok {
		return nil, "", invalid("The specified nextToken is invalid.")
	}
	return part, next, nil
}
