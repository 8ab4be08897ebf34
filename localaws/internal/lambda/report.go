package lambda

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// report writes Lambda's own log lines around those of the function.
//
// Source: Lambda developer guide, golang-logging (the lines START, END and
// REPORT), telemetry-schema-reference (JSON).
type report struct {
	sandbox    *sandbox
	invocation *invocation
	lines      []string
	init       time.Duration // 0: it was warm
	duration   time.Duration
	memory     int // peak, in MB; 0: not known
	timedOut   bool
}

func (r *report) start() {
	if r.json() {
		r.platform("platform.start", map[string]any{"requestId": r.invocation.requestID, "version": "$LATEST"})
		return
	}
	r.lines = append(r.lines, "START RequestId: "+r.invocation.requestID+" Version: $LATEST")
}

func (r *report) json() bool { return r.sandbox.function.configuration.LogFormat == "JSON" }

// finish adds the function's lines and the closing ones.
func (r *report) finish(o outcome) {
	id, v := r.invocation.requestID, r.sandbox.function.configuration
	r.lines = append(r.lines, r.sandbox.output.flush()...)
	status := ""
	switch {
	case r.timedOut:
		status = "timeout"
		if !r.json() {
			r.lines = append(r.lines, fmt.Sprintf("%s %s Task timed out after %.2f seconds", time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), id, float64(v.Timeout)))
		}
	case strings.HasPrefix(o.errorType, "Runtime.") && o.failed:
		status = "error"
		if !r.json() {
			var e struct{ ErrorMessage string }
			_ = json.Unmarshal(o.payload, &e) // our own JSON
			r.lines = append(r.lines, e.ErrorMessage, o.errorType)
		}
	}
	if o.failed && status == "" && r.json() {
		status = "failure" // the function's own error, which the line REPORT does not show
	}
	duration := milliseconds(r.duration)
	billed := math.Ceil(duration + milliseconds(r.init))
	if r.json() {
		metrics := map[string]any{"durationMs": duration, "billedDurationMs": billed, "memorySizeMB": v.MemorySize}
		if r.memory > 0 {
			metrics["maxMemoryUsedMB"] = r.memory
		}
		if r.init > 0 {
			metrics["initDurationMs"] = milliseconds(r.init)
		}
		record := map[string]any{"requestId": id, "metrics": metrics, "status": "success"}
		if status != "" {
			record["status"], record["errorType"] = status, o.errorType
		}
		r.platform("platform.report", record)
		return
	}
	line := fmt.Sprintf("REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %.0f ms\tMemory Size: %d MB\t", id, duration, billed, v.MemorySize)
	if r.memory > 0 {
		line += fmt.Sprintf("Max Memory Used: %d MB\t", r.memory)
	}
	if r.init > 0 {
		line += fmt.Sprintf("Init Duration: %.2f ms\t", milliseconds(r.init))
	}
	if status != "" {
		line += "Status: " + status
		if status == "error" {
			line += "\tError Type: " + o.errorType
		}
	}
	r.lines = append(r.lines, "END RequestId: "+id, line)
}

func milliseconds(d time.Duration) float64 {
	return math.Round(float64(d.Microseconds())/10) / 100
}

func (r *report) platform(typ string, record map[string]any) {
	line, _ := json.Marshal(map[string]any{"time": time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), "type": typ, "record": record})
	r.lines = append(r.lines, string(line))
}

// peakMemory is the most that a process that runs has used, in MB. It is 0
// where the system has no /proc and for one that has ended.
func peakMemory(c *exec.Cmd) int {
	if c.Process == nil {
		return 0
	}
	status, err := os.ReadFile("/proc/" + strconv.Itoa(c.Process.Pid) + "/status")
	if err != nil {
		return 0
	}
	for s := bufio.NewScanner(bytes.NewReader(status)); s.Scan(); {
		if rest, ok := strings.CutPrefix(s.Text(), "VmHWM:"); ok {
			kb, _ := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(rest, "kB")))
			return (kb + 1023) / 1024
		}
	}
	return 0
}
