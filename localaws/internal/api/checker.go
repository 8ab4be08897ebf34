package api

import "encoding/json"

// Checker is a Provider that can refuse properties before a stack makes
// anything, so that nothing is left behind by a stack that cannot succeed.
// Every provider of the local AWS is one. CloudFormation asks it while it makes
// a change set, and at the start of CreateStack and UpdateStack.
type Checker interface {
	// Check takes the properties as Create would, except that a value which
	// is known only once another resource has been made is the text
	// NotYetKnown, or contains it: see Known and Policy.Known. It must not ask
	// for what exists.
	Check(properties json.RawMessage) error
}

// NotYetKnown stands for such a value. It is CloudFormation's own text.
const NotYetKnown = "{{changeSet:KNOWN_AFTER_APPLY}}"
