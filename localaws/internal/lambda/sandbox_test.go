package lambda

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestAfterACrashOrATimeoutAFreshSandboxAnswers(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate(`{"Timeout":1}`)
	before := f.invoke(`{}`).answer.PID
	f.invoke(`{"Do":"hang"}`)
	after := f.invoke(`{}`)
	equal(t, "status", after.header.Get("X-Amz-Function-Error"), "")
	equal(t, "count", after.answer.Count, 1)
	if after.answer.PID == before {
		t.Error("the process that timed out is still in use")
	}
	if syscall.Kill(before, 0) == nil {
		t.Errorf("process %d still runs", before)
	}
}

func TestAfterTheEndOfTheIdleAFreshSandboxAnswers(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate("")
	before := f.invoke(`{}`).answer.PID
	f.EndIdle()
	if syscall.Kill(before, 0) == nil {
		t.Errorf("process %d still runs", before)
	}
	if after := f.invoke(`{}`); after.answer.PID == before || after.answer.Count != 1 {
		t.Errorf("process %d again, invocation %d", after.answer.PID, after.answer.Count)
	}
}

func TestATimeoutEndsTheDescendantsToo(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate(`{"Timeout":2}`)
	r := f.invoke(`{"Do":"child"}`)
	m := regexp.MustCompile(`child (\d+)`).FindStringSubmatch(r.log)
	if m == nil {
		t.Fatalf("log: %q", r.log)
	}
	// The signal has been sent, but the child dies when the system gets to it;
	// without its parent it is then a zombie, until init has seen it.
	for deadline := time.Now().Add(10 * time.Second); ; {
		status, err := os.ReadFile("/proc/" + m[1] + "/status")
		if err != nil || strings.Contains(string(status), "State:\tZ") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("child %s still runs", m[1])
		}
	}
}

func TestConcurrentInvocationsEachHaveASandbox(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate("")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if r := f.invoke(`{"Text":"x"}`); r.answer.Text != "x" {
				t.Errorf("answer %q", r.body)
			}
		})
	}
	wg.Wait()
}

func TestCloseEndsAFunctionThatRuns(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate("")
	runs := filepath.Join(t.TempDir(), "runs")
	var wg sync.WaitGroup
	wg.Go(func() {
		if r := f.invoke(fmt.Sprintf(`{"Do":"hang","Text":%q}`, runs)); r.failure.ErrorType != "Sandbox.Failure" {
			t.Errorf("answer %s", r.body)
		}
	})
	for { // a function that has not begun is answered otherwise
		if _, err := os.Stat(runs); err == nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	equal(t, "after Close", f.invoke(`{}`).status, 500)
}

func TestASandboxIsNotUsedBeyondItsCredentials(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.expires = time.Second
	f.mustCreate("")
	f.invoke(`{}`)
	equal(t, "count", f.invoke(`{}`).answer.Count, 1)
}

func TestAnInvocationEndsOnTheOldFunctionAndTheNextStartsOnTheNew(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	r, err := f.create("")
	if err != nil {
		t.Fatal(err)
	}
	gate := filepath.Join(t.TempDir(), "gate")
	var old reply
	var wg sync.WaitGroup
	wg.Go(func() { old = f.invoke(`{"Do":"wait","Text":"` + gate + `"}`) })
	for running := 0; running == 0; {
		f.Service.mu.Lock()
		running = f.functions[functionARN(region, account, "fn")].running
		f.Service.mu.Unlock()
	}
	if _, err := f.Providers()["AWS::Lambda::Function"].Update(context.Background(), stack(), "Fn", r, f.properties(""), f.properties(`{"MemorySize":512}`)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	equal(t, "answer of the old one", old.answer.Text, gate)
	next := f.invoke(`{}`)
	wantText(t, "log of the new one", next.log, "Memory Size: 512 MB")
	if next.answer.PID == old.answer.PID {
		t.Error("the sandbox from before the update was used again")
	}
}
