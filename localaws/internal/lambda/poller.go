package lambda

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// poller receives messages of a queue and has a function process them.
type poller struct {
	s        *Service
	m        *mapping
	settings mappingSettings
	function string // ARN
	ctx      context.Context
	problem  string // that the log was told of last; Service.mu guards it
}

// startPolling starts a poller, unless the mapping is disabled. Service.mu must be
// held.
func (s *Service) startPolling(m *mapping) {
	if !m.settings.enabled() || s.closed {
		return
	}
	ctx, stop := context.WithCancel(s.ctx)
	m.stop = stop
	p := &poller{s: s, m: m, settings: m.settings, function: m.function, ctx: ctx}
	s.work.Go(func() { _ = s.opt.Log.Guard("event source mapping "+m.uuid, p.run) })
}

// stopPolling ends the poller, which doesn't receive again. Service.mu must be held.
func (m *mapping) stopPolling() {
	if m.stop != nil {
		m.stop()
		m.stop = nil
	}
}

// pollWait is how long one request waits for messages.
const pollWait = 20 * time.Second

// maxPause is how long a poller waits after failures: Lambda's pauses are not
// documented.
const maxPause = 2 * time.Second

func (p *poller) run() error {
	free := make(chan struct{}, p.settings.concurrency())
	pause := 100 * time.Millisecond
	for p.ctx.Err() == nil {
		select {
		case free <- struct{}{}:
		case <-p.ctx.Done():
			return nil
		}
		c, f, list, err := p.gather()
		p.report(c, err)
		if len(list) == 0 {
			<-free
			if err == nil {
				pause = 100 * time.Millisecond
				continue
			}
			select {
			case <-time.After(pause):
				pause = min(2*pause, maxPause)
			case <-p.ctx.Done():
			}
			continue
		}
		if !p.s.working(func() {
			defer func() { <-free }()
			_ = p.s.opt.Log.Guard("batch of event source mapping "+p.m.uuid, func() error {
				p.process(c, f, list)
				return nil
			})
		}) {
			return nil
		}
	}
	return nil
}

// working does something in the background that Close waits for; false if the
// service is closing.
func (s *Service) working(do func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.work.Go(do)
	}
	return !s.closed
}

// gather receives the messages of a batch: what there is at once or, with a window,
// what comes until it ends or the batch is full. Who receives has the rights of the
// function's role.
//
// Source: Lambda developer guide, with-sqs ("Before invoking the function, Lambda
// continues to poll messages from the standard queue until ...").
func (p *poller) gather() (c api.Call, f *function, list []api.QueueMessage, err error) {
	p.s.mu.Lock()
	f = p.s.functions[p.function]
	p.s.mu.Unlock()
	if f == nil {
		return c, nil, nil, notFound(p.function)
	}
	if err := p.s.runnable(f); err != nil {
		return c, nil, nil, err
	}
	if c, err = p.s.receiver(f); err != nil {
		return c, f, nil, err
	}
	c.Gone, c.Trace = p.ctx.Done(), new(api.Trace)
	size := 0
	wait, end := pollWait, time.Now().Add(time.Hour)
	for len(list) < p.settings.batchSize() && size < maxPayload/2 && wait >= 0 {
		more, err := p.s.opt.Queues.ReceiveFrom(c, p.settings.EventSourceArn, min(10, p.settings.batchSize()-len(list)), wait)
		if err != nil {
			return c, f, list, err
		}
		for _, m := range more {
			size += len(m.Body)
		}
		if len(list) == 0 {
			end = time.Now().Add(p.settings.window())
		}
		if list = append(list, more...); len(list) == 0 || p.settings.window() == 0 || p.ctx.Err() != nil {
			break
		}
		// A short poll, or the wait would round up to a second.
		select {
		case <-time.After(min(100*time.Millisecond, max(0, time.Until(end)))):
		case <-p.ctx.Done():
		}
		if wait = 0; time.Now().After(end) {
			break
		}
	}
	return c, f, list, nil
}

// process has the function process messages, and deletes those that it did. A
// batch whose event would be too long becomes several.
func (p *poller) process(c api.Call, f *function, list []api.QueueMessage) {
	for len(list) > 0 {
		event, n := p.event(list)
		batch := list[:n]
		list = list[n:]
		r, err := p.invoke(c, f, event)
		if err != nil {
			p.report(c, err)
			continue
		}
		done := processed(batch, r, p.settings.reports())
		result := "OK"
		if len(done) < len(batch) {
			result = "PROBLEM: Function call failed"
		}
		p.s.mu.Lock()
		p.m.result = result
		p.s.mu.Unlock()
		for len(done) > 0 {
			n := min(10, len(done))
			c.Trace = new(api.Trace)
			if err := p.s.opt.Queues.DeleteFrom(c, p.settings.EventSourceArn, done[:n]); err != nil {
				p.tell(c, fmt.Sprintf("can't delete what is processed: %v", err))
			}
			done = done[n:]
		}
	}
}

// invoke runs the function. While that is throttled it tries again, until the
// messages are visible to others.
//
// Source: Lambda developer guide, services-sqs-errorhandling.
func (p *poller) invoke(c api.Call, f *function, event []byte) (result, error) {
	begun, hidden := time.Now(), time.Duration(-1)
	for pause := 50 * time.Millisecond; ; pause *= 2 {
		r, err := p.s.run(f, newInvocation(api.UUID(), event))
		if !api.HasCode(err, throttledCode) {
			return r, err
		}
		if hidden < 0 {
			queue, _ := p.s.opt.Queues.Receiver(c, p.settings.EventSourceArn) // of a queue that is gone nothing is hidden
			seconds, _ := strconv.Atoi(queue["VisibilityTimeout"])
			hidden = time.Duration(seconds) * time.Second
		}
		if time.Since(begun)+pause > hidden {
			return r, err
		}
		select {
		case <-time.After(pause):
		case <-p.s.ctx.Done():
			return r, err
		}
	}
}

// report keeps how the last receiving went, and tells the log of a new problem.
func (p *poller) report(c api.Call, err error) {
	p.s.mu.Lock()
	if err == nil {
		p.problem = ""
	} else {
		p.m.result = "PROBLEM: " + api.AsError(err).Message
	}
	p.s.mu.Unlock()
	if err != nil && p.ctx.Err() == nil {
		p.tell(c, err.Error())
	}
}

// tell writes a problem to the log, once.
func (p *poller) tell(c api.Call, problem string) {
	p.s.mu.Lock()
	known := p.problem == problem
	p.problem = problem
	p.s.mu.Unlock()
	if !known {
		p.s.opt.Log.Entry(fmt.Sprintf("event source mapping %s from %s to %s: %s", p.m.uuid, p.settings.EventSourceArn, p.function, problem), c.Trace.Denials()...)
	}
}
