package cloudwatch

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Options are what a Service works with; all but Tick, Sample, Quotas and Log are
// required.
type Options struct {
	Authorizer api.Authorizer
	Now        func() time.Time
	Topics     api.Topics
	// InvokeLater is that of api.Functions, which are made later.
	InvokeLater func(c api.Call, function string, payload []byte) error
	// Tick evaluates the alarms whenever it fires.
	Tick <-chan time.Time
	// Sample is called before each evaluation: it records what services publish by
	// the minute, whether or not something happens.
	Sample func()
	// Quotas are what SERVICE_QUOTA gives, by the metric's dimension Resource.
	Quotas map[string]float64
	// Log is told of each action that fails.
	Log *api.Log
}

// Service is CloudWatch of all accounts and Regions. It is safe for concurrent
// use.
type Service struct {
	api.ProtocolService
	opt  Options
	stop context.CancelFunc
	done chan struct{} // the background has ended

	evaluating sync.Mutex // one evaluation at a time

	// mu guards all below, and every *series and *alarm. It is not held while
	// another service is called.
	mu         sync.Mutex
	series     map[seriesKey]*series
	points     int // of all series
	alarms     map[named]*alarm
	dashboards map[named]dashboard // their Region is ""
	history    []historyItem       // the oldest first
}

// named is an alarm or dashboard: its name is unique in its place.
type named struct {
	api.Place
	name string
}

var (
	_ api.Service = (*Service)(nil)
	_ api.Metrics = (*Service)(nil)
)

// New makes a Service without metrics. Close it before the services that it calls.
func New(o Options) *Service {
	ctx, stop := context.WithCancel(context.Background())
	s := &Service{
		opt: o, stop: stop, done: make(chan struct{}),
		series: map[seriesKey]*series{}, alarms: map[named]*alarm{}, dashboards: map[named]dashboard{},
	}
	s.ProtocolService = api.ProtocolService{
		Prefix: "cloudwatch", Namespace: "http://monitoring.amazonaws.com/doc/2010-08-01/", Target: "GraniteServiceVersion20100801",
		QueryCodes: queryCodes, Table: s.operations(),
	}
	go s.run(ctx)
	return s
}

func (s *Service) run(ctx context.Context) {
	defer close(s.done)
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.opt.Tick:
			_ = s.opt.Log.Guard("evaluation of alarms", func() error { s.Evaluate(); return nil }) // the log has it
		}
	}
}

// Close ends the background.
func (s *Service) Close() error {
	s.stop()
	<-s.done
	return nil
}

// Providers implements api.Provisioner.
func (s *Service) Providers() map[string]api.Provider {
	return map[string]api.Provider{
		"AWS::CloudWatch::Alarm":     api.NewProvider(alarmType{s}),
		"AWS::CloudWatch::Dashboard": api.NewProvider(dashboardType{s}),
	}
}

// authorize decides an action on what an ARN names.
func (s *Service) authorize(c api.Call, action, arn string, keys map[string]iam.Strings) error {
	return s.opt.Authorizer.Authorize(c, api.Access{Action: "cloudwatch:" + action, Resource: arn, ResourceAccount: c.Account, Context: keys})
}

// empty is the answer of operations that return nothing.
type empty struct{}

// The codes of errors, by which other code here tells what isn't there.
const (
	noResource  = "ResourceNotFound"
	noDashboard = "DashboardNotFoundError"
)

// queryCodes are the codes of the errors that are named otherwise in the query
// protocol.
//
// Source: the service's API model, awsQueryError of each error.
var queryCodes = map[string]string{
	noDashboard:                            noResource,
	"DashboardInvalidInputError":           "InvalidParameterInput",
	"InvalidFormatFault":                   "InvalidFormat",
	"InvalidParameterCombinationException": "InvalidParameterCombination",
	"InvalidParameterValueException":       "InvalidParameterValue",
	"LimitExceededFault":                   "LimitExceeded",
	"MissingRequiredParameterException":    "MissingParameter",
}

func fail(code, format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, code, format, args...)
}

func invalid(format string, args ...any) error {
	return fail("InvalidParameterValueException", format, args...)
}

func missing(parameter string) error {
	return fail("MissingRequiredParameterException", "The parameter %s is required.", parameter)
}

func combination(format string, args ...any) error {
	return fail("InvalidParameterCombinationException", format, args...)
}
