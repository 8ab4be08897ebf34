package execution_test

import (
	"archive/zip"
	"bytes"
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// foreign is a secret of a stage that is not in its stacks. Its ARN ends as Secrets
// Manager chooses.
const foreign = "fa-125-AbCdEf"

var named = regexp.MustCompile(`arn:aws:iam::(\d{12}):(role|user)/([\w-]+)`)

// principals makes the roles and users that a stack's policies name and no stack
// makes.
func (w *world) principals(s *template.Stack) {
	nobody := iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Principal: &iam.Principal{AWS: iam.Strings{s.Account}}, Action: iam.Strings{"sts:AssumeRole"},
	}}}
	for _, arn := range named.FindAllStringSubmatch(string(w.text(resources(s))), -1) {
		made := strings.HasPrefix(arn[3], "cdk-")
		for _, other := range w.stacks {
			for _, r := range other.ResourcesOfType("AWS::IAM::Role") {
				made = made || r.RawProperties["RoleName"] == arn[3]
			}
		}
		switch {
		case made || w.server.PrincipalExists(arn[0]):
		case arn[2] == "user":
			_, err := w.server.AddUser(arn[1], arn[3])
			w.ok(err)
		default:
			_, err := w.server.AddRole(arn[1], arn[3], nobody)
			w.ok(err)
		}
	}
}

var topic = regexp.MustCompile(`arn:aws:sns:([\w-]+):(\d{12}):([\w-]+)`)

// topics makes the topics that a stack publishes to and no stack makes.
func (w *world) topics(s *template.Stack) {
	for _, arn := range topic.FindAllStringSubmatch(w.text(resources(s)), -1) {
		if slices.ContainsFunc(w.stacks, func(other *template.Stack) bool {
			return strings.Contains(w.text(resources(other)), `"TopicName":"`+arn[3]+`"`)
		}) {
			continue
		}
		client := sns.NewFromConfig(w.config(arn[2], arn[1]))
		_, err := client.CreateTopic(context.Background(), &sns.CreateTopicInput{Name: &arn[3]})
		w.ok(err)
		_, err = client.SetTopicAttributes(context.Background(), &sns.SetTopicAttributesInput{
			TopicArn: &arn[0], AttributeName: aws.String("Policy"), AttributeValue: aws.String(w.text(iam.Document{Version: iam.Version, Statement: []iam.Statement{{
				Effect: iam.Allow, Principal: &iam.Principal{Service: iam.Strings{"s3.amazonaws.com"}}, Action: iam.Strings{"sns:Publish"}, Resource: iam.Strings{arn[0]},
			}}})),
		})
		w.ok(err)
	}
}

func (w *world) makeSecret(s *template.Stack) {
	if w.secret != foreign {
		return
	}
	out, err := secretsmanager.NewFromConfig(w.config(s.Account, s.Region)).CreateSecret(context.Background(), &secretsmanager.CreateSecretInput{
		Name: aws.String(foreign[:len(foreign)-7]), SecretString: aws.String("{}"),
	})
	w.ok(err)
	w.secret = (*out.ARN)[strings.LastIndex(*out.ARN, ":")+1:]
}

func assets(account, region string) string { return "cdk-hnb659fds-assets-" + account + "-" + region }

// answersNull is a function that answers each event with null: a rotation's test of
// itself is content with that.
const answersNull = `#!/bin/bash
api=${AWS_LAMBDA_RUNTIME_API%:*}/${AWS_LAMBDA_RUNTIME_API#*:}
path=/2018-06-01/runtime/invocation
while exec 3<>/dev/tcp/$api; do
	printf 'GET %s/next HTTP/1.1\r\nHost: l\r\nConnection: close\r\n\r\n' $path >&3
	while IFS= read -r line <&3; do
		case "$line" in [Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d:*) id=${line#*: } ;; esac
	done
	exec 3<>/dev/tcp/$api
	printf 'POST %s/%s/response HTTP/1.1\r\nHost: l\r\nConnection: close\r\nContent-Length: 4\r\n\r\nnull' $path "${id%$'\r'}" >&3
	while IFS= read -r line <&3; do :; done
done
`

// groups makes the log groups that a stack filters and no stack makes.
func (w *world) groups(s *template.Stack) {
	given := map[string]any{}
	for _, r := range s.ResourcesOfType("AWS::Logs::MetricFilter") {
		if name, ok := r.RawProperties["LogGroupName"].(string); ok {
			given["Group"] = map[string]any{"Type": "AWS::Logs::LogGroup", "Properties": map[string]any{"LogGroupName": name}}
		}
	}
	if len(given) == 0 {
		return
	}
	stack := &template.Stack{Name: "given", Account: s.Account, Region: s.Region}
	body := w.text(map[string]any{"Resources": given})
	_, err := cloudformation.NewFromConfig(w.config(s.Account, s.Region)).CreateStack(context.Background(), &cloudformation.CreateStackInput{StackName: &stack.Name, TemplateBody: &body})
	w.ok(err)
	w.ok(w.settled(stack, types.StackStatusCreateComplete))
}

// archives makes the bucket of a bootstrap with an archive for each function.
func (w *world) archives(account, region string) {
	client := s3.NewFromConfig(w.config(account, region), func(o *s3.Options) { o.UsePathStyle = true })
	bucket := aws.String(assets(account, region))
	in := &s3.CreateBucketInput{Bucket: bucket}
	if region != "us-east-1" {
		in.CreateBucketConfiguration = &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(region)}
	}
	_, err := client.CreateBucket(context.Background(), in)
	w.ok(err)
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	h := &zip.FileHeader{Name: "bootstrap"}
	h.SetMode(0o755)
	program, err := z.CreateHeader(h)
	w.ok(err)
	_, err = program.Write([]byte(answersNull))
	w.ok(err)
	w.ok(z.Close())
	for _, s := range w.stacks {
		if s.Account != account || s.Region != region {
			continue
		}
		for _, f := range s.ResourcesOfType("AWS::Lambda::Function") {
			key, err := f.Properties().Get("Code", "S3Key").String()
			w.ok(err)
			_, err = client.PutObject(context.Background(), &s3.PutObjectInput{Bucket: bucket, Key: &key, Body: bytes.NewReader(archive.Bytes())})
			w.ok(err)
		}
	}
}
