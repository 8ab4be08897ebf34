package cloudformation

import (
	"slices"
	"strings"
)

// undoCreate deletes what a failed creation has made. A resource with
// DeletionPolicy Retain is kept, as CloudFormation does; one with
// RetainExceptOnCreate, or all with the option of that name, is not.
//
// Source: CloudFormation template reference, aws-attribute-deletionpolicy.
func (o *operation) undoCreate() {
	o.undoes = true
	var left []string
	for _, r := range o.reversed() {
		if r.made.PhysicalID == "" {
			o.locked(func() { delete(o.st.resources, r.logicalID) })
			continue
		}
		if !o.removeFromStack(r, o.deletion(r)) {
			left = append(left, r.logicalID)
		}
	}
	if len(left) > 0 {
		o.enter("ROLLBACK_FAILED", "The following resource(s) failed to delete: ["+strings.Join(left, ", ")+"]. ")
		return
	}
	o.locked(func() { o.st.outputs, o.st.imports = nil, nil })
	o.enter("ROLLBACK_COMPLETE", "")
}

// deletion is what happens to a resource of the stack when the stack goes.
func (o *operation) deletion(r *resource) string {
	policy := r.declaration.Deletion()
	if o.retainsNothing || o.undoes && policy == "RetainExceptOnCreate" {
		return "Delete"
	}
	return policy
}

// reversed are the stack's resources, those first that nothing depends on.
func (o *operation) reversed() []*resource {
	o.mu.Lock()
	defer o.mu.Unlock()
	var l []*resource
	for _, id := range slices.Backward(o.st.order()) {
		l = append(l, o.st.resources[id])
	}
	return l
}

// removeFromStack deletes a resource, or keeps it as its policy says, and
// takes it off the stack. It returns false if the deletion failed.
func (o *operation) removeFromStack(r *resource, policy string) bool {
	switch {
	case strings.HasPrefix(policy, "Retain"):
		r = o.put(*r, "DELETE_SKIPPED", "")
	default:
		o.put(*r, "DELETE_IN_PROGRESS", "")
		if err := o.gone(r); err != nil {
			o.failed(*r, "DELETE_FAILED", err)
			return false
		}
		r = o.put(*r, "DELETE_COMPLETE", "")
	}
	o.mu.Lock()
	delete(o.st.resources, r.logicalID)
	o.st.removed = append(o.st.removed, r)
	o.mu.Unlock()
	return true
}

// remove deletes in a clean-up phase what the stack no longer shows. A failure
// is only reported: the stack is in its new state already.
func (o *operation) remove(r *resource, policy string) {
	if r.made.PhysicalID == "" {
		return
	}
	if strings.HasPrefix(policy, "Retain") {
		o.event(r, "DELETE_SKIPPED", "")
		return
	}
	o.event(r, "DELETE_IN_PROGRESS", "")
	if err := o.gone(r); err != nil {
		o.event(r, "DELETE_FAILED", reason(err))
		o.logFailure(r, "DELETE_FAILED", err)
		return
	}
	o.event(r, "DELETE_COMPLETE", "")
}

// beginUndo drops from the clean-up what the rollback will use again: the old
// resources of the last stable state, which replacements stand in for.
func (o *operation) beginUndo() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.st.cleanup = slices.DeleteFunc(o.st.cleanup, func(r *resource) bool {
		before := o.st.stable.resources[r.logicalID]
		return before != nil && before.made.PhysicalID == r.made.PhysicalID
	})
}

// undoUpdate brings the resources back to the last stable state. Those named
// in o.skip stay as they are. What the update has made is deleted at the end.
func (o *operation) undoUpdate() {
	o.undoes = true
	var stable *state
	tagsChanged := false
	o.locked(func() {
		stable = o.st.stable
		tagsChanged = !sameTags(o.st.tags, stable.tags)
		o.st.tags = stable.tags
	})
	for _, r := range o.reversed() {
		before := stable.resources[r.logicalID]
		switch {
		case before == nil:
			o.discard(r)
			o.locked(func() { delete(o.st.resources, r.logicalID) })
		case slices.Contains(o.skip, r.logicalID):
			o.put(*r, "UPDATE_COMPLETE", "Resource skipped during UpdateRollback")
		case r.made.PhysicalID != before.made.PhysicalID:
			// The old one is still there: the clean-up has not come.
			o.discard(r)
			o.put(*before, "UPDATE_COMPLETE", "")
		case r.status == "UPDATE_FAILED" || o.undoesNested(r) || string(r.properties) != string(before.properties) || tagsChanged && taggable[r.typ]:
			if err := o.restore(r, before); err != nil {
				o.enter("UPDATE_ROLLBACK_FAILED", "The following resource(s) failed to update: ["+r.logicalID+"]. ")
				return
			}
		default:
			o.locked(func() { o.st.resources[r.logicalID] = before })
		}
	}
	o.enter("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "")
	o.mu.Lock()
	made := o.st.cleanup
	resources := o.st.resources
	o.st.state = *stable
	o.st.resources = resources
	o.st.stable, o.st.cleanup = nil, nil
	o.mu.Unlock()
	for _, r := range made {
		o.remove(r, "Delete")
	}
	o.enter("UPDATE_ROLLBACK_COMPLETE", "")
}

// restore gives a resource its properties from before. The one that it stands
// for now is deleted later if that takes a replacement.
func (o *operation) restore(r, before *resource) error {
	back := *before
	o.put(back, "UPDATE_IN_PROGRESS", "")
	made, err := o.updated(*r, r.properties, before.properties)
	if err != nil {
		o.failed(*r, "UPDATE_FAILED", err)
		return err
	}
	back.made = made
	if made.PhysicalID != r.made.PhysicalID {
		o.discard(r)
	}
	o.put(back, "UPDATE_COMPLETE", "")
	return nil
}

// runDelete deletes the stack's resources and then the stack.
func (o *operation) runDelete(retain []string) {
	if name, by := o.exportInUse(nil); name != "" {
		// The wording of the reason is what CloudFormation shows; that the
		// stack goes to DELETE_FAILED is not documented.
		o.enter("DELETE_FAILED", "Delete canceled. Cannot delete export "+name+" as it is in use by "+by+".")
		return
	}
	var left []string
	o.mu.Lock()
	discarded := slices.Clone(o.st.cleanup)
	o.mu.Unlock()
	for _, r := range o.reversed() {
		policy := o.deletion(r)
		if slices.Contains(retain, r.logicalID) {
			policy = "Retain"
		}
		if o.dependedOn(r, left) || !o.removeFromStack(r, policy) {
			left = append(left, r.logicalID)
		}
	}
	if len(left) > 0 {
		o.enter("DELETE_FAILED", "The following resource(s) failed to delete: ["+strings.Join(left, ", ")+"]. ")
		return
	}
	for _, r := range slices.Backward(discarded) {
		o.remove(r, r.declaration.Replacement())
	}
	o.mu.Lock()
	o.st.outputs, o.st.imports, o.st.cleanup, o.st.stable = nil, nil, nil, nil
	o.st.deleted = o.st.now()
	o.mu.Unlock()
	o.enter("DELETE_COMPLETE", "")
}

// dependedOn says whether a resource that could not be deleted needs r.
func (o *operation) dependedOn(r *resource, left []string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, id := range left {
		if other := o.st.resources[id]; other != nil && slices.Contains(other.dependsOn, r.logicalID) {
			return true
		}
	}
	return false
}
