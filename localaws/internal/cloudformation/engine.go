package cloudformation

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// operation is the work on one stack, in a goroutine of its own.
type operation struct {
	*Service
	st    *stack
	call  api.Call // with which the resources are made
	token string   // ClientRequestToken
	*hierarchy

	ended          chan struct{} // closed when it has ended
	undoes         bool          // it rolls back
	retainsNothing bool          // a rollback deletes also what is to be retained
	skip           []string      // what a rollback leaves as it is: ResourcesToSkip
}

// start begins an operation: the stack enters the status and work runs in the
// background. Service.mu must be held.
func (s *Service) start(st *stack, call api.Call, status, token string, work func(*operation)) {
	o := &operation{Service: s, st: st, call: call, token: token, hierarchy: newHierarchy()}
	o.begin(status, "User Initiated")
	s.work.Go(func() {
		defer o.end()
		_ = s.opt.Log.Guard("operation on stack "+st.id, func() error { // end says that it broke off
			work(o)
			return nil
		})
	})
}

// begin makes the operation the one under way. Service.mu must be held.
func (o *operation) begin(status, reason string) {
	o.ended = make(chan struct{})
	o.st.running, o.st.operation, o.st.updated = o, api.UUID(), o.st.now()
	o.st.enter(status, reason, o.token)
}

// end leaves no status behind that says that the operation goes on: one that
// broke off, in a panic, would keep the stack from ever being deleted.
func (o *operation) end() {
	o.locked(func() {
		if o.st.busy() {
			o.st.breakOff(o.token)
		}
		o.st.running = nil
		close(o.ended)
	})
}

// locked does what must be done with Service.mu. A panic in it leaves that free.
func (o *operation) locked(do func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	do()
}

// enter puts the stack into a status.
func (o *operation) enter(status, reason string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.st.enter(status, reason, o.token)
}

// reason is the text of an error as a status reason shows it.
func reason(err error) string {
	var e *api.Error
	if errors.As(err, &e) {
		return e.Message + " (Error Code: " + e.Code + ")"
	}
	return err.Error()
}

// put records the status of a resource, as an event and in the stack.
func (o *operation) put(r resource, status, reason string) *resource {
	o.mu.Lock()
	defer o.mu.Unlock()
	r.status, r.reason, r.updated = status, reason, o.st.now()
	o.st.record(event{
		token: o.token, logicalID: r.logicalID, physical: r.made.PhysicalID, typ: r.typ,
		status: status, reason: reason, properties: string(r.properties),
	})
	o.st.resources[r.logicalID] = &r
	return &r
}

// failed records that a resource failed. The log says more than the reason, which
// clients see.
func (o *operation) failed(r resource, status string, err error) {
	o.put(r, status, reason(err))
	o.logFailure(&r, status, err)
}

func (o *operation) logFailure(r *resource, status string, err error) {
	why := []string{reason(err)}
	if cause := api.AsError(err).Cause; cause != "" {
		why = append(why, cause)
	}
	o.opt.Log.Entry(status+" "+r.logicalID+" ("+r.typ+") of stack "+o.st.id, why...)
}

// event records an event of a resource that the stack itself does not show,
// such as the deletion of one that was replaced.
func (o *operation) event(r *resource, status, reason string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.st.record(event{
		token: o.token, logicalID: r.logicalID, physical: r.made.PhysicalID, typ: r.typ,
		status: status, reason: reason, properties: string(r.properties),
	})
}

func (o *operation) context() api.StackContext { return stackContext(o.st, o.call, o.st.tags) }

func stackContext(st *stack, call api.Call, tags map[string]string) api.StackContext {
	return api.StackContext{
		Call: call, StackID: st.id, StackName: st.name,
		Account: st.account, Region: st.region, Partition: "aws", Tags: tags,
	}
}

