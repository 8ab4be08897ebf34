package test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/logbucket"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/logdelivery"
)

// Every bucket of a stage is in the account regional namespace, or none is: the
// global namespace gives the names without an ending, and a template that does
// not speak of namespaces, since stating one replaces a bucket that was made
// without. Nothing else may differ.
func TestNamespaceChangesNamesAndNothingElse(t *testing.T) {
	const yaml = `
stages:
  s:
    prefix: acme
    source: {account: "111122223333", region: ap-northeast-1}
    replica: {account: "777788889999", region: us-east-1}
    key: {users: ["arn:aws:iam::111122223333:role/app"]}
    buckets: {sse-kms-cmk: {require: [no-aws-managed-key]}}
`
	regional := templates(t, synth(t, parseStages(t, yaml)))
	global := templates(t, synth(t, parseStages(t, yaml+"    bucketNamespace: global\n")))
	names := map[string]map[string]string{} // of regional, by stack and resource
	withoutNamespace := map[string]any{}
	for stack, template := range regional {
		names[stack] = bucketNames(template, func(properties map[string]any) {
			if properties["BucketNamespace"] != "account-regional" {
				t.Errorf("%s: %v is in the namespace %v", stack, properties["BucketName"], properties["BucketNamespace"])
			}
			delete(properties, "BucketNamespace")
		})
		withoutNamespace[stack] = replaceText(template, strings.NewReplacer(
			"-111122223333-ap-northeast-1-an", "-111122223333-ap-northeast-1",
			"-777788889999-us-east-1-an", "-777788889999-us-east-1"))
	}
	if d := cmp.Diff(withoutNamespace, global); d != "" {
		t.Errorf("the namespaces differ in more than names (- account-regional, without its endings, + global):\n%s", d)
	}
	want := map[string][]string{
		"s-buckets": {
			"acme-dsse-kms-111122223333-ap-northeast-1", "acme-sse-c-111122223333-ap-northeast-1",
			"acme-sse-kms-aws-111122223333-ap-northeast-1", "acme-sse-kms-cmk-111122223333-ap-northeast-1", "acme-sse-s3-111122223333-ap-northeast-1",
		},
		"s-logs":        {"acme-inventory-111122223333-ap-northeast-1", "acme-logs-111122223333-ap-northeast-1"},
		"s-replica":     {"acme-replica-777788889999-us-east-1"},
		"s-replicalogs": {"acme-inventory-777788889999-us-east-1", "acme-logs-777788889999-us-east-1"},
		"s-replication": {"acme-source-111122223333-ap-northeast-1"},
	}
	got := map[string][]string{}
	for stack, template := range global {
		for id, name := range bucketNames(template, func(properties map[string]any) {
			if namespace, stated := properties["BucketNamespace"]; stated {
				t.Errorf("%s: %v states its namespace %v", stack, properties["BucketName"], namespace)
			}
		}) {
			got[stack] = append(got[stack], name)
			if names[stack][id] != name+"-an" {
				t.Errorf("%s: %s is %s, and %s with bucketNamespace: global", stack, id, names[stack][id], name)
			}
		}
		slices.Sort(got[stack])
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("names in the global namespace (-want +got):\n%s", d)
	}
}

// The decision is each environment's: me-central-1 has the global namespace only.
func TestReplicaOfARegionWithoutNamespacesIsGlobal(t *testing.T) {
	all := templates(t, synth(t, parseStages(t, `
stages:
  s:
    prefix: acme
    patterns: [sse-s3]
    source: {account: "111122223333", region: ap-northeast-1}
    replica: {account: "777788889999", region: me-central-1}
`)))
	for stack, want := range map[string]any{
		"s-buckets": "account-regional", "s-logs": "account-regional", "s-replication": "account-regional",
		"s-replica": nil, "s-replicalogs": nil,
	} {
		names := bucketNames(all[stack], func(properties map[string]any) {
			if got := properties["BucketNamespace"]; got != want {
				t.Errorf("%s: %v is in the namespace %v, want %v", stack, properties["BucketName"], got, want)
			}
		})
		if len(names) == 0 {
			t.Errorf("%s has no bucket", stack)
		}
	}
}

func TestNamesOfAnotherNamespaceAreRefused(t *testing.T) {
	stack := awscdk.NewStack(newApp(t), jsii.String("s"), nil)
	for _, tc := range []struct{ namespace, name, want string }{
		{"account-regional", "", "without a Name: give it one"},
		{"account-regional", "acme-data", `"acme-data" is not one of an account regional namespace`},
		{"account-regional", "acme-111122223333-ap-northeast-1", "is not one of"},
		{"account-regional", "acme-ap-northeast-1-111122223333-an", "is not one of"},
		{"account-regional", "-111122223333-ap-northeast-1-an", "is not one of"},
		{"", "acme-111122223333-ap-northeast-1-an", "set Namespace to account-regional"},
		{"global", "lufthans-an", "ends in -an, which S3 keeps"},
		{"regional", "acme-data", `namespace "regional": write account-regional or global`},
	} {
		func() {
			defer expectPanic(t, tc.want)
			bucket.New(stack, "b", bucket.Props{Encryption: encryption.SSES3, Namespace: tc.namespace, Name: tc.name})
		}()
	}
	_, stack = logStack(t)
	defer expectPanic(t, "is not one of an account regional namespace")
	logbucket.New(stack, "l", logbucket.Props{
		Name: "acme-logs", Namespace: "account-regional",
		Encryption: encryption.SSES3,
		Deliveries: []logdelivery.Delivery{{Source: logdelivery.VPCFlowLogs, Partition: "aws", Account: "111122223333", Region: "ap-northeast-1"}},
	})
}

// templates are the templates of an assembly, by stack.
func templates(t *testing.T, dir string) map[string]any {
	t.Helper()
	all := map[string]any{}
	for _, s := range read(t, dir).Stacks {
		var template any
		unmarshal(t, dir+"/"+s.Name+".template.json", &template)
		all[s.Name] = template
	}
	return all
}

// bucketNames are the names of a template's buckets, by logical id; look is
// called with the properties of each.
func bucketNames(template any, look func(properties map[string]any)) map[string]string {
	names := map[string]string{}
	for id, r := range template.(map[string]any)["Resources"].(map[string]any) {
		if r := r.(map[string]any); r["Type"] == "AWS::S3::Bucket" {
			properties := r["Properties"].(map[string]any)
			look(properties)
			names[id] = properties["BucketName"].(string)
		}
	}
	return names
}

// replaceText is a JSON value with every text replaced.
func replaceText(v any, r *strings.Replacer) any {
	switch v := v.(type) {
	case string:
		return r.Replace(v)
	case []any:
		for i := range v {
			v[i] = replaceText(v[i], r)
		}
	case map[string]any:
		for k := range v {
			v[k] = replaceText(v[k], r)
		}
	}
	return v
}
