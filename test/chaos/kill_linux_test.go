package chaos

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// processes are the functions' that this process has started, which the local
// AWS is part of.
func processes(function string) []int {
	var found []int
	me := fmt.Sprintf(" %d ", os.Getpid())
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		// The fields behind the name: the state, the parent's id.
		_, after, _ := strings.Cut(string(stat), ") ")
		if len(after) < 2 || !strings.HasPrefix(after[1:], me) {
			continue
		}
		environment, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "environ"))
		if !bytes.Contains(environment, []byte("AWS_LAMBDA_FUNCTION_NAME="+function+"\x00")) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil {
			found = append(found, pid)
		}
	}
	return found
}

func kill(pid int) bool { return syscall.Kill(pid, syscall.SIGKILL) == nil }
