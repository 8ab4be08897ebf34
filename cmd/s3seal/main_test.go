package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/s3seal/s3seal/internal/account/accounttest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"s3seal": main})
}

const scripts = "testdata/script"

// The scripts run the program as a person does.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: scripts, Cmds: map[string]func(*testscript.TestScript, bool, []string){
		"exits":    exits,
		"deployed": func(ts *testscript.TestScript, _ bool, args []string) { deployed(t, ts, args) },
		"rotated":  func(ts *testscript.TestScript, _ bool, _ []string) { rotated(t, deployed(t, ts, nil)) },
	}})
}

// deployed makes the script's terminal one of a person who works on a deployed
// stage, with its stages.yaml. The arguments are objects that are put.
func deployed(t *testing.T, ts *testscript.TestScript, objects []string) *accounttest.World {
	world := accounttest.New(t)
	for _, key := range objects {
		world.Put(t, key, "hello")
	}
	for name, value := range world.Environment(t) {
		ts.Setenv(name, value)
	}
	ts.Check(os.WriteFile(ts.MkAbs("stages.yaml"), []byte(accounttest.Stages), 0o600))
	return world
}

// exits runs a program that must end with a status: "exits 2 s3seal check".
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS PROGRAM [ARGUMENT...]")
	}
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit status %d, want %s", got, args[0])
	}
}

// A command that no script runs could stop working, or answer bad input with a
// stack trace, without a test that fails.
func TestEveryCommandHasAScript(t *testing.T) {
	files, err := filepath.Glob(scripts + "/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var text strings.Builder
	for _, file := range files {
		script, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(script)
	}
	for _, command := range kong.Must(&cli{}).Model.Children {
		if !regexp.MustCompile(`(?m)^(! )?s3seal ` + command.Name + `\b`).MatchString(text.String()) {
			t.Errorf("no script in %s runs s3seal %s", scripts, command.Name)
		}
	}
}

func TestThePageOnCheckHasEveryFlag(t *testing.T) {
	page, err := os.ReadFile("../../docs/check.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range kong.Must(&cli{}).Model.Children {
		for _, flag := range command.Flags {
			if command.Name == "check" && !regexp.MustCompile("--"+flag.Name+`\b[^-]`).Match(page) {
				t.Errorf("docs/check.md doesn't have --%s", flag.Name)
			}
		}
	}
}
