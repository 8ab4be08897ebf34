package bootstrap

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/s3seal/s3seal/internal/process"
)

// CLI is the CDK's command line.
type CLI struct {
	Folder string // of the programs cdk and node that the project pins
}

// ProjectCLI is the CLI that the project in the current folder pins.
func ProjectCLI() (CLI, error) {
	folder, err := filepath.Abs(filepath.Join("node_modules", ".bin"))
	if err != nil {
		return CLI{}, err
	}
	if _, err := os.Stat(filepath.Join(folder, "cdk")); err != nil {
		return CLI{}, errors.New("node_modules/.bin/cdk is not here: run npm ci in the project's folder, and this command there")
	}
	return CLI{folder}, nil
}

// Template is the template of the bootstrap, in JSON.
func (c CLI) Template(ctx context.Context) ([]byte, error) {
	return c.output(ctx, nil, Command{"bootstrap", "--show-template", "--json"})
}

// version is the number of that template.
func (c CLI) version(ctx context.Context) (int, error) {
	text, err := c.Template(ctx)
	if err != nil {
		return 0, err
	}
	var t struct {
		Resources struct {
			CdkBootstrapVersion struct{ Properties struct{ Value string } }
		}
	}
	if err := json.Unmarshal(text, &t); err != nil {
		return 0, fmt.Errorf("cdk bootstrap --show-template: %w", err)
	}
	version, err := strconv.Atoi(t.Resources.CdkBootstrapVersion.Properties.Value)
	if err != nil {
		return 0, errors.New("cdk bootstrap --show-template: the template has no version: install the CDK's CLI that package.json pins, with npm ci")
	}
	return version, nil
}

// run runs the CLI with the credentials of a configuration and no others: they are
// those of which STS has said whose they are.
func (c CLI) run(ctx context.Context, cfg aws.Config, command Command) error {
	keys, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return err
	}
	_, err = c.output(ctx, []string{
		"AWS_ACCESS_KEY_ID=" + keys.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + keys.SecretAccessKey, "AWS_SESSION_TOKEN=" + keys.SessionToken,
		"AWS_REGION=" + cfg.Region, "AWS_DEFAULT_REGION=" + cfg.Region,
	}, command)
	return err
}

// whose are the variables that say whose credentials count.
var whose = regexp.MustCompile(`^AWS_(PROFILE|DEFAULT_PROFILE|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|REGION|DEFAULT_REGION)=`)

// output runs the CLI in an empty folder: one with a cdk.json would have it run the
// app again, for each environment.
func (c CLI) output(ctx context.Context, credentials []string, command Command) ([]byte, error) {
	folder, err := os.MkdirTemp("", "s3seal-bootstrap-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	cmd := process.Command(ctx, filepath.Join(c.Folder, "cdk"), append(command, "--no-notices", "--no-color")...)
	cmd.Dir = folder
	cmd.Env = slices.DeleteFunc(os.Environ(), whose.MatchString)
	cmd.Env = append(cmd.Env, append(credentials, "PATH="+c.Folder+string(os.PathListSeparator)+os.Getenv("PATH"))...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("cdk %s: %s", command[0], cause(said.String(), err))
	}
	return out.Bytes(), nil
}

// cause is what the CLI said of its failure, on one line: the lines with its cross,
// or else the last one.
func cause(said string, err error) string {
	var crossed []string
	last := err.Error()
	for line := range strings.Lines(said) {
		line = oneLine(line)
		if strings.Contains(line, "❌") {
			crossed = append(crossed, oneLine(strings.ReplaceAll(line, "❌", "")))
		}
		if line != "" {
			last = line
		}
	}
	if len(crossed) > 0 {
		return strings.Join(crossed, "; ")
	}
	return last
}
