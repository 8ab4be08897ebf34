package account

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/stage"
)

// CredentialsError is that the terminal has no credentials, or none that work.
type CredentialsError struct{ Err error }

func (e *CredentialsError) Error() string {
	// The SDK looks for the role of a virtual machine last, and tells only of that.
	if strings.Contains(e.Err.Error(), "no EC2 IMDS role found") {
		return `no AWS credentials: sign in as for the AWS CLI, until "aws sts get-caller-identity" answers`
	}
	var missing config.SharedConfigProfileNotExistError
	if errors.As(e.Err, &missing) {
		return fmt.Sprintf("no profile %s in the AWS configuration: write it there, or choose another, with --profile or AWS_PROFILE", missing.Profile)
	}
	return "no AWS credentials that work: " + said(e.Err) + `: sign in as for the AWS CLI, until "aws sts get-caller-identity" answers`
}

// Unwrap returns the cause.
func (e *CredentialsError) Unwrap() error { return e.Err }

// OtherAccountError is that the credentials are for another account than that of
// the environment.
type OtherAccountError struct {
	Stage       string // "": the environment, whatever stands there
	Environment stage.Environment
	Got         string // account id
	Caller      string // ARN
}

func (e *OtherAccountError) Error() string {
	what := "the environment aws://" + e.Environment.Account + "/" + e.Environment.Region
	if e.Stage != "" {
		what = "the stage " + e.Stage
	}
	return fmt.Sprintf("%s is in account %s, and these credentials are for account %s (%s): choose others, with --profile or AWS_PROFILE", what, e.Environment.Account, e.Got, e.Caller)
}

// NotDeployedError is that the account lacks a stack of the stage, or the stack
// an output.
type NotDeployedError struct {
	Stack, Account, Region string
	Output                 string // "": the whole stack
}

func (e *NotDeployedError) Error() string {
	if e.Output == "" {
		return fmt.Sprintf("account %s has no stack %s in %s: deploy the stage first", e.Account, e.Stack, e.Region)
	}
	return fmt.Sprintf("the stack %s of account %s has no output %s: deploy what stages.yaml says", e.Stack, e.Account, e.Output)
}

// CallError is that AWS refused a call, or did not answer it.
type CallError struct {
	Call string // such as "cloudformation DescribeStacks dev-buckets"
	Err  error
}

func (e *CallError) Error() string { return e.Call + ": " + said(e.Err) }

// Unwrap returns the cause.
func (e *CallError) Unwrap() error { return e.Err }

// said is what AWS answered, or why it did not, on one line. It is for services
// whose answers hold no key: STS, CloudFormation and Lambda.
func said(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return oneLine(api.ErrorCode() + ": " + api.ErrorMessage())
	}
	var operation *smithy.OperationError
	if errors.As(err, &operation) {
		err = operation.Err
	}
	return oneLine(err.Error())
}

// unsent reports whether a request did not come to AWS, whatever its credentials.
func unsent(err error) bool {
	var send *smithyhttp.RequestSendError
	return errors.Is(err, awsclient.ErrNotTLS) || errors.As(err, &send)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
