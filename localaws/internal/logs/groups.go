package logs

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type createGroupInput struct {
	LogGroupName  string            `json:"logGroupName"`
	LogGroupClass string            `json:"logGroupClass"`
	Tags          map[string]string `json:"tags"`
}

func (s *Service) createLogGroup(c api.Call, in createGroupInput) (struct{}, error) {
	name, err := groupName(c, in.LogGroupName, "")
	if err != nil {
		return struct{}{}, err
	}
	if err := checkClass(in.LogGroupClass); err != nil {
		return struct{}{}, err
	}
	if err := s.authorize(c, "CreateLogGroup", name, ""); err != nil {
		return struct{}{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.groups[at(c, name)] != nil {
		return struct{}{}, alreadyExists("log group")
	}
	s.groups[at(c, name)] = &group{created: c.Time, tags: maps.Clone(in.Tags), streams: map[string]*stream{}}
	return struct{}{}, nil
}

func checkClass(class string) error {
	if class != "" && class != "STANDARD" {
		return invalid("the local AWS has no log groups of class %q; use STANDARD", class)
	}
	return nil
}

type groupInput struct {
	LogGroupName string `json:"logGroupName"`
}

func (s *Service) deleteLogGroup(c api.Call, in groupInput) (struct{}, error) {
	return struct{}{}, s.onGroup(c, "DeleteLogGroup", in.LogGroupName, func(*group) {
		delete(s.groups, at(c, in.LogGroupName))
	})
}

type retentionInput struct {
	LogGroupName    string `json:"logGroupName"`
	RetentionInDays int    `json:"retentionInDays"`
}

// Source: CloudWatch Logs API reference, PutRetentionPolicy.
var retentions = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

func checkRetention(days int) error {
	if !slices.Contains(retentions, days) {
		return invalid("retentionInDays %d: want one of %v", days, retentions)
	}
	return nil
}

func (s *Service) putRetentionPolicy(c api.Call, in retentionInput) (struct{}, error) {
	if err := checkRetention(in.RetentionInDays); err != nil {
		return struct{}{}, err
	}
	return struct{}{}, s.onGroup(c, "PutRetentionPolicy", in.LogGroupName, func(g *group) { g.retention = in.RetentionInDays })
}

func (s *Service) deleteRetentionPolicy(c api.Call, in groupInput) (struct{}, error) {
	return struct{}{}, s.onGroup(c, "DeleteRetentionPolicy", in.LogGroupName, func(g *group) { g.retention = 0 })
}

// onGroup authorizes an action on a group and runs f on it under the lock.
func (s *Service) onGroup(c api.Call, action, name string, f func(*group)) error {
	return s.onStream(c, action, name, "", func(g *group) error { f(g); return nil })
}

// onStream is onGroup for an action on a stream, which need not be there.
func (s *Service) onStream(c api.Call, action, name, stream string, f func(*group) error) error {
	if err := s.authorize(c, action, name, stream); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.find(c, name)
	if err != nil {
		return err
	}
	return f(g)
}

type describeGroupsInput struct {
	LogGroupNamePrefix string `json:"logGroupNamePrefix"`
	Limit              int    `json:"limit"`
	NextToken          string `json:"nextToken"`
}

type groupShape struct {
	LogGroupName      string `json:"logGroupName"`
	ARN               string `json:"arn"`
	LogGroupARN       string `json:"logGroupArn"`
	CreationTime      int64  `json:"creationTime"`
	RetentionInDays   int    `json:"retentionInDays,omitempty"`
	MetricFilterCount int    `json:"metricFilterCount"`
	StoredBytes       int64  `json:"storedBytes"`
	LogGroupClass     string `json:"logGroupClass"`
}

type describeGroupsOutput struct {
	LogGroups []groupShape `json:"logGroups"`
	NextToken string       `json:"nextToken,omitempty"`
}

func (s *Service) describeLogGroups(c api.Call, in describeGroupsInput) (describeGroupsOutput, error) {
	if err := s.authorize(c, "DescribeLogGroups", "", ""); err != nil {
		return describeGroupsOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []groupShape{}
	for p, g := range s.groups {
		if p.Place != c.Place() || !strings.HasPrefix(p.name, in.LogGroupNamePrefix) {
			continue
		}
		shape := groupShape{
			LogGroupName: p.name, ARN: groupARN(c, p.name) + ":*", LogGroupARN: groupARN(c, p.name),
			CreationTime: g.created.UnixMilli(), RetentionInDays: g.retention, LogGroupClass: "STANDARD", MetricFilterCount: len(g.filters),
		}
		for _, st := range g.streams {
			shape.StoredBytes += stored(g.live(st, c.Time))
		}
		all = append(all, shape)
	}
	slices.SortFunc(all, func(a, b groupShape) int { return cmp.Compare(a.LogGroupName, b.LogGroupName) })
	part, next, err := page(all, in.NextToken, in.Limit, 50)
	return describeGroupsOutput{part, next}, err
}

// stored is how AWS counts bytes: 26 for each event beside its text.
func stored(events []event) (n int64) {
	for _, e := range events {
		n += int64(len(e.message)) + 26
	}
	return n
}

func alreadyExists(what string) *api.Error {
	return api.Errorf(http.StatusBadRequest, existsCode, "The specified %s already exists", what)
}
