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

// outputs are what the deployed stacks say of themselves: stack, output, value.
type outputs map[string]map[string]string

// output is an output of a stack of the stage.
func (o outputs) output(stack, name string) string { return o["demo-"+stack][name] }

// deploy bootstraps both environments and deploys every stack, as a person
// would: with `cdk` alone, and each account with its own credentials, so that
// neither trusts the other.
func deploy(ctx context.Context, aws *localaws.Server, folder string, progress io.Writer) (outputs, error) {
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
	made := outputs{}
	for _, step := range []struct {
		account string
		stacks  []string
	}{
		{replicaAccount, []string{"demo-replicalogs", "demo-replica"}},
		{sourceAccount, []string{"demo-logs", "demo-buckets", "demo-replication"}},
	} {
		file := filepath.Join(folder, step.account+".json")
		deploy := slices.Concat([]string{"deploy"}, step.stacks, []string{"--exclusively"})
		if err := cdk(ctx, aws, step.account, progress, deploy, slices.Concat(app, []string{"--require-approval", "never", "--outputs-file", file})); err != nil {
			return nil, err
		}
		app = []string{"--app", assembly} // which is as it was: nothing is to be synthesized again
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(data, &made); err != nil {
			return nil, err
		}
	}
	return made, nil
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
	return slices.ContainsFunc([]string{": deploying...", "✅", "bootstrapped", "❌"}, func(part string) bool {
		return strings.Contains(line, part)
	})
}

// clean is the environment without whatever could lead to the real AWS.
func clean(environment []string) []string {
	kept := slices.DeleteFunc(environment, func(e string) bool {
		return strings.HasPrefix(e, "AWS_") || strings.HasPrefix(e, "CDK_")
	})
	return append(kept, "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null")
}
