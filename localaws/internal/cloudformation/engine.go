package cloudformation

import (
	"encoding/json"
	"errors"
	"slices"
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
}

// start begins an operation: the stack enters the status and work runs in the
// background. Service.mu must be held.
func (s *Service) start(st *stack, call api.Call, status, token string, work func(*operation)) {
	o := &operation{Service: s, st: st, call: call, token: token}
	st.operation = api.UUID()
	st.updated = st.now()
	st.enter(status, "User Initiated", token)
	ended := make(chan struct{})
	st.ended = ended
	s.work.Go(func() {
		defer close(ended)
		work(o)
	})
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
		o.put(next, verb+"_FAILED", reason(err))
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
	if string(old.properties) != string(next.properties) || strings.HasSuffix(old.status, "_FAILED") {
		return true
	}
	return o.st.stable != nil && taggable[next.typ] && !sameTags(o.st.stable.tags, p.next.tags)
}

func (o *operation) create(r resource) error {
	o.put(r, "CREATE_IN_PROGRESS", "")
	made, err := o.providers[r.typ].Create(o.ctx, o.context(), r.logicalID, r.properties)
	if err == nil && made.PhysicalID == "" {
		err = errors.New("the provider of " + r.typ + " gave no physical id")
	}
	if err != nil {
		// What a failed creation names may be another's, such as the one that
		// exists already: it must not be deleted by the rollback.
		o.put(r, "CREATE_FAILED", reason(err))
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
	made, err := o.providers[next.typ].Update(o.ctx, o.context(), next.logicalID, old.made, old.properties, next.properties)
	if err != nil {
		next.properties = old.properties // it has kept these
		o.put(next, "UPDATE_FAILED", reason(err))
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

// adopt makes the plan's template and all that belongs to it the stack's.
// Service.mu must be held.
func (st *stack) adopt(p *plan) {
	resources, outputs := st.resources, st.outputs
	st.state = p.next
	st.resources, st.outputs, st.imports = resources, outputs, nil
	st.roleARN, st.rollsBack = p.roleARN, !p.disableRollback
}

// runCreate creates everything, or rolls back.
func (o *operation) runCreate(p *plan) {
	o.mu.Lock()
	o.st.adopt(p)
	o.mu.Unlock()
	failed, err := o.apply(p)
	if err == nil {
		err = o.publish(p)
	}
	if err == nil {
		o.enter("CREATE_COMPLETE", "")
		return
	}
	o.fail("CREATE", failed, err)
}

// runUpdate updates everything and then deletes what is no longer wanted, or
// rolls back.
func (o *operation) runUpdate(p *plan) {
	o.mu.Lock()
	if o.st.stable == nil { // else: an update after one that failed without rollback
		o.st.stable = o.st.clone()
	}
	o.st.adopt(p)
	o.mu.Unlock()
	failed, err := o.apply(p)
	if err == nil {
		err = o.publish(p)
	}
	if err != nil {
		o.fail("UPDATE", failed, err)
		return
	}
	o.enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "")
	o.mu.Lock()
	var gone []*resource
	for _, id := range slices.Backward(o.st.order()) {
		if _, wanted := p.dependencies[id]; !wanted {
			gone = append(gone, o.st.resources[id])
		}
	}
	replaced := slices.Clone(o.st.cleanup)
	slices.Reverse(replaced)
	o.mu.Unlock()
	for _, r := range replaced {
		o.remove(r, r.declaration.Replacement()) // a failure leaves it behind, as CloudFormation does
	}
	for _, r := range gone {
		o.remove(r, r.declaration.Deletion())
		o.mu.Lock()
		delete(o.st.resources, r.logicalID)
		o.mu.Unlock()
	}
	o.mu.Lock()
	o.st.stable, o.st.cleanup = nil, nil
	o.mu.Unlock()
	o.enter("UPDATE_COMPLETE", "")
}

// fail ends a create or an update: with rollback, or as it stands.
func (o *operation) fail(verb, failed string, err error) {
	var why string
	switch {
	case failed == "":
		why = reason(err)
	case verb == "CREATE":
		why = "The following resource(s) failed to create: [" + failed + "]. "
	default:
		why = "The following resource(s) failed to update: [" + failed + "]. "
	}
	o.mu.Lock()
	rollsBack := o.st.rollsBack
	o.mu.Unlock()
	switch {
	case !rollsBack:
		o.enter(verb+"_FAILED", why)
	case verb == "CREATE":
		o.enter("ROLLBACK_IN_PROGRESS", why+"Rollback requested by user.")
		o.undoCreate(false)
	default:
		o.enter("UPDATE_ROLLBACK_IN_PROGRESS", why)
		o.beginUndo()
		o.undoUpdate(nil)
	}
}

func sameTags(a, b map[string]string) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}
