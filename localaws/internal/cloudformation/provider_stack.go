package cloudformation

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// nestedStack makes AWS::CloudFormation::Stack: stacks that run as part of the
// operation of the stack that has them.
//
// Source: CloudFormation template reference, aws-resource-cloudformation-stack;
// user guide, using-cfn-nested-stacks.
type nestedStack struct{ *Service }

// nestedProperties are those that a template may have. The page lists others,
// which only the Cloud Control API has; they are refused by name.
type nestedProperties struct {
	NotificationARNs []string
	Parameters       parameterValues
	Tags             []api.Tag
	TemplateURL      string
	TimeoutInMinutes *int
}

// parameterValues are the parameters of a nested stack, with numbers as they are
// written.
type parameterValues map[string]any

func (p *parameterValues) UnmarshalJSON(b []byte) error {
	numbers := json.NewDecoder(bytes.NewReader(b))
	numbers.UseNumber()
	return numbers.Decode((*map[string]any)(p))
}

// texts accepts scalars alone: a list, such as the Ref of a CommaDelimitedList,
// can't be passed to a nested stack.
func (p parameterValues) texts() (map[string]string, error) {
	texts := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(p)) {
		text, ok := cfn.ScalarText(p[name])
		if !ok {
			return nil, invalid("Value of property Parameters must be an object with String (or simple type) properties, and %s is %s", name, cfn.KindOf(p[name]))
		}
		texts[name] = text
	}
	return texts, nil
}

// Validate implements api.Validator. Creation does not take minutes here, so
// that the timeout is only kept.
func (p *nestedProperties) Validate() error {
	switch {
	case len(p.NotificationARNs) > 0:
		return invalid("the local AWS does not carry out NotificationARNs of %s", stackType)
	case p.TimeoutInMinutes != nil && *p.TimeoutInMinutes < 1:
		return invalid("TimeoutInMinutes must be 1 or more")
	case len(p.Tags) > maxTags:
		return invalid("Tags: a stack has at most %d, not %d", maxTags, len(p.Tags))
	}
	_, err := p.Parameters.texts()
	return err
}

// maxTags is how many tags a stack can have.
const maxTags = 50

// Check finds nothing beyond Validate.
func (nestedStack) Check(nestedProperties) error { return nil }

// Create makes the stack and all that it has. It fails if that does, and then
// names the stack all the same: it is there, and is deleted with its parent.
func (n nestedStack) Create(x api.StackContext, logicalID string, want nestedProperties) (api.Resource, error) {
	if want.TemplateURL == "" {
		return api.Resource{}, invalid("TemplateURL must be given")
	}
	name := api.GeneratedName(x, logicalID, maxName)
	id := newStackARN(x.Call, name)
	if err := n.may(x, "CreateStack", id, want); err != nil {
		return api.Resource{}, err
	}
	parent := n.operationOf(x)
	p, err := n.plan(parent, x, want, id, name)
	if err != nil {
		return api.Resource{}, err
	}
	n.mu.Lock()
	st := n.newStack(x.Call, id)
	st.parent, st.root = parent.st, cmp.Or(parent.st.root, parent.st)
	if want.TimeoutInMinutes != nil {
		st.timeout = *want.TimeoutInMinutes
	}
	o := parent.nested(st, "CREATE_IN_PROGRESS")
	n.mu.Unlock()
	defer o.end()
	if why := o.runCreate(p); why != "" {
		return n.resource(st), invalid("Embedded stack %s was not successfully created: %s", st.id, why)
	}
	return n.resource(st), nil
}

// Update brings the stack to its template, which may be another one behind the
// same URL, and to its parameters and tags, if any of these has changed. In a
// rollback of the parent it rolls the stack back.
func (n nestedStack) Update(x api.StackContext, _ string, r api.Resource, _, want nestedProperties) (api.Resource, error) {
	parent := n.operationOf(x)
	st, err := n.stackOf(x, r)
	if err == nil && parent.undoes {
		err = n.undo(parent, st)
	} else if err == nil {
		err = n.update(parent, st, x, want)
	}
	if err != nil {
		return r, err
	}
	return n.resource(st), nil
}

func (n nestedStack) update(parent *operation, st *stack, x api.StackContext, want nestedProperties) error {
	if err := n.may(x, "UpdateStack", st.id, want); err != nil {
		return err
	}
	p, err := n.plan(parent, x, want, st.id, st.name)
	if err != nil {
		return err
	}
	_, differs, err := n.predict(p, st, x.Call)
	if err != nil {
		return err
	}
	n.mu.Lock()
	if st.finish == nil { // else an update of the parent has failed without rollback, and this one goes on
		if err = st.updatable(); err == nil {
			err = st.mayRollBack(p.disableRollback)
		}
	}
	if err != nil || !differs && !strings.HasSuffix(st.status, "_FAILED") {
		n.mu.Unlock()
		return err
	}
	clear(st.changeSets)
	st.finish = nil
	o := parent.nested(st, "UPDATE_IN_PROGRESS")
	n.mu.Unlock()
	waits := false
	defer func() {
		if !waits {
			o.end()
		}
	}()
	if why := o.updateResources(p); why != "" {
		status := "UPDATE_ROLLBACK_IN_PROGRESS"
		if p.disableRollback {
			status = "UPDATE_FAILED"
		}
		return unsuccessful(st, status, why)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	waits = true
	st.finish = func() {
		defer o.end()
		o.cleanUp(p)
	}
	return nil
}

// undo takes back what the operation under way has done to a stack.
func (n nestedStack) undo(parent *operation, st *stack) error {
	n.mu.Lock()
	waiting, status := st.finish != nil, st.status
	if !waiting && status != "UPDATE_FAILED" && status != "UPDATE_ROLLBACK_FAILED" {
		n.mu.Unlock()
		return nil // it has rolled back already, or was not reached
	}
	st.finish = nil
	o := parent.nested(st, "UPDATE_ROLLBACK_IN_PROGRESS")
	n.mu.Unlock()
	defer o.end()
	if status != "UPDATE_ROLLBACK_FAILED" {
		o.beginUndo()
	}
	o.undoUpdate()
	n.mu.Lock()
	defer n.mu.Unlock()
	if st.status != "UPDATE_ROLLBACK_COMPLETE" {
		return unsuccessful(st, st.status, st.statusReason)
	}
	return nil
}

func unsuccessful(st *stack, status, why string) error {
	return invalid("Embedded stack %s was not successfully updated. Currently in %s with reason: %s", st.id, status, why)
}

// Delete deletes all that the stack has, and the stack.
func (n nestedStack) Delete(x api.StackContext, r api.Resource) error {
	parent := n.operationOf(x)
	st, err := n.stackOf(x, r)
	if err != nil {
		return nil // somebody has deleted it
	}
	if err := n.may(x, "DeleteStack", st.id, nestedProperties{}); err != nil {
		return err
	}
	n.mu.Lock()
	if st.busy() && st.finish == nil {
		n.mu.Unlock()
		return invalid("Stack:%s is in %s state and can not be deleted.", st.id, st.status)
	}
	clear(st.changeSets)
	st.finish = nil
	o := parent.nested(st, "DELETE_IN_PROGRESS")
	n.mu.Unlock()
	defer o.end()
	o.runDelete(nil)
	n.mu.Lock()
	defer n.mu.Unlock()
	if st.status != "DELETE_COMPLETE" {
		return invalid("Embedded stack %s was not successfully deleted: %s", st.id, st.statusReason)
	}
	return nil
}
