package test

import (
	"bytes"
	"os"
	"os/exec"
	"testing"

	"github.com/s3seal/s3seal/stacks"
)

// countedStage names the stage that a process of its own synthesizes.
const countedStage = "S3SEAL_COUNTED_STAGE"

// A call to the CDK's kernel costs as much as making a resource, and the number of
// them is what a synthesis of hundreds of stages takes. It is the same on every
// machine, so it is what is held: a construct that fetches constants, or sets by
// one call what another could have set, is seen here.
func TestAStageTakesFewCallsToTheKernel(t *testing.T) {
	if name := os.Getenv(countedStage); name != "" {
		file := loadStages(t, exampleStages)
		app := newApp(t)
		for i := range file.Stages {
			if file.Stages[i].Name == name {
				stacks.New(app, &file.Stages[i], stubs)
			}
		}
		app.Synth(nil)
		return
	}
	for name, most := range map[string]int{"dev": 39, "prod": 81} {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), countedStage+"="+name, "JSII_DEBUG=1")
		var log bytes.Buffer
		cmd.Stderr = &log
		if err := cmd.Run(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, log.Bytes())
		}
		calls := bytes.Count(log.Bytes(), []byte("> {\"api\":"))
		t.Logf("%s: %d calls", name, calls)
		if calls == 0 || calls > most {
			t.Errorf("stage %s takes %d calls to the kernel, want 1 to %d: make what is new by package resource, in one call each", name, calls, most)
		}
	}
}
