//go:build unix && !linux

package process

import (
	"os/exec"
	"syscall"
)

// OwnGroup makes the process the leader of a group of its own, so that it can
// be ended with its descendants, and no key press in the terminal reaches it.
func OwnGroup(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
