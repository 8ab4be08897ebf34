package snapshot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/process"
)

// App is a CDK app as cdk.json and cdk.context.json of its folder describe it.
type App struct {
	Dir     string
	Command string // "app" of cdk.json
	Context map[string]any
	Env     []string // in addition to that of this process
}

// ReadApp reads the description of the app in a folder.
func ReadApp(dir string) (*App, error) {
	app := &App{Dir: dir, Context: map[string]any{}}
	if err := readJSON(filepath.Join(dir, "cdk.context.json"), &app.Context); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var cdk struct {
		App     string
		Context map[string]any
	}
	if err := readJSON(filepath.Join(dir, "cdk.json"), &cdk); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: no such file: run this in the folder of the app", filepath.Join(dir, "cdk.json"))
	} else if err != nil {
		return nil, err
	}
	if app.Command = cdk.App; app.Command == "" {
		return nil, fmt.Errorf("%s: no app: write the command that runs it", filepath.Join(dir, "cdk.json"))
	}
	maps.Copy(app.Context, cdk.Context)
	return app, nil
}

// StagesFile is the stages file that the app reads unless it is told otherwise.
func (a *App) StagesFile() string {
	if file, ok := a.Context["stages"].(string); ok {
		return file
	}
	return "stages.yaml"
}

// Synthesize runs the app as the CDK's CLI does, and leaves its assembly in the
// folder out. It compares with no snapshot and asks no account, so that the
// result is the same for everybody.
func (a *App) Synthesize(ctx context.Context, out string) error {
	settings := map[string]any{}
	maps.Copy(settings, a.Context)
	settings["before"] = "none"
	data, err := json.Marshal(settings)
	if err != nil {
		return err
	}
	// An environment variable has a limit, which looked-up context can exceed.
	folder, err := os.MkdirTemp("", "s3seal-context-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "context.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return err
	}
	cmd := process.Command(ctx, "sh", "-c", a.Command)
	cmd.Dir = a.Dir
	cmd.Env = slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "CDK_") })
	cmd.Env = append(append(cmd.Env, a.Env...), "CDK_OUTDIR="+out, "CDK_VALIDATION=false", "CDK_CONTEXT_JSON={}", "CONTEXT_OVERFLOW_LOCATION_ENV="+file)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", a.Command, err, strings.TrimSpace(said.String()))
	}
	return lookedUp(out)
}

// lookedUp reports values that the CLI has yet to look up in an account.
func lookedUp(out string) error {
	var m manifest
	if err := readJSON(filepath.Join(out, "manifest.json"), &m); err != nil {
		return err
	}
	if len(m.Missing) > 0 {
		return fmt.Errorf("the app lacks the context %s: run npx cdk synth, which looks it up, and commit cdk.context.json", m.Missing[0].Key)
	}
	return nil
}
