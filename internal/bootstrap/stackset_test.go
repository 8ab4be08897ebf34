package bootstrap

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/stage"
)

// A name is the same for all stages when their own names, accounts and Regions are
// out of it, and stays as it is otherwise.
func TestWidenARN(t *testing.T) {
	t.Parallel()
	s := &stage.Stage{Name: "web-prod-1", Prefix: "acme-web-prod-1"}
	e := stage.Environment{Account: "111122223333", Region: "eu-west-1"}
	for arn, want := range map[string]string{
		"*": "*",
		"arn:aws:s3:::acme-web-prod-1-sse-s3-111122223333-eu-west-1-an":                   "arn:${AWS::Partition}:s3:::*-sse-s3-${AWS::AccountId}-${AWS::Region}-an",
		"arn:aws:lambda:eu-west-1:111122223333:function:web-prod-1-buckets-*":             "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*-buckets-*",
		"arn:aws:iam::111122223333:role/webprod1replicaPublishGetStackOutputRoleF1F03AFD": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*replicaPublishGetStackOutputRole*",
		"arn:aws:iam::999988887777:role/webprod1replicaPublishGetStackOutputRoleF1F03AFD": "arn:${AWS::Partition}:iam::999988887777:role/*replicaPublishGetStackOutputRole*",
		"arn:aws:kms:eu-west-1:111122223333:key/*":                                        "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*",
		"arn:aws:iam::111122223333:role/web-prod-11-app":                                  "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/web-prod-11-app", // another's
		"arn:aws:iam::111122223333:role/${aws:username}":                                  "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${!aws:username}",
	} {
		if got := widenARN(arn, s, e); got != want {
			t.Errorf("%s:\n got %s\nwant %s", arn, got, want)
		}
	}
	short := &stage.Stage{Name: "a", Prefix: "acme-a"}
	if got := widenARN("arn:aws:lambda:eu-west-1:111122223333:function:a-data-aa-a", short, e); got != "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*-data-aa-*" {
		t.Error(got)
	}
}

// bootstrapTemplate has what the CDK's has, as far as it is changed.
const bootstrapTemplate = `{"Parameters": {"BootstrapVariant": {"Type": "String", "Default": "AWS CDK: Default Resources"}},
 "Resources": {"CloudFormationExecutionRole": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": {"Fn::If": []}}}}}`

// bucketPolicies allow a stage's bucket, wherever the stage is.
func bucketPolicies(s *stage.Stage) (map[stage.Environment][]iam.Document, error) {
	all := map[stage.Environment][]iam.Document{}
	for i, e := range s.Environments() {
		action := []string{"s3:CreateBucket", "s3:PutReplicationConfiguration"}[i]
		all[e] = []iam.Document{{Version: iam.Version, Statement: []iam.Statement{{Sid: "A", Effect: iam.Allow, Action: iam.Strings{action},
			Resource: iam.Strings{"arn:aws:s3:::" + s.Prefix + "-" + e.Account}}}}}
	}
	return all, nil
}

func TestStackSetsAreOneForEachKind(t *testing.T) {
	t.Parallel()
	file := parse(t, "a=1>9 b=2>9 c=3 d=4", `bootstrap: {trust: ["999988887777"]}`)
	plan, err := New(file, file.Stages, documents(1))
	if err != nil {
		t.Fatal(err)
	}
	sets, err := plan.StackSets(file, []byte(bootstrapTemplate), bucketPolicies)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range sets {
		got = append(got, s.Name+": "+strings.Join(s.accounts("eu-west-1"), " "))
	}
	if diff := cmp.Diff([]string{"s3seal-bootstrap-hnb659fds-1: 111111111111 222222222222 333333333333 444444444444", "s3seal-bootstrap-hnb659fds-2: 999999999999"}, got); diff != "" {
		t.Fatal(diff)
	}
	want := `{"Parameters":{"BootstrapVariant":{"Default":"s3seal: with execution policies","Type":"String"}},` +
		`"Resources":{"CloudFormationExecutionRole":{"Properties":{"ManagedPolicyArns":[{"Ref":"ExecutionPolicy1"}]},"Type":"AWS::IAM::Role"},` +
		`"ExecutionPolicy1":{"Properties":{"ManagedPolicyName":{"Fn::Sub":"s3seal-execution-hnb659fds-${AWS::Region}-1"},` +
		`"PolicyDocument":{"Statement":[{"Action":"s3:CreateBucket","Effect":"Allow","Resource":{"Fn::Sub":"arn:${AWS::Partition}:s3:::*-${AWS::AccountId}"},"Sid":"Statement1"}],"Version":"2012-10-17"}},"Type":"AWS::IAM::ManagedPolicy"}}}`
	if diff := cmp.Diff(want, string(sets[0].Template)); diff != "" {
		t.Error(diff)
	}
	var parameters []struct{ ParameterKey, ParameterValue string }
	if err := json.Unmarshal(sets[0].Parameters, &parameters); err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, p := range parameters {
		list = append(list, p.ParameterKey+"="+p.ParameterValue)
	}
	if diff := cmp.Diff([]string{"FileAssetsBucketKmsKeyId=AWS_MANAGED_KEY", "PublicAccessBlockConfiguration=true", "Qualifier=hnb659fds", "TrustedAccounts=999988887777", "TrustedAccountsForLookup="}, list); diff != "" {
		t.Error(diff)
	}
	var commands []string
	for _, units := range [][]string{nil, {"r-abcd"}} {
		for _, c := range sets[1].Commands("out", units) {
			commands = append(commands, c.String())
		}
	}
	const create = "aws cloudformation create-stack-set --stack-set-name s3seal-bootstrap-hnb659fds-2 --template-body file://out/s3seal-bootstrap-hnb659fds-2.json" +
		" --parameters file://out/s3seal-bootstrap-hnb659fds-2-parameters.json --capabilities CAPABILITY_NAMED_IAM"
	const instances = "aws cloudformation create-stack-instances --stack-set-name s3seal-bootstrap-hnb659fds-2 --regions eu-west-1 --operation-preferences FailureToleranceCount=4,MaxConcurrentCount=5"
	if diff := cmp.Diff([]string{
		create, instances + " --accounts 999999999999",
		create + " --permission-model SERVICE_MANAGED --auto-deployment Enabled=false", instances + " --deployment-targets file://out/s3seal-bootstrap-hnb659fds-2-targets-eu-west-1.json",
	}, commands); diff != "" {
		t.Error(diff)
	}
}

