package execution_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/execution"
	"github.com/s3seal/s3seal/internal/template"
	"github.com/s3seal/s3seal/localaws"
)

// world is a local AWS as a bootstrap leaves it: each account and Region of the
// stacks has an execution role, with the given policies and no others, and a bucket
// with the functions' archives. What the stages name and don't make is there too.
type world struct {
	t      testing.TB
	server *localaws.Server
	stacks []*template.Stack
	// secret is the ARN of the secret in the place of the one that the stage has.
	secret string
}

// architecture is this machine's: the local AWS runs functions on it.
var architecture = map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]

func newWorld(t testing.TB, stacks []*template.Stack, policies []execution.Policies) *world {
	t.Helper()
	w := &world{t: t, stacks: stacks, secret: foreign}
	accounts, regions := map[string]bool{}, map[string]bool{}
	for _, s := range stacks {
		accounts[s.Account], regions[s.Region] = true, true
	}
	var err error
	w.server, err = localaws.Start(localaws.Options{Accounts: slices.Sorted(maps.Keys(accounts)), Regions: slices.Sorted(maps.Keys(regions))})
	w.ok(err)
	t.Cleanup(func() { w.ok(w.server.Close()) })
	for _, s := range stacks {
		w.principals(s)
		w.topics(s)
		w.groups(s)
		if strings.Contains(w.text(s.Template.Resources), foreign) {
			w.makeSecret(s)
		}
	}
	for _, p := range policies {
		w.role(p)
		w.archives(p.Account, p.Region)
	}
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) text(v any) string {
	text, err := json.Marshal(v)
	w.ok(err)
	return strings.NewReplacer(foreign, w.secret, "SERVICE_QUOTA(usage)", "usage").Replace(string(text)) // the local AWS has no quotas
}

func resources(s *template.Stack) map[string]any {
	all := map[string]any{}
	for _, r := range s.Resources() {
		properties := r.RawProperties
		if r.Type == "AWS::Lambda::Function" { // several worlds have the same stacks
			properties = maps.Clone(properties)
			properties["Architectures"] = []any{architecture}
		}
		all[r.LogicalID] = map[string]any{"Type": r.Type, "Properties": properties, "DeletionPolicy": r.Deletion(), "UpdateReplacePolicy": r.Replacement(), "DependsOn": append([]string{}, r.DependsOn...)}
	}
	return all
}

func (w *world) config(account, region string) aws.Config {
	c := w.server.Config(w.server.Credentials(account))
	c.Region = region
	return c
}

func roleName(account, region string) string {
	return "cdk-hnb659fds-cfn-exec-role-" + account + "-" + region
}

func (w *world) role(p execution.Policies) {
	var documents []iam.Document
	w.ok(json.Unmarshal([]byte(w.text(p.Documents)), &documents))
	_, err := w.server.AddRole(p.Account, roleName(p.Account, p.Region), iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Principal: &iam.Principal{Service: iam.Strings{"cloudformation.amazonaws.com"}}, Action: iam.Strings{"sts:AssumeRole"},
	}}}, documents...)
	w.ok(err)
}

// request is what creates or updates a stack.
type request struct {
	*template.Stack
	body string
	tags map[string]string
}

func (w *world) request(s *template.Stack, change func(resources map[string]any)) request {
	all := resources(s)
	if change != nil {
		change(all)
	}
	body := map[string]any{"Resources": all}
	outputs := map[string]any{}
	for name, o := range s.Template.Outputs {
		outputs[name] = map[string]any{"Value": o.Value}
	}
	if len(outputs) > 0 {
		body["Outputs"] = outputs
	}
	return request{s, w.text(body), s.Tags}
}

// deploy creates or updates a stack as its execution role, and gives an error if
// its status is another in the end.
func (w *world) deploy(r request, update bool, want types.StackStatus) error {
	ctx := context.Background()
	files := s3.NewFromConfig(w.config(r.Account, r.Region), func(o *s3.Options) { o.UsePathStyle = true })
	key := r.Name + ".json"
	_, err := files.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(assets(r.Account, r.Region)), Key: &key, Body: strings.NewReader(r.body)})
	w.ok(err)
	var tags []types.Tag
	for k, v := range r.tags {
		tags = append(tags, types.Tag{Key: aws.String(k), Value: aws.String(v)})
	}
	role := aws.String("arn:aws:iam::" + r.Account + ":role/" + roleName(r.Account, r.Region))
	url := aws.String("https://s3." + r.Region + ".amazonaws.com/" + assets(r.Account, r.Region) + "/" + key)
	capabilities := []types.Capability{types.CapabilityCapabilityNamedIam}
	client := cloudformation.NewFromConfig(w.config(r.Account, r.Region))
	if update {
		_, err = client.UpdateStack(ctx, &cloudformation.UpdateStackInput{StackName: &r.Name, TemplateURL: url, RoleARN: role, Tags: tags, Capabilities: capabilities})
	} else {
		_, err = client.CreateStack(ctx, &cloudformation.CreateStackInput{StackName: &r.Name, TemplateURL: url, RoleARN: role, Tags: tags, Capabilities: capabilities})
	}
	w.ok(err)
	return w.settled(r.Stack, want)
}

// delete deletes a stack with its role.
func (w *world) delete(s *template.Stack) error {
	client := cloudformation.NewFromConfig(w.config(s.Account, s.Region))
	_, err := client.DeleteStack(context.Background(), &cloudformation.DeleteStackInput{StackName: &s.Name})
	w.ok(err)
	return w.settled(s, types.StackStatusDeleteComplete)
}

func (w *world) settled(s *template.Stack, want types.StackStatus) error {
	client := cloudformation.NewFromConfig(w.config(s.Account, s.Region))
	for {
		out, err := client.DescribeStacks(context.Background(), &cloudformation.DescribeStacksInput{StackName: &s.Name})
		if err != nil && want == types.StackStatusDeleteComplete && strings.Contains(err.Error(), "does not exist") {
			return w.undone(s)
		}
		w.ok(err)
		status := out.Stacks[0].StackStatus
		if strings.HasSuffix(string(status), "_IN_PROGRESS") {
			continue
		}
		if status != want {
			return fmt.Errorf("stack %s is %s: %w", s.Name, status, w.undone(s))
		}
		return w.undone(s)
	}
}

// undone is what failed of a stack, other than on purpose: also a deletion in the
// clean-up of an update, which leaves the stack's status as it is.
func (w *world) undone(s *template.Stack) error {
	var errs []error
	pages := cloudformation.NewDescribeStackEventsPaginator(cloudformation.NewFromConfig(w.config(s.Account, s.Region)), &cloudformation.DescribeStackEventsInput{StackName: &s.Name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			return nil // it is gone
		}
		for _, e := range page.StackEvents {
			if strings.HasSuffix(string(e.ResourceStatus), "_FAILED") && *e.LogicalResourceId != fails {
				errs = append(errs, fmt.Errorf("%s %s: %s", *e.LogicalResourceId, e.ResourceStatus, aws.ToString(e.ResourceStatusReason)))
			}
		}
	}
	return errors.Join(errs...)
}

// fails is the logical id of a resource that fails on purpose.
const fails = "Fails"
