package cloudwatch

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// dashboard is kept and shown as its JSON: nothing draws it here.
type dashboard struct {
	body     string
	modified time.Time
}

var dashboardName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)

// maxBody is more than the 500 widgets of a dashboard need.
const maxBody = 1 << 20

// dashboardARN has no Region: a dashboard is in all of them.
//
// Source: service authorization reference, list_amazoncloudwatch.
func dashboardARN(c api.Call, name string) string {
	return strings.Replace(c.Place().ARN("cloudwatch", "dashboard/"+name), ":"+c.Region+":", "::", 1)
}

func dashboardNamed(c api.Call, name string) named { return named{api.Place{Account: c.Account}, name} }

type putDashboardInput struct{ DashboardName, DashboardBody string }

type putDashboardOutput struct{ DashboardValidationMessages []empty }

// widget are the members of a widget that a dashboard can't do without.
//
// Source: CloudWatch API reference, CloudWatch-Dashboard-Body-Structure.
type widget struct {
	Type       string          `json:"type"`
	Properties json.RawMessage `json:"properties"`
}

func checkDashboard(name, body string) error {
	refuse := func(format string, args ...any) error { return fail("DashboardInvalidInputError", format, args...) }
	if !dashboardName.MatchString(name) {
		return refuse("The parameter DashboardName is not 1 to 255 letters, digits, - and _.")
	}
	var structure struct {
		Widgets *[]widget `json:"widgets"`
	}
	if err := json.Unmarshal([]byte(body), &structure); err != nil || len(body) > maxBody {
		return refuse("The field DashboardBody must be a valid JSON object")
	}
	if structure.Widgets == nil || len(*structure.Widgets) > 500 {
		return refuse("The dashboard body must have at most 500 widgets: Should have required property 'widgets'")
	}
	for i, w := range *structure.Widgets {
		if !slices.Contains([]string{"metric", "text", "log", "alarm", "explorer", "custom"}, w.Type) || w.Properties == nil {
			return refuse("/widgets/%d: type %q is none of a widget's, or it has no properties", i, w.Type)
		}
	}
	return nil
}

func (s *Service) putDashboard(c api.Call, in putDashboardInput) (out putDashboardOutput, err error) {
	if err := s.authorize(c, "PutDashboard", dashboardARN(c, in.DashboardName), nil); err != nil {
		return out, err
	}
	if err := checkDashboard(in.DashboardName, in.DashboardBody); err != nil {
		return out, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := dashboardNamed(c, in.DashboardName); s.dashboards[n].body != "" || len(s.dashboards) < maxDashboards {
		s.dashboards[n] = dashboard{in.DashboardBody, s.opt.Now()}
		return putDashboardOutput{[]empty{}}, nil
	}
	return out, fail("DashboardInvalidInputError", "the local AWS has at most %d dashboards", maxDashboards)
}

const maxDashboards = 500

type dashboardInput struct{ DashboardName string }

type dashboardOutput struct{ DashboardArn, DashboardBody, DashboardName string }

func (s *Service) getDashboard(c api.Call, in dashboardInput) (out dashboardOutput, err error) {
	arn := dashboardARN(c, in.DashboardName)
	if err := s.authorize(c, "GetDashboard", arn, nil); err != nil {
		return out, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d, there := s.dashboards[dashboardNamed(c, in.DashboardName)]
	if !there {
		return out, unknownDashboard(in.DashboardName)
	}
	return dashboardOutput{arn, d.body, in.DashboardName}, nil
}

func unknownDashboard(name string) error {
	return api.Errorf(404, noDashboard, "Dashboard %s does not exist", name)
}

type listDashboardsInput struct{ DashboardNamePrefix, NextToken string }

type dashboardEntry struct {
	DashboardArn, DashboardName string
	LastModified                api.Timestamp
	Size                        int
}

type listDashboardsOutput struct {
	DashboardEntries []dashboardEntry
	NextToken        string `json:",omitempty"`
}

func (s *Service) listDashboards(c api.Call, in listDashboardsInput) (out listDashboardsOutput, err error) {
	if err := s.authorize(c, "ListDashboards", "*", nil); err != nil {
		return out, err
	}
	out.DashboardEntries = []dashboardEntry{}
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, d := range s.dashboards {
		if n.Account == c.Account && strings.HasPrefix(n.name, in.DashboardNamePrefix) {
			out.DashboardEntries = append(out.DashboardEntries, dashboardEntry{dashboardARN(c, n.name), n.name, api.Timestamp{Time: d.modified}, len(d.body)})
		}
	}
	slices.SortFunc(out.DashboardEntries, func(a, b dashboardEntry) int { return strings.Compare(a.DashboardName, b.DashboardName) })
	var known bool
	if out.DashboardEntries, out.NextToken, known = api.Page(out.DashboardEntries, 1000, in.NextToken); !known {
		return out, invalid("The parameter NextToken is not one that ListDashboards gave.")
	}
	return out, nil
}

type dashboardNames struct{ DashboardNames []string }

// deleteDashboards deletes all, or none if one of them isn't there.
func (s *Service) deleteDashboards(c api.Call, in dashboardNames) (empty, error) {
	if len(in.DashboardNames) == 0 {
		return empty{}, missing("DashboardNames")
	}
	for _, name := range in.DashboardNames {
		if err := s.authorize(c, "DeleteDashboards", dashboardARN(c, name), nil); err != nil {
			return empty{}, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range in.DashboardNames {
		if _, there := s.dashboards[dashboardNamed(c, name)]; !there {
			return empty{}, unknownDashboard(name)
		}
	}
	for _, name := range in.DashboardNames {
		delete(s.dashboards, dashboardNamed(c, name))
	}
	return empty{}, nil
}
