package logs

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Options are what a Service works with; Authorizer is required.
type Options struct {
	Authorizer api.Authorizer
	// Metrics gets those that are in log lines; nil: nobody does.
	Metrics api.Metrics
}

// Service is CloudWatch Logs of all accounts and Regions. It is safe for
// concurrent use.
type Service struct {
	api.JSONService
	opt Options

	mu     sync.Mutex
	groups map[place]*group
	// filterGroups are the groups of each AWS::Logs::MetricFilter, by stack and
	// physical id.
	filterGroups map[string]string
}

// place is where a log group lives. Its name is unique in account and Region.
type place struct {
	api.Place
	name string
}

type group struct {
	created   time.Time
	retention int // days; 0: events never expire
	tags      map[string]string
	streams   map[string]*stream
	filters   map[string]*metricFilter // by name
}

type stream struct {
	created time.Time
	events  []event // by time; those of one time in the order of arrival
}

type event struct {
	id        string
	timestamp int64 // milliseconds since the epoch
	ingested  int64
	message   string
}

var (
	_ api.Service = (*Service)(nil)
	_ api.Logs    = (*Service)(nil)
)

// New makes a Service without log groups.
func New(o Options) *Service {
	s := &Service{opt: o, groups: map[place]*group{}, filterGroups: map[string]string{}}
	s.JSONService = api.JSONService{Target: "Logs_20140328", Prefix: "logs", Table: s.operations()}
	return s
}

// Providers implements api.Provisioner.
func (s *Service) Providers() map[string]api.Provider {
	return map[string]api.Provider{
		"AWS::Logs::LogGroup":     api.NewImporter(logGroupType{s}),
		"AWS::Logs::MetricFilter": api.NewProvider(metricFilterType{s}),
	}
}

// authorize asks for an action on a group or stream of the caller's account.
// Actions on a group are evaluated on the ARN with an empty stream: so the form
// "log-group:NAME:*" that policies are to have matches both.
//
// Source: CloudWatch Logs user guide, iam-access-control-overview-cwl.
func (s *Service) authorize(c api.Call, action, group, stream string) error {
	return s.opt.Authorizer.Authorize(c, api.Access{
		Action:          "logs:" + action,
		Resource:        groupARN(c, group) + ":log-stream:" + stream,
		ResourceAccount: c.Account,
	})
}

func groupARN(c api.Call, group string) string {
	return c.Place().ARN("logs", "log-group:"+group)
}

func at(c api.Call, group string) place { return place{c.Place(), group} }

// find is the group, or a ResourceNotFoundException. The caller holds the lock.
func (s *Service) find(c api.Call, name string) (*group, error) {
	g := s.groups[at(c, name)]
	if g == nil {
		return nil, notFound("log group")
	}
	return g, nil
}

// live are the stream's events whose retention hasn't ended.
func (g *group) live(s *stream, now time.Time) []event {
	if g.retention == 0 {
		return s.events
	}
	oldest := now.AddDate(0, 0, -g.retention).UnixMilli()
	i := 0
	for i < len(s.events) && s.events[i].timestamp < oldest {
		i++
	}
	s.events = s.events[i:]
	return s.events
}

var (
	groupForm  = regexp.MustCompile(`^[.\-_/#A-Za-z0-9]{1,512}$`)
	streamForm = regexp.MustCompile(`^[^:*]{1,512}$`)
)

// groupName takes a group by name or, where the API allows an identifier, by
// ARN of the caller's own account.
func groupName(c api.Call, name, identifier string) (string, error) {
	if identifier != "" {
		if name != "" {
			return "", invalid("give logGroupName or logGroupIdentifier, not both")
		}
		name = strings.TrimPrefix(identifier, groupARN(c, ""))
	}
	if !groupForm.MatchString(name) {
		return "", invalid("log group %q: want 1 to 512 letters, digits and ._-/#", name)
	}
	return name, nil
}

// The codes by which other code here tells what is missing, or there already.
const (
	notFoundCode = "ResourceNotFoundException"
	existsCode   = "ResourceAlreadyExistsException"
)

func invalid(format string, args ...any) *api.Error {
	return api.Errorf(http.StatusBadRequest, "InvalidParameterException", format, args...)
}

func notFound(what string) *api.Error {
	return api.Errorf(http.StatusBadRequest, notFoundCode, "The specified %s does not exist.", what)
}
