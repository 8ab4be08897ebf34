package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"app": main})
}

// The scripts run the app as the CDK's CLI does, in a folder with no Node on
// the PATH: whatever they show happens before the CDK's kernel could start.
func TestBadInputEndsBeforeNodeStarts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script"})
}
