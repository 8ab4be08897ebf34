package lambda

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// smallest is the memory of the smallest function, in bytes.
const smallest = 128 << 20

// The largest bodies fit into the smallest function: control characters, which
// take six bytes each in JSON, bytes, and text that has an escape for each.
func TestTheLargestBodiesFitIntoTheSmallestFunction(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("needs /proc")
	}
	_, env := environment(t)
	env = append(env, fmt.Sprintf("AWS_LAMBDA_FUNCTION_MEMORY_SIZE=%d", smallest>>20))
	put, get := startFunction(t, "put", env...), startFunction(t, "get", env...)
	bytesOf := func(b byte) string {
		return `{"bodyBase64":"` + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, 4_500_000)) + `"}`
	}
	for name, event := range map[string]string{
		"control characters": bytesOf(1),
		"bytes":              bytesOf(0xff),
		"escapes":            `{"body":"` + strings.Repeat(`\u0001`, 1_000_000) + `"}`,
		"text":               `{"body":"` + strings.Repeat("a", 4_500_000) + `"}`,
	} {
		for range 3 {
			if a := put.invoke(t, event); a.failed {
				t.Fatalf("%s: %.300s", name, a.body)
			}
			if a := get.invoke(t, `{}`); a.failed || len(a.body) < 1_000_000 {
				t.Fatalf("%s: %.300s", name, a.body)
			}
		}
	}
	for name, f := range map[string]*function{"put": put, "get": get} {
		peak := peakMemory(t, f.pid)
		t.Logf("%s: %d MB", name, peak>>20)
		if peak > smallest {
			t.Errorf("%s took %d MB, and the function has %d", name, peak>>20, smallest>>20)
		}
	}
}

// peakMemory is the most that a process has had in memory, in bytes.
func peakMemory(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kilobytes, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes << 10
}
