//go:build conformance

package conformance

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/localaws"
)

// removedStages is a small stage with everything that stays when it is removed.
const removedStages = `stages:
  dev:
    prefix: acme-dev
    source: {account: "` + source + `", region: ` + region + `}
    replica: {account: "` + replica + `", region: eu-west-1}
    patterns: [sse-s3, sse-kms-cmk, sse-c]
    functions: {architecture: ARCHITECTURE}
`

// project is a folder as a user's copy of this one is: the app, its functions,
// the CDK's CLI and stages.yaml. The CLI asks nothing.
func project(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	architecture := map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]
	functions := filepath.Join(folder, "build", "lambda", architecture)
	for out, build := range map[string][]string{
		filepath.Join(folder, "bin", "app"):          {"."},
		filepath.Join(functions, "put", "bootstrap"): {"-tags", "lambda.norpc", "./lambda/put"},
		filepath.Join(functions, "get", "bootstrap"): {"-tags", "lambda.norpc", "./lambda/get"},
	} {
		c := exec.CommandContext(t.Context(), "go", append([]string{"build", "-o", out}, build...)...)
		c.Dir, c.Env = root, append(os.Environ(), "CGO_ENABLED=0")
		if said, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
	}
	var configuration map[string]any
	if err := json.Unmarshal([]byte(read(t, "../../cdk.json")), &configuration); err != nil {
		t.Fatal(err)
	}
	delete(configuration, "build")
	configuration["requireApproval"], configuration["notices"] = "never", false
	text, err := json.Marshal(configuration)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"cdk.json": string(text), "stages.yaml": strings.Replace(removedStages, "ARCHITECTURE", architecture, 1),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(root, "node_modules"), filepath.Join(folder, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return folder
}

// person is somebody at a shell in a project, as administrator of an account.
func person(t *testing.T, s *localaws.Server, folder, account, region string) shell {
	t.Helper()
	sh := newShell(t, s)
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	sh.env = append(s.Env(account), "AWS_REGION="+region, "AWS_DEFAULT_REGION="+region, "PATH="+filepath.Join(folder, "node_modules/.bin")+":"+os.Getenv("PATH"),
		"HOME="+sh.folder, "LANG=C.UTF-8", "AWS_PAGER=", "CI=1",
		"JSII_RUNTIME_PACKAGE_CACHE_ROOT="+filepath.Join(home, ".cache/aws/jsii/package-cache"), // 200 MB, unpacked already
		"CDK_DISABLE_CLI_TELEMETRY=1")
	sh.folder = folder
	return sh
}

// removal are the blocks of commands of the section Remove of README.md.
func removal(t *testing.T) (destroy, bringBack, withoutRule string) {
	t.Helper()
	_, section, _ := strings.Cut(read(t, "../../README.md"), "\n### Remove\n")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(section, -1)
	if len(blocks) != 3 {
		t.Fatalf("README.md has %d blocks of commands below Remove, want 3", len(blocks))
	}
	return blocks[0][1], blocks[1][1], blocks[2][1]
}

// decode reads JSON.
func decode(t *testing.T, text string, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
}

// must is the text with something replaced that must be there.
func must(t *testing.T, text, old, new string) string {
	t.Helper()
	if !strings.Contains(text, old) {
		t.Fatalf("no %q in\n%s", old, text)
	}
	return strings.ReplaceAll(text, old, new)
}