// Policies of one's own may be of each account.
func TestStackSetWithPoliciesOfOnesOwn(t *testing.T) {
	t.Parallel()
	file := parse(t, "a=1 b=2", `bootstrap: {executionPolicies: ["arn:{partition}:iam::{account}:policy/deploy", "arn:aws:iam::aws:policy/ReadOnlyAccess"]}`)
	plan, err := New(file, file.Stages, nil)
	if err != nil {
		t.Fatal(err)
	}
	sets, err := plan.StackSets(file, []byte(bootstrapTemplate), nil)
	if err != nil || len(sets) != 1 {
		t.Fatal(len(sets), err)
	}
	if want := `"ManagedPolicyArns":[{"Fn::Sub":"arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/deploy"},"arn:aws:iam::aws:policy/ReadOnlyAccess"]`; !strings.Contains(string(sets[0].Template), want) {
		t.Error(string(sets[0].Template))
	}
	if _, err := plan.StackSets(file, []byte(`{}`), nil); err == nil || !strings.Contains(err.Error(), "has no CloudFormationExecutionRole") {
		t.Error(err)
	}
}

// A hundred stages may have their replicas in one account. Its role can't have a
// policy for each name of theirs.
func TestPoliciesOfManyStagesInOnePlace(t *testing.T) {
	t.Parallel()
	file := parse(t, "a=1", "")
	one := file.Stages[0]
	many := func(n int) []iam.Document {
		file.Stages = nil
		for i := range n {
			s := one
			s.Name = fmt.Sprintf("team-%03d", i)
			s.Prefix = "acme-" + s.Name
			file.Stages = append(file.Stages, s)
		}
		documents, err := Together(file, one.Source, func(s *stage.Stage) (map[stage.Environment][]iam.Document, error) {
			d := iam.Document{Version: iam.Version}
			for _, bucket := range []string{"s3", "kms", "logs", "inventory", "source"} {
				d.Statement = append(d.Statement, iam.Statement{Effect: iam.Allow, Action: iam.Strings{"s3:CreateBucket"}, Resource: iam.Strings{"arn:aws:s3:::" + s.Prefix + "-" + bucket + "-111111111111-eu-west-1-an"}})
			}
			return map[stage.Environment][]iam.Document{one.Source: {d}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return documents
	}
	few := many(2)
	if len(few) != 1 || len(few[0].Statement) != 1 || len(few[0].Statement[0].Resource) != 10 || few[0].Statement[0].Resource[0] != "arn:aws:s3:::acme-team-000-inventory-111111111111-eu-west-1-an" {
		t.Error(few)
	}
	common := many(300)
	want := iam.Strings{"arn:aws:s3:::*-inventory-111111111111-eu-west-1-an", "arn:aws:s3:::*-kms-111111111111-eu-west-1-an", "arn:aws:s3:::*-logs-111111111111-eu-west-1-an",
		"arn:aws:s3:::*-s3-111111111111-eu-west-1-an", "arn:aws:s3:::*-source-111111111111-eu-west-1-an"}
	if len(common) != 1 {
		t.Fatalf("%d documents", len(common))
	}
	if diff := cmp.Diff(want, common[0].Statement[0].Resource); diff != "" {
		t.Error(diff)
	}
}
