//go:build conformance && unix

package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/process"
	"github.com/s3seal/s3seal/localaws"
)

// prodEnvironments are those of the stage prod, in the order in which they are
// bootstrapped.
var prodEnvironments = []string{"aws://" + prodSource + "/" + region, "aws://" + prodReplica + "/" + abroadRegion}

// bootstrapper is a terminal in which a person bootstraps the stage prod, with a
// profile for each account.
type bootstrapper struct {
	t      *testing.T
	server *localaws.Server
	env    []string
}

func newBootstrapper(t *testing.T) *bootstrapper {
	t.Helper()
	s, err := localaws.Start(localaws.Options{Accounts: []string{prodSource, prodReplica}, Regions: []string{region, abroadRegion}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	if _, err := s.WriteProfiles(localaws.Profile{Name: prodSource, Account: prodSource, Region: region},
		localaws.Profile{Name: prodReplica, Account: prodReplica, Region: abroadRegion}); err != nil {
		t.Fatal(err)
	}
	env := slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "AWS_") })
	return &bootstrapper{t, s, append(env,
		"AWS_CONFIG_FILE="+filepath.Join(filepath.Dir(s.CAFile()), "config"), "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull, "AWS_EC2_METADATA_DISABLED=true",
		"AWS_ENDPOINT_URL="+s.URL(), "AWS_CA_BUNDLE="+s.CAFile(), "NODE_EXTRA_CA_CERTS="+s.CAFile(), "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1",
		"CDK_DISABLE_CLI_TELEMETRY=1", "HOME="+t.TempDir(), "TMPDIR="+t.TempDir())}
}

// command is `s3seal bootstrap`, in the project's folder, where its CLI is.
func (b *bootstrapper) command(arguments ...string) *exec.Cmd {
	program, err := filepath.Abs("../../bin/s3seal")
	if err != nil {
		b.t.Fatal(err)
	}
	if !slices.Contains(arguments, "--stages") {
		arguments = append(arguments, "--stages", "test/testdata/stages.yaml")
	}
	c := process.Command(b.t.Context(), program, append([]string{"bootstrap", "--assembly", accountsAssembly[len("../../"):]}, arguments...)...)
	c.Dir, c.Env = "../..", b.env
	return c
}

// run runs it with an exit status, and gives what it says.
func (b *bootstrapper) run(status int, arguments ...string) string {
	b.t.Helper()
	clis <- struct{}{}
	defer func() { <-clis }()
	c := b.command(arguments...)
	out, err := c.CombinedOutput()
	b.t.Logf("$ s3seal bootstrap %s\n%s", strings.Join(arguments, " "), out)
	if c.ProcessState == nil || c.ProcessState.ExitCode() != status {
		b.t.Fatalf("exit %v, want %d", err, status)
	}
	return string(out)
}

// stacks are the names of the stacks of an account that are there.
func (b *bootstrapper) stacks(account string) string {
	e := newEndpoint(b.t, b.server, "cloudformation", account)
	if account == prodReplica {
		e.region = abroadRegion
	}
	var names []string
	for _, s := range splitMembers(query(b.t, e, "2010-05-15", "ListStacks").body) {
		if name := element(s, "StackName"); name != "" {
			names = append(names, name+" "+element(s, "StackStatus"))
		}
	}
	return strings.Join(names, ", ")
}

// TestBootstrap brings two accounts from nothing to deployed, with the generated
// execution policies.
func TestBootstrap(t *testing.T) {
	t.Parallel()
	b := newBootstrapper(t)
	out := b.run(0, "prod", "--run", "--profile", "{account}")
	contains(t, out, []string{
		"[1/2] " + prodEnvironments[0] + ": bootstrap: there is no bootstrap", "[1/2] " + prodEnvironments[0] + ": is bootstrapped, version ",
		"[2/2] " + prodEnvironments[1] + ": is bootstrapped, version ",
	})
	trustOnly(t, b.server, prodReplica)

	folder := t.TempDir()
	synthesizeProd(t, folder)
	iamCall(t, b.server, prodSource, "CreateRole", "RoleName=acme-prod-app", "AssumeRolePolicyDocument="+trustPolicy(prodSource))
	deploys := slices.DeleteFunc(commandBlocks(t)[0], func(c command) bool { return !strings.Contains(c.line, " deploy ") })
	run(t, b.server, folder, deploys)
	t.Run("a replica", func(t *testing.T) { replicates(t, b.server) })

	t.Run("again", func(t *testing.T) {
		contains(t, b.run(0, "prod", "--run", "--profile", "{account}"), []string{"[1/2] " + prodEnvironments[0] + ": is as it should be, version ", "[2/2] " + prodEnvironments[1] + ": is as it should be"})
	})
}

