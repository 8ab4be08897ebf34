package demo

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/internal/process"
	"github.com/s3seal/s3seal/localaws"
)

// binaries are the CDK's CLI and the Node that this project pins.
var binaries = filepath.Join("node_modules", ".bin")

// tools is the environment of the CDK's CLI and of the app, without whatever
// could lead to the real AWS. The pinned Node comes before the machine's, which
// may be too old. What they write beside their results goes into the folder of
// the demonstration, since they can't remove it when they are interrupted.
func tools(folder string) ([]string, error) {
	bin, err := filepath.Abs(binaries)
	if err != nil {
		return nil, err
	}
	temporary := filepath.Join(folder, "tmp")
	if err := os.MkdirAll(temporary, 0o700); err != nil {
		return nil, err
	}
	compiled := filepath.Join(filepath.Dir(filepath.Dir(bin)), "build", "node")
	if err := os.MkdirAll(compiled, 0o755); err != nil {
		return nil, err
	}
	preload := filepath.Join(folder, "compiled.cjs")
	if err := os.WriteFile(preload, keepCompiled, 0o600); err != nil {
		return nil, err
	}
	return []string{
		"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"),
		"TMPDIR=" + temporary,
		"CDK_HOME=" + filepath.Join(folder, "home"),
		"CDK_DISABLE_CLI_TELEMETRY=true", // whose sender outlives the CLI
		"NODE_COMPILE_CACHE=" + compiled,
		"DEMO_COMPILED=" + compiled,
		"NODE_OPTIONS=" + strings.TrimSpace(os.Getenv("NODE_OPTIONS")+" --require="+strconv.Quote(preload)),
		"AWS_CONFIG_FILE=" + os.DevNull, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
	}, nil
}

// clean is the environment of this process without what is about AWS and the CDK.
func clean() []string {
	return slices.DeleteFunc(os.Environ(), func(e string) bool {
		return strings.HasPrefix(e, "AWS_") || strings.HasPrefix(e, "CDK_")
	})
}

// cdk is the CDK's CLI.
type cdk struct {
	server   *localaws.Server
	folder   string // with no cdk.json, which would have it run the app again
	tools    []string
	progress *progress
	verbose  bool
}

// run runs the CLI for all accounts, in each as its administrator: a command that is
// shown, and options that are not. Its lines that tell of a stack are shown as
// they come; all of them if that is asked for.
func (c *cdk) run(ctx context.Context, command []string, options ...string) error {
	done := c.progress.begin("cdk", "cdk "+strings.Join(command, " "))
	defer done()
	bin, err := filepath.Abs(filepath.Join(binaries, "cdk"))
	if err != nil {
		return err
	}
	plugin, credentials, err := c.credentials()
	if err != nil {
		return err
	}
	cmd := process.Command(ctx, bin, slices.Concat(command, options, []string{"--plugin", plugin, "--no-notices", "--ci"})...)
	cmd.Dir = c.folder
	cmd.Env = slices.Concat(clean(), c.tools, c.server.EnvIn(source.account, source.region), credentials)
	var all bytes.Buffer
	lines := &lineWriter{to: func(line string) {
		text, tells := tell(line)
		switch {
		case c.verbose:
			c.progress.raw("cdk", line)
		case tells:
			c.progress.line("cdk", text)
		}
	}}
	cmd.Stdout = io.MultiWriter(&all, lines)
	cmd.Stderr = cmd.Stdout
	if err := cmd.Run(); err != nil {
		return &toolError{what: "cdk " + command[0], exit: err, said: all.String()}
	}
	return nil
}

//go:embed credentials.cjs
var plugin []byte

// keepCompiled halves the time in which the CLI starts.
//
//go:embed compiled.cjs
var keepCompiled []byte

// credentials are the keys of each account's administrator, and the plugin by
// which the CLI gets them. So one start of the CLI, which takes a second or two,
// serves both accounts, and yet neither trusts the other.
func (c *cdk) credentials() (file string, env []string, err error) {
	file = filepath.Join(c.folder, "credentials.cjs")
	if err := os.WriteFile(file, plugin, 0o600); err != nil {
		return "", nil, err
	}
	keys := map[string]map[string]string{}
	for _, e := range environments {
		k := c.server.Credentials(e.account)
		keys[e.account] = map[string]string{"accessKeyId": k.AccessKeyID, "secretAccessKey": k.SecretAccessKey}
	}
	text, err := json.Marshal(keys)
	return file, []string{"DEMO_CREDENTIALS=" + string(text)}, err
}

// lineWriter hands on whole lines.
type lineWriter struct {
	to   func(string)
	rest []byte
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	for {
		line, rest, found := bytes.Cut(w.rest, []byte("\n"))
		if !found {
			return len(p), nil
		}
		w.to(string(line))
		w.rest = rest
	}
}

var (
	deploying = regexp.MustCompile(`^(\S+): deploying\.\.\.`)
	deployed  = regexp.MustCompile(`^\s*✅\s+(\S+)$`)
	prepared  = regexp.MustCompile(`^\s*✅\s+Environment aws://(\S+) bootstrapped`)
)

// tell is a line of the CLI that tells how far it is, in short.
func tell(line string) (text string, tells bool) {
	if m := deploying.FindStringSubmatch(line); m != nil {
		return "deploying " + m[1], true
	}
	if m := deployed.FindStringSubmatch(line); m != nil {
		return "deployed " + m[1], true
	}
	if m := prepared.FindStringSubmatch(line); m != nil {
		return "bootstrapped " + m[1], true
	}
	return "", false
}
