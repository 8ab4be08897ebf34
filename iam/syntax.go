package iam

// SyntaxError is one place where a document is not what IAM's grammar has.
// [ParseDocument] joins all of a document; errors.As gives the first.
type SyntaxError struct {
	At    string // "Statement[2].Condition.Bool.aws:SecureTransport"; "" for the document
	Fault Fault
	Value string // what is wrong there, as it is written; "" where something is missing

	text string
}

// Error names the place, what is wrong, and mostly what to write instead.
func (e *SyntaxError) Error() string {
	if e.At == "" {
		return "policy document: " + e.text
	}
	return e.At + ": " + e.text
}

// Fault is a kind of syntax error, as far as services have words of their own
// for it.
type Fault int

// The faults. Misplaced is a value of another type, or two elements that exclude
// each other.
const (
	Misplaced Fault = iota
	UnknownElement
	UnknownVersion
	StatementMissing
	StatementEmpty
	EffectMissing
	UnknownEffect
	PrincipalEmpty
	PrincipalMalformed    // wildcards in a name, a group
	NotPrincipalAllowed   // Allow with NotPrincipal
	ActionMissing         // or an empty list
	ActionMalformed       // not service:Name
	ResourceEmpty         // an empty list
	ResourceMalformed     // the empty string, or a policy variable where none may be
	UnknownOperator       // of a condition
	ConditionUncomparable // a value that the operator doesn't compare
)