// TestRemoveAndBringBack follows README.md word for word: a stage that was
// destroyed comes back, with its objects, keys and key ring, or is made anew
// beside what stayed.
func TestRemoveAndBringBack(t *testing.T) {
	s := start(t)
	folder := project(t)
	me, them := person(t, s, folder, source, region), person(t, s, folder, replica, "eu-west-1")
	if _, err := exec.LookPath("jq"); err != nil {
		t.Fatal("jq is not on the PATH")
	}
	step := func(what string, do func()) {
		began := time.Now()
		do()
		t.Logf("%s: %.1f s", what, time.Since(began).Seconds())
	}
	step("bootstrap", func() {
		me.runs("npx cdk synth -c stage=dev --quiet; npx cdk bootstrap --app cdk.out aws://" + source + "/" + region)
		them.runs("npx cdk bootstrap --app cdk.out aws://" + replica + "/eu-west-1 --trust " + source + " --cloudformation-execution-policies arn:aws:iam::aws:policy/AdministratorAccess")
	})
	var made map[string]map[string]string // output by stack and name
	outputs := func() { decode(t, read(t, filepath.Join(folder, "outputs.json")), &made) }
	step("deploy", func() {
		me.runs("npx cdk deploy --app cdk.out --all --outputs-file outputs.json")
		outputs()
	})
	first := made["dev-buckets"]
	buckets := []string{first["SseS3Bucket"], first["SseKmsCmkBucket"], made["dev-replication"]["SourceBucketName"]}
	replicas := made["dev-replica"]["ReplicaBucketName"]

	me.write("hello.txt", []byte("hello\n"))
	upload := func(bucket string) { t.Helper(); me.runs("aws s3 cp hello.txt s3://" + bucket) }
	holds := func(who shell, bucket string) { t.Helper(); who.runs("aws s3 cp s3://"+bucket+"/hello.txt -", "hello") }
	for _, b := range buckets {
		upload(b)
	}
	const arrives = "for i in $(seq 50); do aws s3 cp s3://$bucket/$key - 2>/dev/null && exit; sleep .2; done; exit 1"
	them.runs("bucket="+replicas+" key=hello.txt; "+arrives, "hello")
	var written, found struct{ VersionID, KeyID, Body string }
	decode(t, me.runs("aws lambda invoke --function-name "+first["SseCPut"]+" answer >/dev/null; cat answer"), &written)
	before := stays(t, s)

	destroy, bringBack, withoutRule := removal(t)
	const pair = "dev-logs dev-buckets"
	step("destroy", func() {
		// The replica's stacks are described with the other account's
		// credentials, and everything is destroyed at the end.
		describe, all, _ := strings.Cut(destroy, "npx cdk destroy")
		them.runs(must(t, describe, pair, "dev-replicalogs dev-replica"))
		me.runs(must(t, describe, pair, pair+" dev-replication"))
		me.runs("npx cdk destroy --force" + all)
	})
	if after := stays(t, s); after != before {
		t.Errorf("after the destruction there is\n%s\nwant\n%s", after, before)
	}
	holds(me, first["SseKmsCmkBucket"])

	// The names are taken. What has failed hinders the import, and goes away
	// without anything that stayed.
	me.fails("npx cdk deploy --app cdk.out dev-logs", "BucketAlreadyOwnedByYou")
	me.runs("npx cdk import --app cdk.out dev-logs --resource-mapping dev-logs.json", "no new resources compared to the currently deployed stack")
	me.runs("npx cdk destroy --app cdk.out --force dev-logs")

	// Without the rule's removal the replication stack can't be imported.
	me.fails("npx cdk import --app cdk.out dev-replication --resource-mapping dev-replication.json", "ReplicationRole")
	step("bring back", func() {
		synth, rest, _ := strings.Cut(bringBack, "\n")
		imports, deploy, _ := strings.Cut(must(t, rest, pair, "dev-replicalogs dev-replica "+pair+" dev-replication"), "npx cdk diff")
		me.runs(synth + "\n" + withoutRule + imports)
		said := me.runs("npx cdk diff" + deploy)
		changes, _, _ := strings.Cut(said, "deploying...")
		if strings.Contains(changes, "[-]") || !strings.Contains(changes, "[+]") || strings.Count(changes, "[~]") > 1 {
			t.Errorf("after the import the difference is not only additions and the rule:\n%s", changes)
		}
	})
	if after := stays(t, s); after != before {
		t.Errorf("after the import there is\n%s\nwant\n%s", after, before)
	}
	for _, b := range buckets {
		holds(me, b)
	}
	holds(them, replicas)
	me.runs("npx cdk deploy --app cdk.out --all --outputs-file outputs.json", "(no changes)")
	outputs()
	decode(t, me.runs("aws lambda invoke --function-name "+made["dev-buckets"]["SseCGet"]+" answer >/dev/null; cat answer"), &found)
	if found.VersionID != written.VersionID || found.KeyID != written.KeyID || found.Body != "s3seal!" {
		t.Errorf("the function put wrote %+v, and get found %+v", written, found)
	}
	me.runs("aws s3 cp hello.txt s3://" + made["dev-replication"]["SourceBucketName"] + "/more.txt")
	them.runs("bucket="+replicas+" key=more.txt; "+arrives, "hello")

	step("beside it", func() {
		me.runs("npx cdk destroy --app cdk.out --force --all; sed -i 's/prefix: acme-dev/prefix: acme-two/' stages.yaml; npx cdk deploy -c stage=dev --all --outputs-file outputs.json")
		outputs()
	})
	second := made["dev-buckets"]["SseKmsCmkBucket"]
	me.fails("aws s3 cp s3://"+second+"/hello.txt -", "404")
	upload(second)
	holds(me, second)
	holds(me, first["SseKmsCmkBucket"])
	if ring := me.runs("aws secretsmanager list-secrets --query 'length(SecretList)'"); strings.TrimSpace(ring) != "2" {
		t.Errorf("%s key rings, want the old one and the new", ring)
	}
}

// stays is what must be the same before and after: the stage's buckets with
// their policy, encryption and tags, the keys that live, the secrets with their
// values, and the functions' log groups.
func stays(t *testing.T, s *localaws.Server) string {
	t.Helper()
	var all []string
	call := func(service, target, body string, v any) string {
		t.Helper()
		a := newEndpoint(t, s, service, source).send(t, "POST", "/", map[string]string{"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}, body)
		if v != nil {
			decode(t, a.body, v)
		}
		return a.body
	}
	e := newEndpoint(t, s, "s3", source)
	for _, part := range strings.Split(e.send(t, "GET", "/", nil, "").body, "<Name>")[1:] {
		name, _, _ := strings.Cut(part, "<")
		if !strings.HasPrefix(name, "acme-dev-") {
			continue
		}
		for _, what := range []string{"policy", "encryption", "tagging"} {
			all = append(all, name+" "+e.send(t, "GET", "/"+name+"?"+what, nil, "").body)
		}
	}
	var keys struct{ Keys []struct{ KeyId string } }
	call("kms", "TrentService.ListKeys", "{}", &keys)
	for _, k := range keys.Keys {
		var d struct {
			KeyMetadata struct{ KeyId, KeyManager, KeyState string }
		}
		call("kms", "TrentService.DescribeKey", `{"KeyId":"`+k.KeyId+`"}`, &d)
		if d.KeyMetadata.KeyManager == "CUSTOMER" && d.KeyMetadata.KeyState == "Enabled" {
			all = append(all, "key "+k.KeyId)
		}
	}
	var secrets struct{ SecretList []struct{ ARN string } }
	call("secretsmanager", "secretsmanager.ListSecrets", "{}", &secrets)
	for _, x := range secrets.SecretList {
		all = append(all, call("secretsmanager", "secretsmanager.GetSecretValue", `{"SecretId":"`+x.ARN+`"}`, nil))
	}
	var groups struct {
		LogGroups []struct{ LogGroupName string }
	}
	call("logs", "Logs_20140328.DescribeLogGroups", "{}", &groups)
	for _, g := range groups.LogGroups {
		all = append(all, "log group "+g.LogGroupName)
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}
