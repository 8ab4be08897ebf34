//go:build unix

package lambda

import "syscall"

// killGroup ends the processes of the group that pid leads. A group that is
// gone already is no error.
func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }
