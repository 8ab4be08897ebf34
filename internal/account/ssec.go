package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/s3seal/s3seal/encryption"
)

// SSEC is what a stage has deployed for SSE-C.
type SSEC struct {
	Bucket    string // its name
	SecretARN string // of the key ring

	// Functions are those of the stack that read the key ring. One whose
	// environment Lambda could not decrypt is among them: it may.
	Functions []Function
}

// Function is a deployed Lambda function.
type Function struct {
	Name    string
	Timeout time.Duration
}

// LongestTimeout is how long an invocation of any of the functions can still
// hold the ring that it read: 0 without functions.
func (s *SSEC) LongestTimeout() time.Duration {
	var longest time.Duration
	for _, f := range s.Functions {
		longest = max(longest, f.Timeout)
	}
	return longest
}

// ErrNoSSEC is that the stage has no bucket under SSE-C.
var ErrNoSSEC = errors.New("no bucket of the pattern sse-c")

// SSEC asks CloudFormation and Lambda for the stage's bucket under SSE-C, its
// key ring and its functions. Errors: ErrNoSSEC, wrapped, *NotDeployedError,
// *CallError.
func (a *Account) SSEC(ctx context.Context) (*SSEC, error) {
	if !a.Stage.Has(encryption.SSEC) {
		return nil, fmt.Errorf("the stage %s has %w, as stages.yaml says", a.Stage.Name, ErrNoSSEC)
	}
	stack, err := a.Stack(ctx, "buckets")
	if err != nil {
		return nil, err
	}
	id := encryption.SSEC.Traits().ID
	bucket, err := stack.Output(id + "Bucket")
	if err != nil {
		return nil, err
	}
	ring, err := stack.Output(id + "KeyRingArn")
	if err != nil {
		return nil, err
	}
	s := &SSEC{Bucket: bucket, SecretARN: ring}
	names, err := stack.resources(ctx, "AWS::Lambda::Function")
	if err != nil {
		return nil, err
	}
	client := lambda.NewFromConfig(a.Config)
	for _, name := range names {
		f, err := client.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &name})
		if err != nil {
			return nil, &CallError{"lambda GetFunctionConfiguration " + name, err}
		}
		if mayRead(f.Environment, ring) {
			s.Functions = append(s.Functions, Function{name, time.Duration(aws.ToInt32(f.Timeout)) * time.Second})
		}
	}
	return s, nil
}

// mayRead reports whether a function with that environment reads the secret.
func mayRead(e *types.EnvironmentResponse, secretARN string) bool {
	return e != nil && (e.Error != nil || e.Variables["SECRET_ARN"] == secretARN)
}
