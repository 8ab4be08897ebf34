package bootstrap

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/s3seal/s3seal/localaws"
)

const pause = 5 * time.Millisecond

func newClient(t *testing.T) *cloudformation.Client {
	t.Helper()
	server, err := localaws.Start(localaws.Options{Accounts: []string{"111111111111"}, Regions: []string{"eu-west-1"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return cloudformation.NewFromConfig(server.Config(server.Credentials("111111111111")))
}

// policiesTemplate is that of an environment with as many execution policies.
func policiesTemplate(t *testing.T, n int) string {
	t.Helper()
	file := parse(t, "a=1", "")
	plan, err := New(file, file.Stages, documents(n))
	if err != nil {
		t.Fatal(err)
	}
	template, err := plan.Template(plan.Environments[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(template)
}

func TestPoliciesAreMadeChangedAndLeft(t *testing.T) {
	t.Parallel()
	client := newClient(t)
	for i, c := range []struct {
		policies int
		changed  bool
	}{{1, true}, {1, false}, {3, true}, {2, true}, {2, false}} {
		changed, err := change(t.Context(), client, "s", policiesTemplate(t, c.policies), pause)
		if err != nil || changed != c.changed {
			t.Errorf("%d: changed %t, want %t: %v", i, changed, c.changed, err)
		}
	}
	out, err := client.DescribeStackResources(t.Context(), &cloudformation.DescribeStackResourcesInput{StackName: aws.String("s")})
	if err != nil || len(out.StackResources) != 2 {
		t.Errorf("%d policies: %v", len(out.StackResources), err)
	}
}

// A run that ended early leaves a change set that nobody executed, or a creation
// that failed; the next one goes on from there.
func TestWhatAnInterruptedRunLeft(t *testing.T) {
	t.Parallel()
	client := newClient(t)
	if _, err := client.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{StackName: aws.String("left"), ChangeSetName: aws.String("c"), ChangeSetType: types.ChangeSetTypeCreate,
		TemplateBody: aws.String(policiesTemplate(t, 1)), Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam}}); err != nil {
		t.Fatal(err)
	}
	if changed, err := change(t.Context(), client, "left", policiesTemplate(t, 1), pause); !changed || err != nil {
		t.Error(changed, err)
	}

	// A policy of that name is there already.
	_, err := change(t.Context(), client, "failed", policiesTemplate(t, 1), pause)
	if err == nil || !strings.Contains(err.Error(), "s3seal-execution-hnb659fds-eu-west-1-1") || strings.Contains(err.Error(), "\n") {
		t.Fatal(err)
	}
	other := strings.ReplaceAll(policiesTemplate(t, 1), "execution-hnb659fds", "execution-other")
	if changed, err := change(t.Context(), client, "failed", other, pause); !changed || err != nil {
		t.Error(changed, err)
	}
}

func TestTemplateTooLong(t *testing.T) {
	t.Parallel()
	file := parse(t, "a=1", "")
	long := documents(20)
	plan, err := New(file, file.Stages, long)
	if err != nil {
		t.Fatal(err)
	}
	for i := range plan.Environments[0].Policies {
		p := &plan.Environments[0].Policies[i]
		for range 60 {
			p.Statement[0].Resource = append(p.Statement[0].Resource, "arn:aws:s3:::acme-dev-a-bucket-with-a-long-name-111122223333-eu-west-1-an")
		}
	}
	if _, err := plan.Template(plan.Environments[0]); err == nil || !strings.Contains(err.Error(), "and a template 51200 at most") {
		t.Error(err)
	}
}