// apply brings the stack's resources to the plan, one after the other, and
// returns the logical ids of what failed.
func (o *operation) apply(p *plan) (failed string, err error) {
	x := o.live(p)
	for _, id := range p.order {
		if err := o.applyOne(p, x, id); err != nil {
			return id, err
		}
	}
	return "", nil
}

// live is the plan's scope with the resources as they are in the stack now.
func (o *operation) live(p *plan) *scope {
	x := *p.scope
	x.budget = o.budget
	x.pseudo = o.st.pseudo()
	x.resource = func(id string) (api.Resource, error) {
		r := o.st.resources[id]
		if r == nil || r.made.PhysicalID == "" {
			return api.Resource{}, unresolved(id)
		}
		return r.made, nil
	}
	x.imported = func(name string) (string, error) { return o.importedValue(o.st, &o.st.imports, name) }
	x.stackOutput = func(w cfn.StackOutput) (string, error) { return o.outputOf(o.call, w) }
	return &x
}

func (o *operation) applyOne(p *plan, x *scope, id string) error {
	d := p.next.template.Resources[id]
	next := resource{logicalID: id, typ: d.Type, declaration: d, dependsOn: p.dependencies[id]}
	old := o.st.resources[id]
	if old != nil {
		next.made = old.made
	}
	creating := old == nil || old.made.PhysicalID == ""
	verb := "UPDATE"
	if creating {
		verb = "CREATE"
	}
	properties, err := x.properties(id)
	if err != nil {
		o.put(next, verb+"_IN_PROGRESS", "")
		o.failed(next, verb+"_FAILED", err)
		return err
	}
	next.properties = properties
	if !creating && !o.changed(p, old, &next) {
		o.mu.Lock()
		defer o.mu.Unlock()
		next.status, next.reason, next.updated = old.status, old.reason, old.updated
		o.st.resources[id] = &next
		return nil
	}
	if creating {
		return o.create(next)
	}
	return o.update(old, next)
}

// changed says whether a resource has to be updated: its properties differ, or
// it carries the stack's tags and those differ.
func (o *operation) changed(p *plan, old, next *resource) bool {
	if next.typ == stackType || string(old.properties) != string(next.properties) || strings.HasSuffix(old.status, "_FAILED") {
		return true
	}
	return o.st.stable != nil && taggable[next.typ] && !sameTags(o.st.stable.tags, p.next.tags)
}

func (o *operation) create(r resource) error {
	o.put(r, "CREATE_IN_PROGRESS", "")
	made, err := o.made(r)
	if err == nil && made.PhysicalID == "" {
		err = errors.New("the provider of " + r.typ + " gave no physical id")
	}
	if err != nil {
		// What a failed creation names may be another's, such as the one that
		// exists already: it must not be deleted by the rollback. A nested
		// stack is there, though it has failed.
		if r.typ == stackType {
			r.made = made
		}
		o.failed(r, "CREATE_FAILED", err)
		return err
	}
	r.made = made
	o.put(r, "CREATE_IN_PROGRESS", "Resource creation Initiated")
	o.put(r, "CREATE_COMPLETE", "")
	return nil
}

func (o *operation) update(old *resource, next resource) error {
	why := ""
	if replaces(next.typ, old.properties, next.properties) {
		why = "Requested update requires the creation of a new physical resource; hence creating one."
	}
	o.put(next, "UPDATE_IN_PROGRESS", why)
	made, err := o.updated(next, old.properties, next.properties)
	if err != nil {
		next.properties = old.properties // it has kept these
		o.failed(next, "UPDATE_FAILED", err)
		return err
	}
	next.made = made
	if made.PhysicalID != old.made.PhysicalID {
		o.put(next, "UPDATE_IN_PROGRESS", "Resource creation Initiated")
		o.discard(old)
	}
	o.put(next, "UPDATE_COMPLETE", "")
	return nil
}

// discard leaves a resource to the clean-up at the end of the update.
func (o *operation) discard(r *resource) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.st.cleanup = append(o.st.cleanup, r)
}

func sameTags(a, b map[string]string) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}