// TestBootstrapStops says how a run that can't end is continued.
func TestBootstrapStops(t *testing.T) {
	t.Parallel()
	b := newBootstrapper(t)
	t.Run("credentials of another account", func(t *testing.T) {
		out := b.run(2, "prod", "--run", "--profile", prodSource)
		contains(t, out, []string{"the environment " + prodEnvironments[1] + " is in account " + prodReplica + ", and these credentials are for account " + prodSource, "; for each account's own, write --profile with {account} in it, or --role"})
		if is := b.stacks(prodSource) + b.stacks(prodReplica); is != "" || strings.Count(out, "\n") != 1 {
			t.Errorf("changed before the credentials were known: %s", is)
		}
	})
	t.Run("killed in the middle", func(t *testing.T) {
		b.kill("[2/2] ", syscall.SIGKILL, -1)
		if is := b.stacks(prodSource); !strings.Contains(is, "CDKToolkit CREATE_COMPLETE") {
			t.Fatalf("the first account has %s", is)
		}
		out := b.run(0, "prod", "--run", "--profile", "{account}")
		contains(t, out, []string{"[1/2] " + prodEnvironments[0] + ": is as it should be", "[2/2] " + prodEnvironments[1] + ": is bootstrapped"})
	})
	t.Run("interrupted", func(t *testing.T) {
		b := newBootstrapper(t)
		contains(t, b.kill("[1/2] "+prodEnvironments[0]+": bootstrap", os.Interrupt, 130), []string{"interrupted: CloudFormation goes on with what it began"})
		contains(t, b.run(0, "prod", "--run", "--profile", "{account}"), []string{"[2/2] " + prodEnvironments[1] + ": is bootstrapped"})
	})
}

// kill runs the bootstrap until it says something, sends it a signal, and gives
// what it said.
func (b *bootstrapper) kill(says string, signal os.Signal, status int) string {
	b.t.Helper()
	clis <- struct{}{}
	defer func() { <-clis }()
	c := b.command("prod", "--run", "--profile", "{account}")
	stderr, err := c.StderrPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	var said bytes.Buffer
	lines := bufio.NewScanner(stderr)
	for sent := false; lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if !sent && strings.HasPrefix(lines.Text(), says) {
			sent = true
			c.Process.Signal(signal)
		}
	}
	c.Wait()
	if got := c.ProcessState.ExitCode(); got != status {
		b.t.Fatalf("exit status %d, want %d: %s", got, status, said.String())
	}
	return said.String()
}

// TestBootstrapLeavesOthersTheirs: a bootstrap that other apps share loses nothing
// unless that is asked for, and a qualifier makes one of its own.
func TestBootstrapLeavesOthersTheirs(t *testing.T) {
	t.Parallel()
	b := newBootstrapper(t)
	other := []command{{prodSource, "npx cdk bootstrap " + prodEnvironments[0]}}
	empty := t.TempDir()
	synthesize(t, empty, stack{name: "any", account: prodSource, template: bucketTemplate("any", "any")})
	run(t, b.server, empty, other)
	out := b.run(1, "prod", "--run", "--profile", "{account}")
	contains(t, out, []string{prodEnvironments[0] + ": the stack CDKToolkit would lose the execution policy AdministratorAccess", "0 of 2 environments are done"})
	if is := b.stacks(prodSource); is != "CDKToolkit CREATE_COMPLETE" {
		t.Errorf("the account has %s", is)
	}
	t.Run("a qualifier", func(t *testing.T) {
		stages := filepath.Join(t.TempDir(), "stages.yaml")
		writeFile(t, stages, read(t, "../../test/testdata/stages.yaml")+"\nbootstrap: {qualifier: acme}\n")
		out := b.run(0, "prod", "--run", "--profile", "{account}", "--stages", stages)
		contains(t, out, []string{"[2/2] " + prodEnvironments[1] + ": is bootstrapped"})
		if is := b.stacks(prodSource); !strings.Contains(is, "CDKToolkit-acme CREATE_COMPLETE") || !strings.Contains(is, "s3seal-execution-acme CREATE_COMPLETE") || !strings.Contains(is, "CDKToolkit CREATE_COMPLETE") {
			t.Errorf("the account has %s", is)
		}
	})
	contains(t, b.run(0, "prod", "--run", "--profile", "{account}", "--replace"), []string{"CloudFormationExecutionPolicies is none, not arn:aws:iam::" + prodSource + ":policy/s3seal-execution-hnb659fds-" + region + "-1"})
}

