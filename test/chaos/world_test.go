package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cloudformationtypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/localaws"
)

const (
	account = "111122223333"
	bucket  = "objects"
	// functionTimeout is that of every function, in seconds.
	functionTimeout = 3
)

var functions = []string{"put", "get", "rotate", "sweep"}

// A world is a local AWS with the bucket, the key ring and the functions.
type world struct {
	aws     *localaws.Server
	s3      *s3.Client
	lambda  *lambda.Client
	secrets *secretsmanager.Client
	secret  string // its ARN
	retirer string // the program
}

func newWorld(t *testing.T) *world {
	t.Helper()
	server, err := localaws.Start(localaws.Options{Accounts: []string{account}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	config := server.Config(server.Credentials(account))
	config.RetryMaxAttempts = 1
	w := &world{
		aws: server, lambda: lambda.NewFromConfig(config), secrets: secretsmanager.NewFromConfig(config),
		s3: s3.NewFromConfig(config, func(o *s3.Options) { o.DisableLogOutputChecksumValidationSkipped = true }),
	}
	w.makeBuckets(t)
	secret, err := w.secrets.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{
		Name:         aws.String("ring"),
		SecretString: aws.String(`{"v":1,"primary":"k0","k0":"` + strings.Repeat("7a", ssec.KeySize) + `"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.secret = *secret.ARN
	w.deploy(t, config)
	return w
}

// makeBuckets makes one for the objects and one for the functions' code.
func (w *world) makeBuckets(t *testing.T) {
	t.Helper()
	for _, name := range []string{bucket, "code"} {
		if _, err := w.s3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.s3.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: aws.String(bucket), VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.s3.PutBucketEncryption(t.Context(), &s3.PutBucketEncryptionInput{
		Bucket: aws.String(bucket),
		ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{Rules: []s3types.ServerSideEncryptionRule{{
			BlockedEncryptionTypes: &s3types.BlockedEncryptionTypes{EncryptionType: []s3types.EncryptionType{s3types.EncryptionTypeNone}},
		}}},
	}); err != nil {
		t.Fatal(err)
	}
}

type object = map[string]any

// deploy makes the functions. Their role may do everything: what each may do is
// for the tests of the statements.
func (w *world) deploy(t *testing.T, config aws.Config) {
	t.Helper()
	folder, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	w.retirer = filepath.Join(folder, "retire")
	resources := object{
		"Role": object{"Type": "AWS::IAM::Role", "Properties": object{
			"AssumeRolePolicyDocument": statement(object{"Principal": object{"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}),
			"Policies":                 []object{{"PolicyName": "all", "PolicyDocument": statement(object{"Action": "*", "Resource": "*"})}},
		}},
		"Permission": object{"Type": "AWS::Lambda::Permission", "Properties": object{
			"Action": "lambda:InvokeFunction", "Principal": "secretsmanager.amazonaws.com", "SourceAccount": account,
			"FunctionName": object{"Ref": "rotate"},
		}},
	}
	architecture := "x86_64"
	if runtime.GOARCH != "amd64" {
		architecture = runtime.GOARCH
	}
	for _, name := range functions {
		archive := zipped(t, filepath.Join(folder, name))
		key := name + ".zip"
		if _, err := w.s3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("code"), Key: &key, Body: bytes.NewReader(archive)}); err != nil {
			t.Fatal(err)
		}
		resources[name] = object{"Type": "AWS::Lambda::Function", "Properties": object{
			"FunctionName": name, "Role": object{"Fn::GetAtt": []string{"Role", "Arn"}}, "Handler": "bootstrap",
			"Runtime": "provided.al2023", "Architectures": []string{architecture}, "Timeout": functionTimeout, "MemorySize": 128,
			"Code": object{"S3Bucket": "code", "S3Key": key},
			"Environment": object{"Variables": object{
				"BUCKET_NAME": bucket, "OBJECT_KEY": "unused", "ENCRYPTION": "sse-c", "SECRET_ARN": w.secret, "PROBE_KEY": "probe",
			}},
		}}
	}
	template, err := json.Marshal(object{"Resources": resources})
	if err != nil {
		t.Fatal(err)
	}
	client := cloudformation.NewFromConfig(config)
	stack := aws.String("functions")
	if _, err := client.CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: stack, TemplateBody: aws.String(string(template)),
		Capabilities: []cloudformationtypes.Capability{cloudformationtypes.CapabilityCapabilityIam},
	}); err != nil {
		t.Fatal(err)
	}
	if err := cloudformation.NewStackCreateCompleteWaiter(client, func(o *cloudformation.StackCreateCompleteWaiterOptions) {
		o.MinDelay, o.MaxDelay = 50*time.Millisecond, time.Second
	}).Wait(t.Context(), &cloudformation.DescribeStacksInput{StackName: stack}, time.Minute); err != nil {
		t.Fatal(err)
	}
}

func statement(s object) object {
	s["Effect"] = "Allow"
	return object{"Version": "2012-10-17", "Statement": []object{s}}
}

// errKilled is that the process ended before it answered; Lambda kills it too, at
// the function's timeout.
var errKilled = errors.New("the process was killed")

// A failure is a function's own.
type failure struct {
	ErrorType, ErrorMessage string
}

func (f *failure) Error() string { return f.ErrorType + ": " + f.ErrorMessage }

// invoke gives a function an event.
func (w *world) invoke(ctx context.Context, function string, event any) ([]byte, error) {
	payload, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	out, err := w.lambda.Invoke(ctx, &lambda.InvokeInput{FunctionName: &function, Payload: payload})
	if err != nil {
		return nil, err
	}
	if out.FunctionError == nil {
		return out.Payload, nil
	}
	f := new(failure)
	if err := json.Unmarshal(out.Payload, f); err != nil {
		return nil, err
	}
	if f.ErrorType == "Runtime.ExitError" || f.ErrorType == "Sandbox.Timedout" {
		return nil, errKilled
	}
	return nil, f
}

// ring is that of AWSCURRENT.
func (w *world) ring(ctx context.Context) (*ssec.Ring, error) {
	out, err := w.secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &w.secret, VersionStage: aws.String("AWSCURRENT")})
	if err != nil {
		return nil, err
	}
	return ssec.ParseRing(*out.SecretString)
}
