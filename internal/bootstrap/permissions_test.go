package bootstrap

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"golang.org/x/sync/errgroup"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/golden"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/localaws"
)

// cdkTemplate is where the CDK's CLI has the template that it shows.
const cdkTemplate = "../../node_modules/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml"

// TestPermissionsAreEnoughAndNeeded prepares an account with exactly the printed
// policies, again and again with one action less, and takes all away. What isn't
// missed is in a file: the local AWS asks for less than AWS does.
func TestPermissionsAreEnoughAndNeeded(t *testing.T) {
	t.Parallel()
	made, err := os.ReadFile(cdkTemplate)
	if err != nil {
		t.Skip("npm ci has not run: ", err)
	}
	if testing.Short() {
		t.Skip("deploys once for each action")
	}
	actions := slices.Sorted(maps.Keys(actionsOf(permissionsIn(t, made, "100000000000"))))
	var accounts []string
	for i := range len(actions) + 1 {
		accounts = append(accounts, fmt.Sprintf("%012d", 100000000000+i))
	}
	server, err := localaws.Start(localaws.Options{Accounts: accounts, Regions: []string{"eu-west-1"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := prepareAs(t, server, made, accounts[0], ""); err != nil {
		t.Fatalf("with all of the permissions: %v", err)
	}
	var mu sync.Mutex
	unasked := []string{}
	g, _ := errgroup.WithContext(t.Context())
	g.SetLimit(4)
	for i, action := range actions {
		g.Go(func() error {
			err := prepareAs(t, server, made, accounts[i+1], action)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				unasked = append(unasked, action)
			} else if !strings.Contains(err.Error(), "not authorized to perform: "+action) && !strings.Contains(err.Error(), action) {
				t.Errorf("without %s: %v", action, err)
			}
			return nil
		})
	}
	_ = g.Wait() // none returns one
	slices.Sort(unasked)
	golden.File(t, "testdata/unasked.txt", strings.Join(unasked, "\n")+"\n")
}

// planIn is the plan of an account, with generated policies.
func planIn(t *testing.T, account string) *Plan {
	t.Helper()
	file, err := stage.Parse("stages.yaml", fmt.Appendf(nil, `stages: {a: {prefix: acme-a, source: {account: "%s", region: eu-west-1}}}`, account))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := New(file, file.Stages, documents(2))
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func permissionsIn(t *testing.T, made []byte, account string) []iam.Statement {
	t.Helper()
	all, err := planIn(t, account).Permissions(made)
	if err != nil || len(all) != 1 {
		t.Fatal(len(all), err)
	}
	var statements []iam.Statement
	for _, d := range all[0].Policies {
		statements = append(statements, d.Statement...)
	}
	return statements
}

func actionsOf(statements []iam.Statement) map[string]bool {
	all := map[string]bool{}
	for _, s := range statements {
		for _, a := range s.Action {
			all[a] = true
		}
	}
	return all
}

// prepareAs makes, changes and deletes the two stacks of an account with the
// permissions, but for one action.
func prepareAs(t *testing.T, server *localaws.Server, made []byte, account, without string) error {
	statements := permissionsIn(t, made, account)
	for i, s := range statements {
		statements[i].Action = slices.DeleteFunc(slices.Clone(s.Action), func(a string) bool { return a == without })
	}
	statements = slices.DeleteFunc(statements, func(s iam.Statement) bool { return len(s.Action) == 0 })
	root := iam.Principal{AWS: iam.Strings{"arn:aws:iam::" + account + ":root"}}
	arn, err := server.AddRole(account, "bootstrapper",
		iam.Document{Version: iam.Version, Statement: []iam.Statement{{Effect: iam.Allow, Principal: &root, Action: iam.Strings{"sts:AssumeRole"}}}},
		iam.Document{Version: iam.Version, Statement: statements})
	if err != nil {
		return err
	}
	keys, err := server.SessionCredentials(arn, "test", time.Hour)
	if err != nil {
		return err
	}
	client := cloudformation.NewFromConfig(server.Config(keys), func(o *cloudformation.Options) { o.RetryMaxAttempts = 1 })
	plan := planIn(t, account)
	e := plan.Environments[0]
	if _, err := plan.bootstrapped(t.Context(), client, e); err != nil {
		return err
	}
	policies, err := plan.Template(e)
	if err != nil {
		return err
	}
	toolkit := string(made)
	for _, text := range []struct{ policies, toolkit string }{
		{string(policies), toolkit},
		{strings.ReplaceAll(string(policies), "s3:CreateBucket", "s3:DeleteBucket"), changedToolkit(toolkit)},
	} {
		if _, err := change(t.Context(), client, plan.policyStack(), text.policies, pause); err != nil {
			return err
		}
		if err := deployToolkit(t.Context(), client, plan, e, text.toolkit); err != nil {
			return err
		}
	}
	for _, name := range []string{plan.Settings.StackName, plan.policyStack()} { // the role first, which has the policies
		if _, err := client.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: &name}); err != nil {
			return err
		}
		if s, err := settled(t.Context(), client, name, pause); err != nil || s != nil {
			return fmt.Errorf("%s is not gone: %w", name, failureOr(t.Context(), client, name, s, err))
		}
	}
	return nil
}

func failureOr(ctx context.Context, client *cloudformation.Client, name string, s *types.Stack, err error) error {
	if err != nil {
		return err
	}
	return failure(ctx, client, name, s)
}

// changedToolkit changes a resource of each kind, as a later version may.
func changedToolkit(template string) string {
	return strings.NewReplacer(
		"Value: '33'", "Value: '34'", "NoncurrentDays: 30", "NoncurrentDays: 31", `"countNumber": 365`, `"countNumber": 366`,
		"Sid: LambdaECRImageRetrievalPolicy", "Sid: LambdaImages", "Sid: 'AllowSSLRequestsOnly'", "Sid: 'TLSOnly'",
		"Sid: DontReadSecrets", "Sid: NoSecrets", "- s3:Abort*\n            Resource:", "- s3:AbortMultipartUpload\n            Resource:",
		"Action: sts:AssumeRole\n            Effect: Allow\n            Principal:\n              Service", "Action: [sts:AssumeRole]\n            Effect: Allow\n            Principal:\n              Service",
	).Replace(template)
}

// deployToolkit does what the CDK's CLI does.
func deployToolkit(ctx context.Context, client *cloudformation.Client, p *Plan, e *Environment, template string) error {
	in := &cloudformation.CreateChangeSetInput{StackName: &p.Settings.StackName, ChangeSetName: aws.String("cdk"), ChangeSetType: types.ChangeSetTypeCreate,
		TemplateBody: &template, Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam}}
	was, err := describe(ctx, client, *in.StackName)
	if err != nil {
		return err
	}
	if was != nil {
		in.ChangeSetType = types.ChangeSetTypeUpdate
		if _, err := client.DeleteChangeSet(ctx, &cloudformation.DeleteChangeSetInput{StackName: in.StackName, ChangeSetName: in.ChangeSetName}); err != nil {
			return err
		}
	}
	want := p.parameters(e)
	want["FileAssetsBucketKmsKeyId"] = "AWS_MANAGED_KEY"
	for name, value := range want {
		in.Parameters = append(in.Parameters, types.Parameter{ParameterKey: aws.String(name), ParameterValue: aws.String(value)})
	}
	if _, err := client.CreateChangeSet(ctx, in); err != nil {
		return err
	}
	if err := reviewed(ctx, client, *in.StackName, *in.ChangeSetName, pause); err != nil {
		return err
	}
	if _, err := client.ExecuteChangeSet(ctx, &cloudformation.ExecuteChangeSetInput{StackName: in.StackName, ChangeSetName: in.ChangeSetName}); err != nil {
		return err
	}
	s, err := settled(ctx, client, *in.StackName, pause)
	if err != nil {
		return err
	}
	if s == nil || s.StackStatus != types.StackStatusCreateComplete && s.StackStatus != types.StackStatusUpdateComplete {
		return failure(ctx, client, *in.StackName, s)
	}
	return nil
}

func TestPermissionsFollowTheSettings(t *testing.T) {
	t.Parallel()
	made, err := os.ReadFile(cdkTemplate)
	if err != nil {
		t.Skip("npm ci has not run: ", err)
	}
	file := parse(t, "a=1", "bootstrap: {qualifier: acme, terminationProtection: true, customerKey: true, executionPolicies: ['arn:aws:iam::aws:policy/AmazonS3FullAccess']}")
	plan, err := New(file, file.Stages, nil)
	if err != nil {
		t.Fatal(err)
	}
	all, err := plan.Permissions(made)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"cloudformation:UpdateTerminationProtection"`, `"kms:CreateKey"`, "role/cdk-acme-cfn-exec-role-111111111111-eu-west-1", "stack/CDKToolkit-acme/*", "s3:::cdk-acme-assets-111111111111-eu-west-1"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	for _, not := range []string{"s3seal-execution", "iam:CreatePolicy"} {
		if strings.Contains(string(text), not) {
			t.Errorf("%s in %s", not, text)
		}
	}
}
