//go:build unix

package process

import "syscall"

// KillGroup ends the processes of the group that pid leads. A group that is
// gone already is no error.
func KillGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }
