//go:build conformance

package conformance

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/localaws"
)

const (
	accountsPage = "../../docs/accounts.md"
	pipeline     = "111122223333" // an account that the stage may trust
)

// TestAccountsThatDoNotTrustEachOther does what docs/accounts.md says, word for
// word, and then tries what the source account can do in the replica account.
func TestAccountsThatDoNotTrustEachOther(t *testing.T) {
	t.Parallel()
	s, err := localaws.Start(localaws.Options{
		Accounts: []string{prodSource, prodReplica, pipeline}, Regions: []string{"ap-northeast-1", "ap-northeast-3"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	blocks := commandBlocks(t)
	if len(blocks) != 4 {
		t.Fatalf("%s has %d blocks of commands, want those that deploy, remove, trust and take trust back", accountsPage, len(blocks))
	}
	deploys, removes, trusts, untrusts := blocks[0], blocks[1], blocks[2], blocks[3]
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range deploys {
		if !strings.Contains(c.line, " diff ") && !strings.Contains(string(readme), c.line) {
			t.Errorf("README.md doesn't have %q", c.line)
		}
	}
	folder := t.TempDir()
	synthesizeProd(t, folder)
	// The user that the stage names has to exist.
	iamCall(t, s, prodSource, "CreateRole", "RoleName=acme-prod-app", "AssumeRolePolicyDocument="+trustPolicy(prodSource))

	run(t, s, folder, deploys)
	trustOnly(t, s, prodReplica)
	t.Run("what the source account can assume", func(t *testing.T) { onlyTheOutput(t, s) })
	t.Run("a replica", func(t *testing.T) { replicates(t, s) })
	t.Run("every stack with the source's credentials", func(t *testing.T) {
		cdk{s, prodSource, folder}.fails(t, deploy("prod-logs", "prod-replication"), "Including dependency stacks: prod-replica, prod-replicalogs",
			"Could not assume role in target account", "deploy-role-"+prodReplica)
	})
	t.Run("trust", func(t *testing.T) {
		other := strings.ReplaceAll(trusts[0].line, "--trust "+prodSource, "--trust "+pipeline)
		run(t, s, folder, []command{{prodReplica, other}})
		trustOnly(t, s, prodReplica, pipeline)
		run(t, s, folder, trusts)
		trustOnly(t, s, prodReplica, prodSource) // and no longer the first
		run(t, s, folder, []command{{prodReplica, strings.Split(trusts[0].line, " --trust")[0]}})
		trustOnly(t, s, prodReplica, prodSource) // kept
		if _, refused := assumeRole(t, newEndpoint(t, s, "sts", prodSource), bootstrapRole("deploy")); refused != "" {
			t.Errorf("the source account can't assume the deployment role that trusts it: %s", refused)
		}
		run(t, s, folder, untrusts)
		trustOnly(t, s, prodReplica)
	})
	run(t, s, folder, removes)
}

// command is a line of the page, with the account whose credentials it needs.
type command struct{ account, line string }

// commandBlocks are the page's blocks of commands.
func commandBlocks(t *testing.T) [][]command {
	t.Helper()
	text, err := os.ReadFile(accountsPage)
	if err != nil {
		t.Fatal(err)
	}
	var blocks [][]command
	for i, part := range strings.Split(string(text), "```") {
		code, isShell := strings.CutPrefix(part, "sh\n")
		if i%2 == 0 || !isShell {
			continue
		}
		var block []command
		account := ""
		for line := range strings.Lines(code) {
			line = strings.TrimSpace(line)
			if said, ok := strings.CutPrefix(line, "# with credentials of "); ok {
				account, _, _ = strings.Cut(said, ",")
			} else if line != "" {
				block = append(block, command{account, line})
			}
		}
		blocks = append(blocks, block)
	}
	return blocks
}

// run runs commands of the page on an assembly, without the question that the
// CLI asks a person.
func run(t *testing.T, s *localaws.Server, folder string, commands []command) {
	t.Helper()
	for _, c := range commands {
		arguments, ok := strings.CutPrefix(c.line, "npx cdk ")
		if !ok {
			t.Fatalf("%q isn't a command of the CDK", c.line)
		}
		words := strings.Fields(arguments)
		switch words[0] {
		case "deploy":
			words = append(words, "--require-approval", "never")
		case "destroy":
			words = append(words, "--force")
		}
		cdk{s, c.account, folder}.does(t, words)
	}
}

// synthesizeProd writes the stacks of the stage prod as the CDK does, of
// templates whose archives are named for what is in them.
func synthesizeProd(t *testing.T, folder string) {
	t.Helper()
	var manifest struct {
		Artifacts map[string]struct {
			Environment  string
			Dependencies []string
		}
	}
	text, err := os.ReadFile(filepath.Join(accountsAssembly, "manifest.json"))
	if err == nil {
		err = json.Unmarshal(text, &manifest)
	}
	if err != nil {
		t.Fatal(err)
	}
	architecture := map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]
	archive := regexp.MustCompile(`"S3Key": "([^"]+)"`)
	var stacks []stack
	for name, a := range manifest.Artifacts {
		if !strings.HasPrefix(name, "prod-") {
			continue
		}
		template, err := os.ReadFile(filepath.Join(accountsAssembly, name+".template.json"))
		if err != nil {
			t.Fatal(err)
		}
		place := strings.Split(strings.TrimPrefix(a.Environment, "aws://"), "/")
		one := stack{name: name, account: place[0], region: place[1], dependsOn: a.Dependencies,
			template: strings.ReplaceAll(string(template), `"arm64"`, `"`+architecture+`"`)}
		for _, m := range archive.FindAllStringSubmatch(one.template, -1) {
			if !slices.Contains(one.archives, m[1]) {
				one.archives = append(one.archives, m[1])
			}
		}
		stacks = append(stacks, one)
	}
	if len(stacks) != 5 {
		t.Fatalf("%s has %d stacks of prod, want 5", accountsAssembly, len(stacks))
	}
	if err := os.Mkdir(filepath.Join(folder, "code"), 0o700); err != nil {
		t.Fatal(err)
	}
	// No function is called.
	if err := os.WriteFile(filepath.Join(folder, "code", "bootstrap"), []byte("#!/bin/false\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	synthesize(t, folder, stacks...)
}

// onlyTheOutput tries every role of the replica account, as the source account's
// administrator and as its execution role, which an administrator can become.
func onlyTheOutput(t *testing.T, s *localaws.Server) {
	const execution = "cdk-hnb659fds-cfn-exec-role-" + prodSource + "-ap-northeast-1"
	administrator := newEndpoint(t, s, "sts", prodSource)
	iamCall(t, s, prodSource, "UpdateAssumeRolePolicy", "RoleName="+execution, "PolicyDocument="+trustPolicy(prodSource))
	keys, refused := assumeRole(t, administrator, "arn:aws:iam::"+prodSource+":role/"+execution)
	if refused != "" {
		t.Fatalf("the administrator can't become the execution role: %s", refused)
	}
	asExecution := administrator
	asExecution.keys = keys

	var output []localaws.Credentials
	roles := rolesOf(t, s, prodReplica)
	for _, r := range roles {
		if _, refused := assumeRole(t, administrator, r.arn); refused == "" {
			t.Errorf("the source account's administrator can assume %s", r.arn)
		}
		keys, refused := assumeRole(t, asExecution, r.arn)
		if isOutput := strings.Contains(r.arn, "PublishGetStackOutputRole"); isOutput != (refused == "") {
			t.Errorf("the source account's execution role and %s: refused %q", r.arn, refused)
		} else if isOutput {
			output = append(output, keys)
		}
	}
	if len(roles) < 6 || len(output) != 1 {
		t.Fatalf("the replica account has %d roles, and %d of them give outputs", len(roles), len(output))
	}
	reads := func(stack string) answer {
		e := newEndpoint(t, s, "cloudformation", prodReplica)
		e.keys, e.region = output[0], "ap-northeast-3"
		return query(t, e, "2010-05-15", "DescribeStacks", "StackName="+stack)
	}
	if a := reads("prod-replica"); a.status != 200 || !strings.Contains(a.body, "ReplicaKeyArn") {
		t.Errorf("the output can't be read: %d %s", a.status, a.message)
	}
	for _, other := range []string{"prod-replicalogs", "CDKToolkit"} {
		if a := reads(other); a.status != 403 {
			t.Errorf("with the role for the output of prod-replica, %s answers %d", other, a.status)
		}
	}
	e := newEndpoint(t, s, "s3", prodReplica)
	e.keys = output[0]
	if a := e.send(t, "GET", "/", nil, ""); a.status != 403 {
		t.Errorf("with the role for the output of prod-replica, ListBuckets answers %d", a.status)
	}
}

// replicates: an object of the source account can be read in the other.
func replicates(t *testing.T, s *localaws.Server) {
	client := func(account, region string) *s3.Client {
		c := config(t, s, s.Credentials(account))
		c.Region = region
		return s3.NewFromConfig(c)
	}
	from := outputIn(t, s, prodSource, "ap-northeast-1", "prod-replication", "SourceBucketName")
	to := outputIn(t, s, prodReplica, "ap-northeast-3", "prod-replica", "ReplicaBucketName")
	content := []byte("for both accounts\n")
	_, err := client(prodSource, "ap-northeast-1").PutObject(t.Context(), &s3.PutObjectInput{Bucket: &from, Key: aws.String("hello.txt"), Body: bytes.NewReader(content)})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.WaitReplication(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := client(prodReplica, "ap-northeast-3").GetObject(t.Context(), &s3.GetObjectInput{Bucket: &to, Key: aws.String("hello.txt")})
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(got.Body); err != nil || !bytes.Equal(body.Bytes(), content) {
		t.Errorf("the replica is %q, want %q: %v", body.Bytes(), content, err)
	}
}
