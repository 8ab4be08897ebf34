package lambda

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// invocation is one request to a function.
type invocation struct {
	requestID     string
	payload       []byte
	trace         string
	clientContext string
	deadline      time.Time
	stream        *stream // of InvokeWithResponseStream; nil: the response is buffered
}

// result is how an invocation ended.
type result struct {
	payload   []byte
	failed    bool // X-Amz-Function-Error: Unhandled
	errorType string
	log       []string
	took      time.Duration // without the start of the process
}

// initLimit is the time that a function has to start.
//
// Source: Lambda developer guide, lambda-runtime-environment, Init phase.
const initLimit = 10 * time.Second

// invoke carries out an invocation. It returns when the function has answered
// and asks for the next one, so that its log is complete; alive says whether
// it can be used again.
func (b *sandbox) invoke(ctx context.Context, v *invocation) (r result, alive bool) {
	report := report{sandbox: b, invocation: v}
	report.start()
	o, alive := b.initialize(ctx, v, &report)
	if o == nil {
		begun := time.Now()
		limit := time.Duration(b.function.configuration.Timeout) * time.Second
		v.deadline = begun.Add(limit)
		o, alive = b.await(ctx, v, limit, &report)
		report.duration = time.Since(begun)
	}
	report.memory = peakMemory(b.process)
	if !alive {
		b.kill()
	}
	report.finish(*o)
	return result{payload: o.payload, failed: o.failed, errorType: o.errorType, log: report.lines, took: report.duration}, alive
}

// initialize waits until a new process asks for its first invocation. Its
// outcome is nil then.
func (b *sandbox) initialize(ctx context.Context, v *invocation, report *report) (*outcome, bool) {
	if b.warm {
		return nil, true
	}
	timer := time.NewTimer(initLimit)
	defer timer.Stop()
	select {
	case <-b.asking:
		b.warm = true
		report.init = time.Since(b.started)
		return nil, true
	case o := <-b.outcomes: // init/error
		return &o, false
	case <-b.exited:
		select {
		case o := <-b.outcomes:
			return &o, false
		default:
			return b.crash(v), false
		}
	case <-timer.C:
		var o outcome
		o.fail("Sandbox.Timedout", fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", v.requestID, initLimit.Seconds()))
		return &o, false
	case <-ctx.Done():
		return closing(), false
	}
}

// await hands the invocation over and waits for its outcome and for the
// process to ask for the next one.
func (b *sandbox) await(ctx context.Context, v *invocation, limit time.Duration, report *report) (*outcome, bool) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	next := b.next
	var got *outcome
	for {
		select {
		case next <- v:
			next = nil
		case o := <-b.outcomes:
			if o.requestID == v.requestID {
				got = &o
			}
		case <-b.asking:
			if got == nil { // the outcome was there first: it is sent before the process asks
				select {
				case o := <-b.outcomes:
					if o.requestID == v.requestID {
						got = &o
					}
				default:
				}
			}
			if got == nil {
				got = &outcome{}
				got.fail("Runtime.Unknown", "RequestId: "+v.requestID+" Error: the runtime asked for the next invocation without answering this one")
			}
			return got, true
		case <-b.exited:
			if got == nil {
				select {
				case o := <-b.outcomes:
					got = &o
				default:
					got = b.crash(v)
				}
			}
			return got, false
		case <-timer.C:
			report.timedOut = true
			if got == nil {
				got = &outcome{}
				got.fail("Sandbox.Timedout", fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", v.requestID, limit.Seconds()))
			}
			return got, false
		case <-ctx.Done():
			return closing(), false
		}
	}
}

func closing() *outcome {
	var o outcome
	o.fail("Sandbox.Failure", "the local AWS is closing")
	return &o
}

// crash is the outcome of a process that has ended.
func (b *sandbox) crash(v *invocation) *outcome {
	var o outcome
	prefix := "RequestId: " + v.requestID + " Error: "
	switch {
	case errors.Is(b.exit, fs.ErrNotExist):
		o.fail("Runtime.InvalidEntrypoint", prefix+"Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]")
	case b.process.Process == nil: // it could not be started: not executable, or another format
		o.fail("Runtime.InvalidEntrypoint", prefix+strings.ReplaceAll(b.exit.Error(), b.function.code.folder, "/var/task"))
	case b.exit == nil:
		o.fail("Runtime.ExitError", prefix+"Runtime exited without providing a reason")
	default:
		o.fail("Runtime.ExitError", prefix+"Runtime exited with error: "+b.exit.Error())
	}
	return &o
}
