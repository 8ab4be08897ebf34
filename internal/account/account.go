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

	// Load changes further what the SDK reads of the environment.
	Load []func(*config.LoadOptions) error
}

// askingSTS is how long the first call may take: credentials that a network
// address must give, such as those of a virtual machine, would otherwise be
// waited for without a word.
const askingSTS = 30 * time.Second

// Open returns the source account of s. Errors: *CredentialsError, if the
// terminal has no credentials that work, *CallError, if STS was not reached, and
// *OtherAccountError.
func Open(ctx context.Context, s *stage.Stage, o Options) (*Account, error) {
	load := append([]func(*config.LoadOptions) error{
		config.WithRegion(s.Source.Region),
		config.WithLogger(logging.Nop{}), // stderr is for people, and a failed call is an error anyway
		// As the AWS CLI does, for a profile with mfa_serial.
		config.WithAssumeRoleCredentialOptions(func(o *stscreds.AssumeRoleOptions) { o.TokenProvider = stscreds.StdinTokenProvider }),
	}, o.Load...)
	if o.Profile != "" {
		load = append(load, config.WithSharedConfigProfile(o.Profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, &CredentialsError{err}
	}
	a := &Account{Stage: s, Config: awsclient.Harden(cfg)}
	asking, cancel := context.WithTimeout(ctx, askingSTS)
	defer cancel()
	who, err := sts.NewFromConfig(a.Config).GetCallerIdentity(asking, nil)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return nil, &CredentialsError{errors.New("no answer in " + askingSTS.String())}
	case unsent(err):
		return nil, &CallError{"sts GetCallerIdentity", err}
	case err != nil:
		return nil, &CredentialsError{err}
	case aws.ToString(who.Account) != s.Source.Account:
		return nil, &OtherAccountError{Stage: s.Name, Want: s.Source.Account, Got: aws.ToString(who.Account), Caller: aws.ToString(who.Arn)}
	}
	a.Caller = aws.ToString(who.Arn)
	return a, nil
}
