package localaws

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/cloudformation"
	"github.com/s3seal/s3seal/localaws/internal/cloudwatch"
	"github.com/s3seal/s3seal/localaws/internal/events"
	"github.com/s3seal/s3seal/localaws/internal/identity"
	"github.com/s3seal/s3seal/localaws/internal/kms"
	"github.com/s3seal/s3seal/localaws/internal/lambda"
	"github.com/s3seal/s3seal/localaws/internal/logs"
	"github.com/s3seal/s3seal/localaws/internal/s3"
	"github.com/s3seal/s3seal/localaws/internal/s3control"
	"github.com/s3seal/s3seal/localaws/internal/s3delivery"
	"github.com/s3seal/s3seal/localaws/internal/secretsmanager"
	"github.com/s3seal/s3seal/localaws/internal/sns"
	"github.com/s3seal/s3seal/localaws/internal/sqs"
	"github.com/s3seal/s3seal/localaws/internal/ssm"
	"github.com/s3seal/s3seal/localaws/internal/sts"
)

// services are all services, wired. This is the only place that knows which
// service needs which.
type services struct {
	byName         map[string]api.Service // by signing name
	closers        []io.Closer            // in the order of making
	s3             *s3.Service
	deliveries     *s3delivery.Deliverer
	lambda         *lambda.Service
	metrics        *cloudwatch.Service
	cloudformation *cloudformation.Service
}

// logInterval is how often server access logs are delivered. AWS delivers them
// within a few hours.
const logInterval = time.Minute

// alarmInterval is how often alarms are evaluated.
//
// Source: CloudWatch user guide, alarm-evaluation.
const alarmInterval = time.Minute

// newServices makes the services over the directory. functionEnvironment gives
// the variables by which Lambda functions find this server.
func newServices(d *identity.Directory, decisions *identity.DecisionLog, o Options, log *api.Log, functionEnvironment func() []string) (_ *services, err error) {
	s := &services{byName: map[string]api.Service{}}
	authorizer := identity.NewAuthorizer(d, decisions)
	authorizer.Log = log
	s.add("iam", identity.New(identity.Options{Authorizer: authorizer, Directory: d}))
	roles := sts.New(sts.Options{Authorizer: authorizer, Directory: d})
	s.add("sts", roles)
	parameters := ssm.New(ssm.Options{Authorizer: authorizer})
	s.add("ssm", parameters)
	groups := logs.New(logs.Options{Authorizer: authorizer, Metrics: recorder{s}})
	s.add("logs", groups)
	keys := kms.New(kms.Options{Authorizer: authorizer, Now: o.Now, Principals: d, Metrics: recorder{s}})
	s.add("kms", keys)
	queues := sqs.New(sqs.Options{Authorizer: authorizer, Now: o.Now, Principals: d, KMS: keys, UserID: d.UserID})
	s.add("sqs", queues)
	var functions *lambda.Service
	invokeLater := func(c api.Call, function string, payload []byte) error { // the functions are made below
		return functions.InvokeLater(c, function, payload)
	}
	topics := sns.New(sns.Options{
		Authorizer: authorizer, Now: o.Now, Principals: d, KMS: keys, Queues: queues, InvokeLater: invokeLater, Log: log,
	})
	s.add("sns", topics)
	bus := events.New(events.Options{
		Authorizer: authorizer, Now: o.Now, Queues: queues, Topics: topics, InvokeLater: invokeLater, Metrics: recorder{s}, Log: log,
	})
	s.add("events", bus)
	s.s3, err = s3.New(s3.Options{
		Authorizer: authorizer, Now: o.Now, Principals: d, KMS: keys, STS: roles, Log: log, Queues: queues, Topics: topics, Events: bus, Metrics: recorder{s}, UserID: d.UserID,
		InvokeLater:  invokeLater,
		AfterRequest: func(f s3.Finished) { s.deliveries.Record(f) }, // set before the first request
	})
	if err != nil {
		return nil, fmt.Errorf("S3: %w", err)
	}
	s.add("s3", s.s3)
	s.add("s3control", s3control.New(s3control.Options{Authorizer: authorizer, Now: o.Now, STS: roles, S3: s.s3, Log: log}))
	s.deliveries = s3delivery.New(s3delivery.Options{
		S3: s.s3, Now: o.Now, Tick: time.NewTicker(logInterval).C, Log: log,
	})
	s.closers = append(s.closers, s.deliveries)
	functions = lambda.New(lambda.Options{
		Authorizer: authorizer, Now: o.Now, STS: roles, Credentials: roles, Objects: s.s3, Principals: d, Logs: groups, Queues: queues, Metrics: recorder{s},
		Environment: functionEnvironment, Log: log,
	})
	s.lambda = functions
	s.add("lambda", functions)
	s.add("secretsmanager", secretsmanager.New(secretsmanager.Options{
		Authorizer: authorizer, Now: o.Now, Principals: d, KMS: keys, Functions: functions,
	}))
	s.metrics = cloudwatch.New(cloudwatch.Options{
		Authorizer: authorizer, Now: o.Now, Topics: topics, InvokeLater: invokeLater, Log: log,
		Tick: time.NewTicker(alarmInterval).C, Quotas: o.Quotas, Sample: func() {
			s.s3.ReportReplication()
			queues.ReportQueues(s.metrics)
		},
	})
	s.add("monitoring", s.metrics)
	providers := map[string]api.Provider{}
	for _, service := range s.byName {
		if p, ok := service.(api.Provisioner); ok {
			maps.Copy(providers, p.Providers())
		}
	}
	s.cloudformation = cloudformation.New(cloudformation.Options{
		Authorizer: authorizer, Now: o.Now, STS: roles, Objects: s.s3, Parameters: parameters, Providers: providers, Log: log,
	})
	s.add("cloudformation", s.cloudformation)
	return s, nil
}

// recorder is the api.Metrics of services that are made before CloudWatch, which
// calls them.
type recorder struct{ *services }

func (r recorder) Record(p api.Place, namespace string, data ...api.Datum) {
	r.metrics.Record(p, namespace, data...)
}

func (s *services) add(name string, service api.Service) {
	s.byName[name] = service
	if c, ok := service.(io.Closer); ok {
		s.closers = append(s.closers, c)
	}
}

// close ends what services run in the background. A service that calls another
// was made after it, and is closed before it.
func (s *services) close() error {
	var errs []error
	for _, c := range slices.Backward(s.closers) {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}
