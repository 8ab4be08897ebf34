package cloudformation

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/identity"
	"github.com/s3seal/s3seal/localaws/internal/sts"
)

// The reference across accounts, decided by real policies: the execution role
// of the consumer's account may assume the role that the other account
// publishes, and that one may describe the stack.
func TestGetStackOutputIsDecidedByPolicies(t *testing.T) {
	t.Parallel()
	const trustsCloudFormation = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudformation.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	const trustsExecution = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/exec"},"Action":"sts:AssumeRole"}]}`
	const mayAssume = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"` + publisherRole + `"},{"Effect":"Allow","Action":"ssm:*","Resource":"*"}]}`
	const mayDescribe = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"cloudformation:DescribeStacks","Resource":"arn:aws:cloudformation:eu-west-1:222222222222:stack/Dst/*"}]}`
	const nothing = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}`
	tests := map[string]struct{ execution, trust, publisher, want string }{
		"allowed":                       {mayAssume, trustsExecution, mayDescribe, ""},
		"execution role may not assume": {nothing, trustsExecution, mayDescribe, "sts:AssumeRole"},
		"publisher trusts someone else": {mayAssume, trustsCloudFormation, mayDescribe, "sts:AssumeRole"},
		"publisher may not describe":    {mayAssume, trustsExecution, nothing, "cloudformation:DescribeStacks"},
		"publisher describes another":   {mayAssume, trustsExecution, strings.Replace(mayDescribe, "Dst", "Other", 1), "cloudformation:DescribeStacks"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := identity.NewDirectory(time.Now, home, other)
			if err != nil {
				t.Fatal(err)
			}
			authorizer := identity.NewAuthorizer(d, identity.NewDecisionLog(10))
			f := newFake(t)
			f.Service = New(Options{
				Authorizer: authorizer, STS: sts.New(sts.Options{Directory: d, Authorizer: authorizer}), Now: time.Now, Objects: f, Parameters: f,
				Providers: map[string]api.Provider{"AWS::SSM::Parameter": f},
			})
			t.Cleanup(func() { f.Close() })
			for _, account := range []string{home, other} {
				if _, err := d.AddAdministrator(account, "u"); err != nil {
					t.Fatal(err)
				}
			}
			addRole(t, d, home, "exec", trustsCloudFormation, test.execution)
			addRole(t, d, other, "publish", test.trust, test.publisher)
			f.must(other, "CreateStack", "StackName=Dst", `TemplateBody={"Resources":{"K":{"Type":"AWS::SSM::Parameter"}},"Outputs":{"Arn":{"Value":{"Fn::GetAtt":["K","Arn"]}}}}`)
			f.must(home, "CreateStack", "StackName=S", "RoleARN="+executionRole, fmt.Sprintf(
				`TemplateBody={"Resources":{"C":{"Type":"AWS::SSM::Parameter","Properties":{"Value":{"Fn::GetStackOutput":{"StackName":"Dst","RoleArn":%q,"OutputName":"Arn"}}}}}}`, publisherRole))
			if test.want == "" {
				equal(t, "status", f.status("S"), "CREATE_COMPLETE")
				equal(t, "value", f.made["c-2"], `{"Value":"arn:k-1"}`)
				return
			}
			equal(t, "status", f.status("S"), "ROLLBACK_COMPLETE")
			if why := f.why("S", "C", "CREATE_FAILED"); !strings.Contains(why, test.want) {
				t.Errorf("reason %q, want one with %q", why, test.want)
			}
		})
	}
}

func addRole(t *testing.T, d *identity.Directory, account, name, trust, policy string) {
	t.Helper()
	var documents [2]iam.Document
	for i, text := range []string{trust, policy} {
		var err error
		if documents[i], err = iam.ParseDocument([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.AddRole(account, name, documents[0], documents[1]); err != nil {
		t.Fatal(err)
	}
}
