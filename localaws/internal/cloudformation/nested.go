package cloudformation

import (
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// hierarchy is what the operations of a stack and of the stacks nested in it
// share. They run one after the other, in one goroutine.
type hierarchy struct {
	resources int                  // that nested stacks have
	templates map[string]*template // by body: one that is nested many times is held once
	budget    *cfn.Budget
}

// maxNested is how many resources nested stacks can have in one operation.
//
// Source: CloudFormation user guide, cloudformation-limits. How CloudFormation
// words the refusal is not documented.
const maxNested = 2500

// maxNesting is how deep stacks nest. It ends a template that nests itself, and
// is no quota of AWS.
const maxNesting = 50

func newHierarchy() *hierarchy {
	return &hierarchy{templates: map[string]*template{}, budget: &cfn.Budget{Values: 2_000_000, Text: 32 << 20}}
}

func (h *hierarchy) template(body string) (*template, error) {
	if t := h.templates[body]; t != nil {
		return t, nil
	}
	t, err := parseTemplate(body)
	if err == nil {
		h.templates[body] = t
	}
	return t, err
}

// nested begins an operation on a nested stack, as part of o. Service.mu must be
// held.
func (o *operation) nested(st *stack, status string) *operation {
	n := &operation{
		Service: o.Service, st: st, call: o.call, token: o.token, hierarchy: o.hierarchy,
		undoes: o.undoes, retainsNothing: o.retainsNothing,
	}
	for _, skip := range o.skip {
		if id, ok := strings.CutPrefix(skip, st.name+"."); ok {
			n.skip = append(n.skip, id)
		}
	}
	n.begin(status, "")
	return n
}

// finishNested ends the updates of nested stacks, which wait until the stack
// itself is updated: until then all can go back.
func (o *operation) finishNested() {
	var waiting []func()
	o.locked(func() {
		for _, id := range o.st.order() {
			if st := o.stackNested(o.st.resources[id]); st != nil && st.finish != nil {
				waiting = append(waiting, st.finish)
				st.finish = nil
			}
		}
	})
	for _, finish := range waiting {
		finish()
	}
}

// undoesNested says whether r is a nested stack that the operation has updated.
func (o *operation) undoesNested(r *resource) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	st := o.stackNested(r)
	return st != nil && (st.finish != nil || st.status == "UPDATE_FAILED" || st.status == "UPDATE_ROLLBACK_FAILED")
}

// stackNested is the stack that a resource is; nil: it is no stack, or is gone.
// Service.mu must be held.
func (o *operation) stackNested(r *resource) *stack {
	if r.typ != stackType {
		return nil
	}
	return o.find(o.st.account, o.st.region, r.made.PhysicalID)
}

// operationOf is the operation under way on the stack that a provider works
// for.
func (n nestedStack) operationOf(x api.StackContext) *operation {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.Service.find(x.Account, x.Region, x.StackID).running
}

// stackOf is the nested stack that a resource is.
func (n nestedStack) stackOf(x api.StackContext, r api.Resource) (*stack, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	st := n.Service.find(x.Account, x.Region, r.PhysicalID)
	if st == nil || st.status == "DELETE_COMPLETE" {
		return nil, invalid("Stack [%s] does not exist", r.PhysicalID)
	}
	return st, nil
}

// may asks whether the call may do what CloudFormation does in its name.
//
// Source: the handlers' permissions in the resource type's schema.
func (n nestedStack) may(x api.StackContext, action, id string, want nestedProperties) error {
	keys := map[string]iam.Strings{}
	if want.TemplateURL != "" {
		keys["cloudformation:TemplateUrl"] = iam.Strings{want.TemplateURL}
	}
	for _, a := range []api.Access{{Action: "cloudformation:DescribeStacks"}, {Action: "cloudformation:" + action, Context: keys}} {
		a.Resource, a.ResourceAccount = id, x.Account
		if err := n.opt.Authorizer.Authorize(x.Call, a); err != nil {
			return err
		}
	}
	return nil
}

// plan reads the template of a nested stack, with the permissions of the stack
// that has it, and checks it. Role, capabilities, rollback and tags are those of
// the parent.
func (n nestedStack) plan(parent *operation, x api.StackContext, want nestedProperties, id, name string) (*plan, error) {
	depth := 1
	for st := parent.st; st.parent != nil; st = st.parent { // never changes
		depth++
	}
	if depth > maxNesting {
		return nil, invalid("the local AWS does not carry out stacks that are nested deeper than %d", maxNesting)
	}
	given, err := want.Parameters.texts()
	if err != nil {
		return nil, err
	}
	body, err := n.bodyAt(x.Call, want.TemplateURL)
	if err != nil {
		return nil, err
	}
	t, err := parent.template(body)
	if err != nil {
		return nil, err
	}
	p := &plan{next: state{template: t, tags: x.WithTags(want.Tags)}}
	n.mu.Lock()
	p.next.capabilities, p.roleARN, p.disableRollback = parent.st.capabilities, parent.st.roleARN, !parent.st.rollsBack
	n.mu.Unlock()
	if err := n.settle(x.Call, p, id, name, given, parent.budget); err != nil {
		return nil, err
	}
	if parent.resources += len(p.order); parent.resources > maxNested {
		return nil, invalid("The nested stacks have more than %d resources in one operation", maxNested)
	}
	return p, nil
}

// resource is what the parent's template sees of the stack.
func (n nestedStack) resource(st *stack) api.Resource {
	n.mu.Lock()
	defer n.mu.Unlock()
	r := api.Resource{PhysicalID: st.id, Attributes: map[string]string{}}
	for _, o := range st.outputs {
		r.Attributes["Outputs."+o.key] = o.value
	}
	return r
}