// TestBootstrapStackSet makes each stack of the written StackSets as a StackSet
// would, under a name of its own, and deploys.
func TestBootstrapStackSet(t *testing.T) {
	t.Parallel()
	b := newBootstrapper(t)
	folder := t.TempDir()
	out := b.run(0, "prod", "--stackset", folder, "--ou", "r-abcd")
	contains(t, out, []string{"aws cloudformation create-stack-set --stack-set-name s3seal-bootstrap-hnb659fds-2 ", "StackSet-NAME-ID"})
	for i, account := range []string{prodSource, prodReplica} {
		file := filepath.Join(folder, fmt.Sprintf("s3seal-bootstrap-hnb659fds-%d", i+1))
		var parameters []struct{ ParameterKey, ParameterValue string }
		if err := json.Unmarshal([]byte(read(t, file+"-parameters.json")), &parameters); err != nil {
			t.Fatal(err)
		}
		e := newEndpoint(t, b.server, "cloudformation", account)
		if account == prodReplica {
			e.region = abroadRegion
		}
		var given []string
		for n, p := range parameters {
			at := fmt.Sprintf("Parameters.member.%d.", n+1)
			given = append(given, at+"ParameterKey="+p.ParameterKey, at+"ParameterValue="+p.ParameterValue)
		}
		createStackAt(t, e, fmt.Sprintf("StackSet-s3seal-bootstrap-%d", i), read(t, file+".json"), given...)
	}
	assembly := t.TempDir()
	synthesizeProd(t, assembly)
	iamCall(t, b.server, prodSource, "CreateRole", "RoleName=acme-prod-app", "AssumeRolePolicyDocument="+trustPolicy(prodSource))
	run(t, b.server, assembly, slices.DeleteFunc(commandBlocks(t)[0], func(c command) bool { return !strings.Contains(c.line, " deploy ") }))
	replicates(t, b.server)
	contains(t, b.run(0, "prod", "--run", "--profile", "{account}"), []string{"[2/2] " + prodEnvironments[1] + ": is as it should be, version ", "the StackSet of its stack says"})
}

// TestBootstrapWithLeastPermissions runs as a role of each account that has what
// --permissions prints, and no more.
func TestBootstrapWithLeastPermissions(t *testing.T) {
	t.Parallel()
	b := newBootstrapper(t)
	var all []struct {
		Environment string
		Policies    []iam.Document
	}
	c := b.command("prod", "--permissions")
	out, err := c.Output()
	if err == nil {
		err = json.Unmarshal(out, &all)
	}
	if err != nil || len(all) != 2 {
		t.Fatalf("%d environments: %v: %s", len(all), err, out)
	}
	for i, account := range []string{prodSource, prodReplica} {
		trust := iam.Document{Version: iam.Version, Statement: []iam.Statement{{Effect: iam.Allow, Action: iam.Strings{"sts:AssumeRole"},
			Principal: &iam.Principal{AWS: iam.Strings{"arn:aws:iam::" + account + ":root"}}}}}
		if _, err := b.server.AddRole(account, "bootstrapper", trust, all[i].Policies...); err != nil {
			t.Fatal(err)
		}
	}
	arguments := []string{"prod", "--run", "--profile", "{account}", "--role", "bootstrapper"}
	contains(t, b.run(0, arguments...), []string{"[2/2] " + prodEnvironments[1] + ": is bootstrapped, version "})
	contains(t, b.run(0, arguments...), []string{"[2/2] " + prodEnvironments[1] + ": is as it should be"})
	t.Run("a role that is not there", func(t *testing.T) {
		contains(t, b.run(2, "prod", "--run", "--profile", "{account}", "--role", "nobody"), []string{prodEnvironments[0] + ": no AWS credentials that work: AccessDenied: "})
	})
}
