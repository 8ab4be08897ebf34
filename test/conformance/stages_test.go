package conformance

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws"
)

// The environments of the stages dev and prod of test/testdata/stages.yaml,
// which no user edits, and the folder with their templates. docs/accounts.md is
// about prod.
const (
	devAccount   = source
	prodSource   = "444455556666"
	prodReplica  = "777788889999"
	abroadRegion = "ap-northeast-3" // of prodReplica

	accountsAssembly = "../../internal/access/testdata/assembly"
)

// exampleStages are a local AWS with these stages, all but their functions, so
// that the pages show what the deployed policies do.
type exampleStages struct {
	server *localaws.Server
	// outputs are those of the stacks, by name.
	outputs map[string]map[string]string
}

func deployStages(t testing.TB) exampleStages {
	t.Helper()
	s, err := localaws.Start(localaws.Options{
		Accounts: []string{devAccount, prodSource, prodReplica}, Regions: []string{region, abroadRegion},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	// prod's keys name this role, which must exist before them.
	addRole(t, s, prodSource, "acme-prod-app", iam.Principal{AWS: iam.Strings{"arn:aws:iam::" + prodSource + ":root"}}, "s3:*")
	// The replica stack shows its key's ARN to this role of the CDK's bootstrap.
	executor := addRole(t, s, prodSource, "cdk-hnb659fds-cfn-exec-role-"+prodSource+"-"+region,
		iam.Principal{Service: iam.Strings{"cloudformation.amazonaws.com"}}, "*")
	d := exampleStages{server: s, outputs: map[string]map[string]string{}}
	for _, stack := range []struct{ name, account, region, role string }{
		{"dev-logs", devAccount, region, ""},
		{"dev-buckets", devAccount, region, ""},
		{"prod-logs", prodSource, region, ""},
		{"prod-buckets", prodSource, region, ""},
		{"prod-replicalogs", prodReplica, abroadRegion, ""},
		{"prod-replica", prodReplica, abroadRegion, ""},
		{"prod-replication", prodSource, region, executor},
	} {
		var parameters []string
		if stack.role != "" {
			parameters = append(parameters, "RoleARN="+stack.role)
		}
		e := newEndpoint(t, s, "cloudformation", stack.account)
		e.region = stack.region
		d.outputs[stack.name] = createStackAt(t, e, stack.name, withoutFunctions(t, read(t, accountsAssembly+"/"+stack.name+".template.json")), parameters...)
	}
	return d
}

// createStackAt makes a stack where the endpoint is, and returns its outputs.
func createStackAt(t testing.TB, e endpoint, name, template string, parameters ...string) map[string]string {
	t.Helper()
	const version = "2010-05-15"
	parameters = append(parameters, "StackName="+name, "TemplateBody="+template, "Capabilities.member.1=CAPABILITY_NAMED_IAM")
	if a := query(t, e, version, "CreateStack", parameters...); a.status != http.StatusOK {
		t.Fatalf("CreateStack %s: %d %s: %s", name, a.status, a.code, a.message)
	}
	for t.Context().Err() == nil {
		body := query(t, e, version, "DescribeStacks", "StackName="+name).body
		switch status := element(body, "StackStatus"); {
		case status == "CREATE_COMPLETE":
			outputs := map[string]string{}
			for _, member := range splitMembers(body) {
				if key := element(member, "OutputKey"); key != "" {
					outputs[key] = element(member, "OutputValue")
				}
			}
			return outputs
		case !strings.HasSuffix(status, "_IN_PROGRESS"):
			t.Fatalf("stack %s is %s: %s", name, status, query(t, e, version, "DescribeStackEvents", "StackName="+name).body)
		}
	}
	t.Fatal("still in progress: ", name)
	return nil
}

// output is an output of a stack.
func (d exampleStages) output(t testing.TB, stack, name string) string {
	t.Helper()
	value := d.outputs[stack][name]
	if value == "" {
		t.Fatalf("stack %s has no output %s: %v", stack, name, d.outputs[stack])
	}
	return value
}

func addRole(t testing.TB, s *localaws.Server, account, name string, trusted iam.Principal, actions ...string) string {
	t.Helper()
	document := func(st iam.Statement) iam.Document {
		return iam.Document{Version: iam.Version, Statement: []iam.Statement{st}}
	}
	arn, err := s.AddRole(account, name,
		document(iam.Statement{Effect: iam.Allow, Principal: &trusted, Action: iam.Strings{"sts:AssumeRole"}}),
		document(iam.Statement{Effect: iam.Allow, Action: actions, Resource: iam.Strings{"*"}}))
	if err != nil {
		t.Fatal(err)
	}
	return arn
}

// withoutFunctions leaves out the functions, whose code a snapshot doesn't have,
// and metadata, for the size of a template in a request.
func withoutFunctions(t testing.TB, template string) string {
	t.Helper()
	var v struct {
		Resources, Outputs map[string]map[string]any
	}
	if err := json.Unmarshal([]byte(template), &v); err != nil {
		t.Fatal(err)
	}
	functions := map[string]bool{}
	maps.DeleteFunc(v.Resources, func(id string, r map[string]any) bool {
		functions[id] = r["Type"] == "AWS::Lambda::Function"
		delete(r, "Metadata")
		return functions[id]
	})
	maps.DeleteFunc(v.Outputs, func(_ string, o map[string]any) bool {
		ref, _ := o["Value"].(map[string]any)
		id, _ := ref["Ref"].(string)
		return functions[id]
	})
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
