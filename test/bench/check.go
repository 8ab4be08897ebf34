package main

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"syscall"
)

// checked measures `s3seal check` on an assembly, by this checkout and by an
// earlier one: what it computes, whoever else does on the machine, and what it
// holds.
func checked(root, base string, b *bench) error {
	var seconds, megabytes [2]float64
	for i, checkout := range []string{root, base} {
		cmd := exec.Command(filepath.Join(checkout, "bin", "s3seal"), "check")
		cmd.Dir = b.dir
		if text, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("s3seal check: %w\n%s", err, text)
		}
		seconds[i] = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
		megabytes[i] = float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1024
		fmt.Printf("%-32s %6.2f s of CPU, %.0f MB\n", "s3seal check of "+checkout, seconds[i], megabytes[i])
	}
	return errors.Join(
		half("check / before, CPU", seconds),
		half("check / before, memory", megabytes),
	)
}

// half fails where the first is more than half of the second.
func half(what string, of [2]float64) error {
	r := of[0] / of[1]
	fmt.Printf("%-54s %5.2f (at most 0.5)\n", what, r)
	if r > 0.5 {
		return fmt.Errorf("%s: %.2f is over the limit of 0.5", what, r)
	}
	return nil
}
