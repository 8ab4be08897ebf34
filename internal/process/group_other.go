//go:build !unix

package process

import (
	"os"
	"os/exec"
)

func OwnGroup(*exec.Cmd) {}

// KillGroup ends the process itself: there are no process groups here.
func KillGroup(pid int) {
	if p, err := os.FindProcess(pid); err == nil {
		_ = p.Kill()
	}
}
