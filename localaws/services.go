package localaws

import (
	"errors"
	"fmt"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/cloudformation"
	"github.com/s3seal/s3seal/localaws/internal/identity"
	"github.com/s3seal/s3seal/localaws/internal/kms"
	"github.com/s3seal/s3seal/localaws/internal/lambda"
	"github.com/s3seal/s3seal/localaws/internal/logs"
	"github.com/s3seal/s3seal/localaws/internal/s3"
	"github.com/s3seal/s3seal/localaws/internal/s3delivery"
	"github.com/s3seal/s3seal/localaws/internal/secretsmanager"
	"github.com/s3seal/s3seal/localaws/internal/ssm"
	"github.com/s3seal/s3seal/localaws/internal/sts"
)

// services are all services, wired. This is the only place that knows which
// service needs which.
type services struct {
	byName     map[string]api.Service // by signing name
	closers    []func() error         // in the order of closing
	s3         *s3.Service
	deliveries *s3delivery.Deliverer
}

// logInterval is how often server access logs are delivered; on AWS within a
// few hours.
const logInterval = time.Minute

// newServices makes the services over the directory. functionEnvironment gives
// the variables by which Lambda functions find this server.
func newServices(d *identity.Directory, log *identity.DecisionLog, o Options, functionEnvironment func() []string) (*services, error) {
	authorizer := identity.NewAuthorizer(d, log)
	iamService := identity.NewService(d, authorizer)
	stsService := sts.New(d, authorizer)
	ssmService := ssm.New(authorizer)
	logsService := logs.New(authorizer)
	kmsService := kms.New(kms.Dependencies{Authorizer: authorizer, Clock: o.Now, Principals: d})
	var deliveries *s3delivery.Deliverer // set before the first request
	s3Service, err := s3.New(s3.Options{
		Authorizer: authorizer, KMS: kmsService, STS: stsService, Now: o.Now, Principals: d,
		AfterRequest: func(f s3.Finished) { deliveries.Record(f) },
	})
	if err != nil {
		return nil, fmt.Errorf("S3: %w", err)
	}
	deliveries = s3delivery.New(s3delivery.Options{
		S3: s3Service, Now: o.Now, Tick: time.NewTicker(logInterval).C, Explain: log.Denial,
	})
	lambdaService := lambda.New(lambda.Options{
		Authorizer: authorizer, STS: stsService, Credentials: stsService, Objects: s3Service, Logs: logsService,
		Environment: functionEnvironment, Now: o.Now,
	})
	secretsService := secretsmanager.New(secretsmanager.Dependencies{
		Authorizer: authorizer, KMS: kmsService, Functions: lambdaService, Principals: d, Clock: o.Now,
	})
	cloudformationService := cloudformation.New(cloudformation.Options{
		Authorizer: authorizer, STS: stsService, Objects: s3Service, Parameters: ssmService,
		Providers: map[string]api.Provider{
			"AWS::IAM::ManagedPolicy":               iamService.ManagedPolicyProvider(),
			"AWS::IAM::Policy":                      iamService.PolicyProvider(),
			"AWS::IAM::Role":                        iamService.RoleProvider(),
			"AWS::KMS::Alias":                       kms.AliasProvider{Service: kmsService},
			"AWS::KMS::Key":                         kms.KeyProvider{Service: kmsService},
			"AWS::Lambda::Function":                 lambdaService.Function(),
			"AWS::Lambda::Permission":               lambdaService.Permission(),
			"AWS::Logs::LogGroup":                   logsService.Provider(),
			"AWS::S3::Bucket":                       s3.BucketProvider{Service: s3Service},
			"AWS::S3::BucketPolicy":                 s3.BucketPolicyProvider{Service: s3Service},
			"AWS::SSM::Parameter":                   ssmService.Provider(),
			"AWS::SecretsManager::ResourcePolicy":   secretsmanager.ResourcePolicyProvider{Service: secretsService},
			"AWS::SecretsManager::RotationSchedule": secretsmanager.RotationScheduleProvider{Service: secretsService},
			"AWS::SecretsManager::Secret":           secretsmanager.SecretProvider{Service: secretsService},
		},
	})
	return &services{
		s3: s3Service, deliveries: deliveries,
		byName: map[string]api.Service{
			"cloudformation": cloudformationService,
			"iam":            iamService,
			"kms":            kmsService,
			"lambda":         lambdaService,
			"logs":           logsService,
			"s3":             s3Service,
			"secretsmanager": secretsService,
			"ssm":            ssmService,
			"sts":            stsService,
		},
		// Who calls others goes first.
		closers: []func() error{cloudformationService.Close, lambdaService.Close, deliveries.Close, s3Service.Close},
	}, nil
}

// close ends what services run in the background.
func (s *services) close() error {
	var errs []error
	for _, c := range s.closers {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}
