package logs

import (
	"cmp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type filterInput struct {
	LogGroupName        string   `json:"logGroupName"`
	LogGroupIdentifier  string   `json:"logGroupIdentifier"`
	LogStreamNames      []string `json:"logStreamNames"`
	LogStreamNamePrefix string   `json:"logStreamNamePrefix"`
	StartTime           *int64   `json:"startTime"`
	EndTime             *int64   `json:"endTime"`
	FilterPattern       string   `json:"filterPattern"`
	NextToken           string   `json:"nextToken"`
	Limit               int      `json:"limit"`
	Interleaved         bool     `json:"interleaved"` // ignored since 2019: always so
}

type filterShape struct {
	LogStreamName string `json:"logStreamName"`
	Timestamp     int64  `json:"timestamp"`
	Message       string `json:"message"`
	IngestionTime int64  `json:"ingestionTime"`
	EventID       string `json:"eventId"`
}

type filterOutput struct {
	Events             []filterShape `json:"events"`
	SearchedLogStreams []struct{}    `json:"searchedLogStreams"` // always empty, as AWS documents
	NextToken          string        `json:"nextToken,omitempty"`
}

func (s *Service) filterLogEvents(c api.Call, in filterInput) (filterOutput, error) {
	name, err := groupName(c, in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return filterOutput{}, err
	}
	words, err := terms(in.FilterPattern)
	if err != nil {
		return filterOutput{}, err
	}
	if in.LogStreamNamePrefix != "" && len(in.LogStreamNames) > 0 {
		return filterOutput{}, invalid("give logStreamNames or logStreamNamePrefix, not both")
	}
	all := []filterShape{}
	err = s.onStream(c, "FilterLogEvents", name, "", func(g *group) error {
		for _, streamName := range in.LogStreamNames {
			if g.streams[streamName] == nil {
				return notFound("log stream")
			}
		}
		for streamName, st := range g.streams {
			if len(in.LogStreamNames) > 0 && !slices.Contains(in.LogStreamNames, streamName) ||
				!strings.HasPrefix(streamName, in.LogStreamNamePrefix) {
				continue
			}
			for _, e := range between(g.live(st, c.Time), in.StartTime, in.EndTime) {
				if hasAll(e.message, words) {
					all = append(all, filterShape{streamName, e.timestamp, e.message, e.ingested, e.id})
				}
			}
		}
		return nil
	})
	if err != nil {
		return filterOutput{}, err
	}
	slices.SortStableFunc(all, func(a, b filterShape) int {
		return cmp.Or(cmp.Compare(a.Timestamp, b.Timestamp), cmp.Compare(a.LogStreamName, b.LogStreamName))
	})
	part, next, err := page(all, in.NextToken, in.Limit, maxBatch)
	return filterOutput{Events: part, SearchedLogStreams: []struct{}{}, NextToken: next}, err
}

// terms reads a filter pattern of words and "quoted phrases", all of which an
// event must contain. Optional (?) and excluded (-) terms, JSON, columns and
// regular expressions are refused.
//
// Source: CloudWatch Logs user guide, FilterAndPatternSyntax.
func terms(pattern string) ([]string, error) {
	var words []string
	rest := strings.TrimSpace(pattern)
	for rest != "" {
		if strings.ContainsRune("?-{[%", rune(rest[0])) {
			return nil, invalid("filterPattern %q: the local AWS knows terms only, all of which must match", pattern)
		}
		var word string
		if rest[0] == '"' {
			end := strings.IndexByte(rest[1:], '"')
			if end < 0 {
				return nil, invalid("filterPattern %q: the quotation mark is not closed", pattern)
			}
			word, rest = rest[1:1+end], rest[2+end:]
		} else {
			word, rest, _ = strings.Cut(rest, " ")
		}
		if word != "" {
			words = append(words, word)
		}
		rest = strings.TrimSpace(rest)
	}
	return words, nil
}

func hasAll(message string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(message, w) {
			return false
		}
	}
	return true
}
