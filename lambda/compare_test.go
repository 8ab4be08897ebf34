package lambda

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/internal/object/objecttest"
)

var compare = flag.Bool("compare", false, "compare the functions with equal ones in Python, which takes minutes")

// A contender is one of two functions that do the same.
type contender struct {
	name  string
	start func() *function
}

// A load is what is compared: calls with bodies of one size.
type load struct {
	name  string
	size  int
	calls int     // one after another, before the other's turn
	limit float64 // of the ratio
}

// TestBesidePython compares the functions with the same two in Python, in
// processes of their own, in turn, with the local AWS as S3 and Secrets Manager.
// A ratio is Go's median to Python's; on a busy machine CPU tells most.
func TestBesidePython(t *testing.T) {
	if !*compare {
		t.Skip("only with -compare")
	}
	python, err := findPython()
	if err != nil {
		t.Skipf("left out: %v", err)
	}
	server := objecttest.NewServer(t, "a-password-of-32-characters-long")
	env := []string{
		"BUCKET_NAME=" + objecttest.Bucket, "OBJECT_KEY=test-object", "ENCRYPTION=sse-c", "SECRET_ARN=" + server.SecretARN,
		"AWS_DEFAULT_REGION=" + server.Admin.Region, fmt.Sprintf("AWS_LAMBDA_FUNCTION_MEMORY_SIZE=%d", smallest>>20),
	}
	for name, value := range server.DirectEnvironment(t) {
		env = append(env, name+"="+value)
	}
	upload := startFunction(t, "put", env...)
	for _, name := range []string{"put", "get"} {
		t.Run(name, func(t *testing.T) {
			sides := [2]contender{
				{"Go", func() *function { return startFunction(t, name, env...) }},
				{"Python", func() *function {
					script := func(name string) string { return filepath.Join("testdata", "python", name+".py") }
					return startCommand(t, exec.Command(python, "-B", script("runtime"), script(name)), name, env...)
				}},
			}
			compareCold(t, sides)
			for _, l := range []load{{"1 KB", 1 << 10, 20, 0.35}, {"1 MB", 1 << 20, 10, 1}, {"4.5 MB", 4_500_000, 5, 1}} {
				event := `{"body":"` + strings.Repeat("0123456789abcdef", l.size/16) + `"}`
				if name == "get" {
					upload.invoke(t, event)
					event = `{}`
				}
				compareWarm(t, sides, l, event)
			}
		})
	}
}

// findPython is a Python that has boto3: that of `make conformance`, or the
// machine's.
func findPython() (string, error) {
	for _, python := range []string{filepath.Join("..", "build", "venv", "bin", "python"), "python3"} {
		if exec.Command(python, "-c", "import boto3").Run() == nil {
			return python, nil
		}
	}
	return "", fmt.Errorf("no Python with boto3: `make conformance` installs one")
}

// A measure is what some calls of one function took.
type measure struct {
	took []time.Duration
	cpu  time.Duration // of all calls
}

func (m *measure) median() time.Duration {
	return slices.Sorted(slices.Values(m.took))[len(m.took)/2]
}

// compareCold measures from a process's start to its first answer.
func compareCold(t *testing.T, sides [2]contender) {
	var measured [2]measure
	for range 9 {
		for i, side := range sides {
			began := time.Now()
			f := side.start()
			if a := f.invoke(t, `{}`); a.failed {
				t.Fatalf("%s: %s", side.name, a.body)
			}
			measured[i].took = append(measured[i].took, time.Since(began))
			measured[i].cpu += cpu(t, f.pid)
			f.kill()
		}
	}
	judge(t, "cold start", measured, 0.08)
}

// compareWarm measures calls once the processes are warm, and the most memory
// that they take.
func compareWarm(t *testing.T, sides [2]contender, l load, event string) {
	var measured [2]measure
	var running [2]*function
	for i, side := range sides {
		running[i] = side.start()
		defer running[i].kill()
	}
	for round := range 6 { // the first warms up and does not count
		for i, f := range running {
			before := cpu(t, f.pid)
			for range l.calls {
				began := time.Now()
				if a := f.invoke(t, event); a.failed {
					t.Fatalf("%s: %.300s", sides[i].name, a.body)
				}
				if round > 0 {
					measured[i].took = append(measured[i].took, time.Since(began))
				}
			}
			if round > 0 {
				measured[i].cpu += cpu(t, f.pid) - before
			}
		}
	}
	judge(t, "warm, "+l.name, measured, l.limit)
	ours, theirs := peakMemory(t, running[0].pid), peakMemory(t, running[1].pid)
	ratio := float64(ours) / float64(theirs)
	t.Logf("%-14s %8d MB, %8d MB at most: %.2f", "", ours>>20, theirs>>20, ratio)
	if l.size <= 1<<10 && ratio > 0.5 || ours > smallest {
		t.Errorf("%s takes too much memory", l.name)
	}
}

// judge prints what both took, and fails if the ratio is over its limit in time
// and in CPU: another process may have had the processor in either.
func judge(t *testing.T, what string, measured [2]measure, limit float64) {
	t.Helper()
	inTime := measured[0].median().Seconds() / measured[1].median().Seconds()
	inCPU := measured[0].cpu.Seconds() / measured[1].cpu.Seconds()
	t.Logf("%-14s %8.2f ms, %8.2f ms: %.2f of the time, %.2f of the CPU (at most %.2f)", what,
		float64(measured[0].median().Microseconds())/1000, float64(measured[1].median().Microseconds())/1000, inTime, inCPU, limit)
	if inTime > limit && inCPU > limit {
		t.Errorf("%s is over its limit", what)
	}
}

// cpu is how long a process has had a processor.
func cpu(t *testing.T, pid int) (sum time.Duration) {
	t.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(threads) == 0 {
		t.Skipf("needs /proc with schedstat: %v", err)
	}
	for _, thread := range threads {
		stat, err := os.ReadFile(thread)
		if err != nil {
			continue // it has just ended
		}
		nanoseconds, err := strconv.ParseInt(strings.Fields(string(stat))[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += time.Duration(nanoseconds)
	}
	return sum
}
