package localaws_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws"
)

// functionDifferences are about Lambda.
var functionDifferences = map[string]func(*testing.T){
	"A function is a process of this machine, without a sandbox: it may read this user's files": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		file := filepath.Join(t.TempDir(), "private")
		if err := os.WriteFile(file, []byte("of this user\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		withFunction(t, s, "cat '"+file+"'\n", nil)
		if log := runs(t, s); !strings.Contains(log, "of this user") {
			t.Error(log)
		}
	},

	"Functions of other runtimes than `provided.al2023`, those with inline code among them, are deployed; to invoke one is 502 `InvalidRuntimeException`": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		withFunction(t, s, "", func(p object) {
			p["Runtime"], p["Handler"], p["Code"] = "python3.13", "index.handler", object{"ZipFile": "x"}
		})
		if status, answer := call(t, s, "lambda", "POST /2015-03-31/functions/run/invocations", `{}`); status != 502 || !strings.Contains(answer, "python3.13") {
			t.Errorf("%d %s", status, answer)
		}
		_, err := lambda.NewFromConfig(config(s, s.Credentials(source))).Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("run")})
		if code(err) != "InvalidRuntimeException" {
			t.Error(err)
		}
	},

	"A function that breaks off its streamed response tells `InvokeWithResponseStream` its error's type as `ErrorCode`, and the error's body as `ErrorDetails`; a stream has no limit of bandwidth": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		withFunction(t, s, "exit 3\n", nil)
		_, answer := call(t, s, "lambda", "POST /2021-11-15/functions/run/response-streaming-invocations", "{}")
		for _, want := range []string{`"ErrorCode":"Runtime.ExitError"`, `"ErrorDetails":"{\"errorMessage\":\"`, "exit status 3"} {
			if !strings.Contains(answer, want) {
				t.Errorf("no %s in %q", want, answer)
			}
		}
	},

	"An event source is a queue, of which at most five batches are processed at once; other sources, filters and provisioned pollers are refused by name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		file := filepath.Join(t.TempDir(), "started")
		withFunction(t, s, "echo >> '"+file+"'\nsleep 5\n", nil)
		queue := newQueue(t, s, "q", "")
		for range 7 {
			sendMessage(t, s, queue, "x")
		}
		const mapping = `{"FunctionName":"run","EventSourceArn":"arn:aws:`
		if status, answer := call(t, s, "lambda", "POST /2015-03-31/event-source-mappings", mapping+`sqs:eu-west-1:`+source+`:q","BatchSize":1}`); status != 202 {
			t.Fatal(answer)
		}
		started := 0
		for end := time.Now().Add(4 * time.Second); started < 5 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			lines, _ := os.ReadFile(file)
			started = len(lines)
		}
		time.Sleep(300 * time.Millisecond)
		if lines, _ := os.ReadFile(file); len(lines) != 5 {
			t.Errorf("%d batches of 7 are processed at once", len(lines))
		}
		refuses(t, s,
			unsupported{"kinesis", "lambda", "POST /2015-03-31/event-source-mappings", mapping + `kinesis:eu-west-1:` + source + `:stream/s"}`},
			unsupported{"FilterCriteria", "lambda", "POST /2015-03-31/event-source-mappings", mapping + `sqs:eu-west-1:` + source + `:q","FilterCriteria":{"Filters":[]}}`},
			unsupported{"ProvisionedPollerConfig", "lambda", "POST /2015-03-31/event-source-mappings", mapping + `sqs:eu-west-1:` + source + `:q","ProvisionedPollerConfig":{"MinimumPollers":2}}`},
		)
	},

	"Container images, layers, VPCs, versions, aliases and URLs of functions: refused by name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		for named, change := range map[string]func(object){
			"Code.ImageUri": func(p object) { p["PackageType"], p["Code"] = "Image", object{"ImageUri": "x"} },
			"Layers":        func(p object) { p["Layers"] = []string{"arn:aws:lambda:eu-west-1:" + source + ":layer:l:1"} },
			"VpcConfig": func(p object) {
				p["VpcConfig"] = object{"SubnetIds": []string{"subnet-0"}, "SecurityGroupIds": []string{"sg-0"}}
			},
		} {
			refuses(t, s, unsupported{named, "cloudformation", "CreateStack", "StackName=app&TemplateBody=" + functionTemplate(t, change)})
		}
		for typ, properties := range map[string]string{
			"AWS::Lambda::LayerVersion": `{"Content":{"S3Bucket":"assets","S3Key":"f.zip"}}`,
			"AWS::Lambda::Version":      `{"FunctionName":"run"}`,
			"AWS::Lambda::Alias":        `{"FunctionName":"run","FunctionVersion":"1","Name":"live"}`,
			"AWS::Lambda::Url":          `{"TargetFunctionArn":"run","AuthType":"AWS_IAM"}`,
		} {
			refuses(t, s, unsupported{typ, "cloudformation", "CreateStack", `StackName=app&TemplateBody={"Resources":{"X":{"Type":"` + typ + `","Properties":` + properties + `}}}`})
		}
	},
}

// withFunction makes the stack app with the function run, whose code is a script.
func withFunction(t *testing.T, s *localaws.Server, script string, change func(properties object)) {
	t.Helper()
	addLambdaRole(t, s)
	putScript(t, s, script)
	if !create(t, s, functionTemplate(t, change)) {
		_, events := call(t, s, "cloudformation", "DescribeStackEvents", "StackName=app")
		t.Fatal(events)
	}
}

// addLambdaRole adds the role lambda, as which functions may do everything.
func addLambdaRole(t *testing.T, s *localaws.Server) {
	t.Helper()
	document := iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Action: iam.Strings{"sts:AssumeRole"}, Principal: &iam.Principal{Service: iam.Strings{"lambda.amazonaws.com"}},
	}}}
	if _, err := s.AddRole(source, "lambda", document, statement(iam.Allow, "*", "*")); err != nil {
		t.Fatal(err)
	}
}

// runs invokes the function run and gives what it wrote. A script fetches no event,
// so that the invocation itself fails.
func runs(t *testing.T, s *localaws.Server) string {
	t.Helper()
	out, err := lambda.NewFromConfig(config(s, s.Credentials(source))).Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("run"), LogType: types.LogTypeTail})
	if err != nil {
		t.Fatal(err)
	}
	log, err := base64.StdEncoding.DecodeString(aws.ToString(out.LogResult))
	if err != nil {
		t.Fatal(err)
	}
	return string(log)
}
