package bootstrap

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/execution"
	"github.com/s3seal/s3seal/internal/template"
)

// at are the values at a path of keys in a template. A list is looked at element by element,
// and so are the branches of Fn::If.
func at(v any, path ...string) (found []any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			found = append(found, at(item, path...)...)
		}
		return found
	case map[string]any:
		if branches, ok := v["Fn::If"].([]any); ok {
			return at(branches[1:], path...)
		}
		if len(path) > 0 {
			if next, ok := v[path[0]]; ok {
				return at(next, path[1:]...)
			}
			return nil
		}
	}
	if len(path) > 0 || v == nil {
		return nil
	}
	return []any{v}
}

func is(v any, want string, path ...string) bool {
	for _, f := range at(v, path...) {
		if f == any(want) || want == "true" && f == any(true) {
			return true
		}
	}
	return false
}

// wildcard is WILDCARD_ACTION_PATTERN of the controls' rule specifications.
var wildcard = regexp.MustCompile(`^[\w]*[:]*\*$`)

// noWildcard reports whether no statement that allows has an action such as "s3:*".
func noWildcard(statements []any) bool {
	for _, s := range statements {
		if !is(s, "Allow", "Effect") {
			continue
		}
		for _, action := range at(s, "Action") {
			if text, _ := action.(string); wildcard.MatchString(text) {
				return false
			}
		}
	}
	return true
}

// TestControlsOfThePage holds the tables of docs/bootstrap.md on Control Tower
// against the CDK's template and the generated policies.
func TestControlsOfThePage(t *testing.T) {
	t.Parallel()
	made, err := os.ReadFile(cdkTemplate)
	if err != nil {
		t.Skip("npm ci has not run: ", err)
	}
	page, err := os.ReadFile("../../docs/bootstrap.md")
	if err != nil {
		t.Fatal(err)
	}
	passes := proactive(t, made)
	needs := actionsOf(permissionsIn(t, made, "111122223333"))
	stages := actionsOf(executionStatements(t))
	said := func(good bool, word string) string {
		if good {
			return "pass" + word
		}
		return "fail" + strings.ReplaceAll(word, "es", "s")
	}
	rows := 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "| "), " | ")
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		rows++
		var want []string
		switch name := strings.Trim(cells[0], "`"); {
		case len(cells) == 4:
			action := strings.Trim(cells[1], "`")
			want = []string{cells[0], cells[1], said(!needs[action], "es"), said(!stages[action], "")}
		case passes[name] == nil:
			t.Errorf("nothing is known of %s", name)
			continue
		default:
			want = []string{cells[0], cells[1], said(*passes[name], "es")}
			delete(passes, name)
		}
		if got, want := strings.Join(cells, " | "), strings.Join(want, " | "); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if rows < 20 || len(passes) > 0 {
		t.Errorf("%d rows, and none for %v", rows, passes)
	}
}

func executionStatements(t *testing.T) (all []iam.Statement) {
	t.Helper()
	assembly, err := template.ReadAssembly("../access/testdata/assembly")
	if err != nil {
		t.Fatal(err)
	}
	policies, err := execution.Of(assembly.Stacks)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range policies {
		for _, d := range p.Documents {
			all = append(all, d.Statement...)
		}
	}
	return all
}

// proactive says which controls the template passes, as their rule specifications
// say it.
func proactive(t *testing.T, made []byte) map[string]*bool {
	t.Helper()
	var v map[string]any
	if err := yaml.Unmarshal(made, &v); err != nil {
		t.Fatal(err)
	}
	properties := func(id string) any { return at(v, "Resources", id, "Properties")[0] }
	bucket, repository, key := properties("StagingBucket"), properties("ContainerAssetsRepository"), properties("FileAssetsBucketEncryptionKey")
	has := func(of any, path ...string) bool { return len(at(of, path...)) > 0 }
	var inline []any
	for _, r := range v["Resources"].(map[string]any) {
		if is(r, "AWS::IAM::Role", "Type") || is(r, "AWS::IAM::Policy", "Type") {
			inline = append(inline, at(r, "Properties", "Policies", "PolicyDocument", "Statement")...)
			inline = append(inline, at(r, "Properties", "PolicyDocument", "Statement")...)
		}
	}
	var managed []any
	for _, s := range executionStatements(t) {
		var actions []any
		for _, a := range s.Action {
			actions = append(actions, a)
		}
		managed = append(managed, map[string]any{"Effect": string(s.Effect), "Action": actions})
	}
	if len(inline) < 10 || len(managed) < 10 {
		t.Fatalf("%d inline statements and %d of managed policies", len(inline), len(managed))
	}
	tls := false
	for _, s := range at(properties("StagingBucketPolicy"), "PolicyDocument", "Statement") {
		tls = tls || is(s, "Deny", "Effect") && is(s, "s3:*", "Action") && is(s, "false", "Condition", "Bool", "aws:SecureTransport")
	}
	grants := false
	for _, s := range at(key, "KeyPolicy", "Statement") {
		grants = grants || is(s, "Deny", "Effect") && is(s, "kms:CreateGrant", "Action")
	}
	all := map[string]*bool{}
	for name, passes := range map[string]bool{
		"CT.S3.PR.1":  is(bucket, "true", "PublicAccessBlockConfiguration", "RestrictPublicBuckets"),
		"CT.S3.PR.2":  has(bucket, "LoggingConfiguration"),
		"CT.S3.PR.4":  has(bucket, "NotificationConfiguration"),
		"CT.S3.PR.5":  !has(bucket, "AccessControl"),
		"CT.S3.PR.6":  is(bucket, "Enabled", "LifecycleConfiguration", "Rules", "Status"),
		"CT.S3.PR.8":  tls,
		"CT.S3.PR.9":  has(bucket, "ObjectLockEnabled"),
		"CT.S3.PR.10": is(bucket, "aws:kms", "BucketEncryption", "ServerSideEncryptionConfiguration", "ServerSideEncryptionByDefault", "SSEAlgorithm"),
		"CT.S3.PR.11": is(bucket, "Enabled", "VersioningConfiguration", "Status"),
		"CT.ECR.PR.1": has(repository, "LifecyclePolicy", "LifecyclePolicyText"),
		"CT.ECR.PR.2": is(repository, "true", "ImageScanningConfiguration", "ScanOnPush"),
		"CT.ECR.PR.3": is(repository, "IMMUTABLE", "ImageTagMutability"),
		"CT.IAM.PR.1": noWildcard(inline), // which is more than "*" on "*"
		"CT.IAM.PR.2": noWildcard(managed),
		"CT.IAM.PR.3": noWildcard(managed),
		"CT.IAM.PR.5": noWildcard(inline),
		"CT.KMS.PR.1": is(key, "true", "EnableKeyRotation"),
		"CT.KMS.PR.3": grants,
	} {
		all[name] = &passes
	}
	return all
}
