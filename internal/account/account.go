// Package account opens the real account of a stage: the credentials of the
// terminal, and what CloudFormation says is deployed there.
//
// The credentials, the profile, the endpoints and the CA bundle are those that
// the AWS CLI would use in the same terminal; the Region is the stage's. Before
// anything else, STS says whose the credentials are, so that no command looks at,
// or changes, an account that is not the stage's:
//
//	file, err := stage.Load("stages.yaml")
//	s, err := file.Stage("dev")
//	a, err := account.Open(ctx, s, account.Options{})
//	ssec, err := a.SSEC(ctx)
//	client := s3.NewFromConfig(a.Config)
//
// Every error is one line, and none holds a key or a secret.
package account

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/stage"
)

// Account is the source environment of a stage.
type Account struct {
	Stage *stage.Stage

	// Config is that of every client, hardened for keys and secrets.
	Config aws.Config

	// Caller is the ARN of whoever the credentials are.
	Caller string
}

// Options change which credentials count.
type Options struct {
	// Profile is the one of the shared configuration. Default: AWS_PROFILE.
	Profile string

	// RoleARN is a role that the credentials assume first. Default: none.
	RoleARN string

	// Load changes further what the SDK reads of the environment.
	Load []func(*config.LoadOptions) error
}

// askingSTS is how long the first call may take: credentials that a network
// address must give, such as those of a virtual machine, would otherwise be
// waited for without a word.
const askingSTS = 30 * time.Second

// Open returns the source account of s. Errors: those of In.
func Open(ctx context.Context, s *stage.Stage, o Options) (*Account, error) {
	cfg, caller, err := In(ctx, s.Source, o)
	var other *OtherAccountError
	if errors.As(err, &other) {
		other.Stage = s.Name
	}
	if err != nil {
		return nil, err
	}
	return &Account{Stage: s, Config: cfg, Caller: caller}, nil
}

// In returns the configuration of clients in an environment, and whose the
// credentials are, which is somebody of its account. Errors: *CredentialsError, if
// the terminal has no credentials that work, *CallError, if STS was not reached,
// and *OtherAccountError.
func In(ctx context.Context, e stage.Environment, o Options) (cfg aws.Config, caller string, err error) {
	load := append([]func(*config.LoadOptions) error{
		config.WithRegion(e.Region),
		config.WithLogger(logging.Nop{}), // stderr is for people, and a failed call is an error anyway
		// As the AWS CLI does, for a profile with mfa_serial.
		config.WithAssumeRoleCredentialOptions(func(o *stscreds.AssumeRoleOptions) { o.TokenProvider = stscreds.StdinTokenProvider }),
	}, o.Load...)
	if o.Profile != "" {
		load = append(load, config.WithSharedConfigProfile(o.Profile))
	}
	cfg, err = config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return cfg, "", &CredentialsError{err}
	}
	cfg = awsclient.Harden(cfg)
	if o.RoleARN != "" {
		cfg.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), o.RoleARN))
	}
	asking, cancel := context.WithTimeout(ctx, askingSTS)
	defer cancel()
	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(asking, nil)
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		err = &CredentialsError{errors.New("no answer in " + askingSTS.String())}
	case unsent(err):
		err = &CallError{"sts GetCallerIdentity", err}
	case err != nil:
		err = &CredentialsError{err}
	case aws.ToString(who.Account) != e.Account:
		err = &OtherAccountError{Environment: e, Got: aws.ToString(who.Account), Caller: aws.ToString(who.Arn)}
	}
	if err != nil {
		return cfg, "", err
	}
	return cfg, aws.ToString(who.Arn), nil
}
