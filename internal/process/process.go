// Package process starts programs so that they end with all that they have
// started: a program that is ended alone leaves its children running.
package process

import (
	"context"
	"os/exec"
	"time"
)

// Command is exec.CommandContext of a program whose whole group ends with the
// context.
func Command(ctx context.Context, name string, arguments ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, arguments...)
	OwnGroup(c)
	c.Cancel = func() error {
		KillGroup(c.Process.Pid)
		return nil
	}
	c.WaitDelay = time.Second // for a descendant that has left the group and holds the output
	return c
}
