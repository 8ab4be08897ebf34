package account

import (
	"context"
	"errors"
	"fmt"
	"strconv"
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

	// PutURLs is how long a presigned URL of the function may be good for that
	// uploads under a key of the ring. 0: it signs none.
	PutURLs time.Duration
}

// uploadTime is how long an upload may last that begins just before its URL
// expires. S3 checks the expiry when a request comes, and documents no end of one
// that has begun: in this time 5 GB, the most that one request uploads, need 58 KB
// a second.
//
// Source: AmazonS3/latest/userguide/using-presigned-url.html.
const uploadTime = 24 * time.Hour

// LongestWrite is how long after any of the functions read the ring an object may
// still be written under its primary key: 0 without functions. An invocation lasts
// for its timeout, and at its end may sign a URL.
func (s *SSEC) LongestWrite() time.Duration {
	var longest time.Duration
	for _, f := range s.Functions {
		write := f.Timeout
		if f.PutURLs > 0 {
			write += f.PutURLs + uploadTime
		}
		longest = max(longest, write)
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
			s.Functions = append(s.Functions, Function{name, time.Duration(aws.ToInt32(f.Timeout)) * time.Second, putURLs(f.Environment)})
		}
	}
	return s, nil
}

// maxSession is the longest session of a role: no URL that it signs is good for
// longer.
//
// Source: IAM/latest/UserGuide/id_roles_manage-assume.html.
const maxSession = 12 * time.Hour

// putURLs reads PUT_URL_SECONDS, without which a function signs no URL that
// uploads under a key. What can't be read is the longest that there is.
func putURLs(e *types.EnvironmentResponse) time.Duration {
	if e == nil || e.Error != nil {
		return maxSession
	}
	text, ok := e.Variables["PUT_URL_SECONDS"]
	if !ok {
		return 0
	}
	seconds, err := strconv.Atoi(text)
	if urls := time.Duration(seconds) * time.Second; err == nil && urls > 0 && urls < maxSession {
		return urls
	}
	return maxSession
}

// mayRead reports whether a function with that environment reads the secret.
func mayRead(e *types.EnvironmentResponse, secretARN string) bool {
	return e != nil && (e.Error != nil || e.Variables["SECRET_ARN"] == secretARN)
}
