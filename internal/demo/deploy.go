package demo

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws"
)

// The environments of stages.yaml.
const (
	sourceAccount  = "111122223333"
	sourceRegion   = "us-east-1"
	replicaAccount = "444455556666"
	replicaRegion  = "eu-west-1"
)

//go:embed stages.yaml
var stages string

// architecture is the host's, as Lambda calls it: the local AWS runs the
// functions as processes of the host.
func architecture() (string, error) {
	switch runtime.GOARCH {
	case "amd64":
		return "x86_64", nil
	case "arm64":
		return "arm64", nil
	}
	return "", fmt.Errorf("functions run on x86_64 and arm64, and this machine is %s", runtime.GOARCH)
}

// deployment is what the CDK's CLI has made.
type deployment struct {
	outputs map[string]map[string]string // stack -> output -> value
}

// output is an output of a stack of the stage.
func (d *deployment) output(stack, name string) string { return d.outputs["demo-"+stack][name] }

// deploy bootstraps both environments and deploys every stack, as a person
// would: with `cdk` alone, and each account with its own credentials, so that
// neither trusts the other.
func deploy(ctx context.Context, aws *localaws.Server, folder string, progress io.Writer) (*deployment, error) {
	arch, err := architecture()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(folder, "stages.yaml")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(stages, "ARCHITECTURE", arch)), 0o600); err != nil {
		return nil, err
	}
	assembly := filepath.Join(folder, "cdk.out")
	app := []string{"-c", "stages=" + file, "--output", assembly}
	for _, e := range [][2]string{{sourceAccount, sourceRegion}, {replicaAccount, replicaRegion}} {
		bootstrap := []string{"bootstrap", "aws://" + e[0] + "/" + e[1]}
		if err := cdk(ctx, aws, e[0], progress, bootstrap, app); err != nil {
			return nil, err
		}
	}
	d := &deployment{outputs: map[string]map[string]string{}}
	for _, step := range []struct {
		account string
		stacks  []string
	}{
		{replicaAccount, []string{"demo-replicalogs", "demo-replica"}},
		{sourceAccount, []string{"demo-logs", "demo-buckets", "demo-replication"}},
	} {
		outputs := filepath.Join(folder, step.account+".json")
		deploy := slices.Concat([]string{"deploy"}, step.stacks, []string{"--exclusively"})
		if err := cdk(ctx, aws, step.account, progress, deploy, slices.Concat(app, []string{"--require-approval", "never", "--outputs-file", outputs})); err != nil {
			return nil, err
		}
		app = []string{"--app", assembly} // which is as it was: nothing is to be synthesized again
		if err := d.add(outputs); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// add reads the outputs that the CLI has written to a file.
func (d *deployment) add(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, &d.outputs)
}

// cdk runs the CLI of this project as the administrator of an account: a command
// that is shown, and options that are not. Its lines that tell of a stack are
// shown as they come; all of them when it fails.
func cdk(ctx context.Context, aws *localaws.Server, account string, progress io.Writer, command, options []string) error {
	fmt.Fprintf(progress, "as %s: cdk %s\n", account, strings.Join(command, " "))
	cmd := exec.CommandContext(ctx, "cdk", slices.Concat(command, options, []string{"--no-notices", "--ci"})...)
	cmd.Env = append(clean(os.Environ()), aws.Env(account)...)
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	var all strings.Builder
	done := make(chan struct{})
	go func() {
		defer close(done)
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			fmt.Fprintln(&all, lines.Text())
			if tells(lines.Text()) {
				fmt.Fprintln(progress, "  "+strings.TrimSpace(lines.Text()))
			}
		}
		io.Copy(io.Discard, r)
	}()
	err := cmd.Run()
	w.Close()
	<-done
	if err != nil {
		return fmt.Errorf("cdk %s: %w\n%s", command[0], err, all.String())
	}
	return nil
}

// tells says whether a line of the CLI tells how far it is.
func tells(line string) bool {
	for _, part := range []string{": deploying...", "✅", "bootstrapped", "❌"} {
		if strings.Contains(line, part) {
			return true
		}
	}
	return false
}

// clean is the environment without whatever could lead to the real AWS.
func clean(environment []string) []string {
	var kept []string
	for _, e := range environment {
		if !strings.HasPrefix(e, "AWS_") && !strings.HasPrefix(e, "CDK_") {
			kept = append(kept, e)
		}
	}
	return append(kept, "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null")
}
