package api

import (
	"fmt"
	"sync"
)

// Trace collects, while a call is carried out, what the log says of it. The calls
// that services make on its behalf have the same one. The nil Trace keeps nothing.
type Trace struct {
	mu        sync.Mutex
	operation string // "s3:PutObject"
	signer    string // of a form, whose request is not signed itself
	resource  string // of the first decision
	err       *Error
	denials   []string
	unkept    int // denials beyond keptDenials
	ended     bool
}

// keptDenials bounds a Trace: one DeleteObjects asks for 1,000 permissions.
const keptDenials = 10

// Answered says which operation it was, "" if none was found, and with which error
// it is answered, if with any.
func (t *Trace) Answered(operation string, err error) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.operation = operation; err != nil {
		t.err = AsError(err)
	}
}

// Decided adds a decision; denial explains it, and is "" if it was none. False:
// the call is answered, or nobody keeps it, so that the log must be told at once.
func (t *Trace) Decided(resource, denial string) bool {
	if t == nil {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return false
	}
	if t.resource == "" {
		t.resource = resource
	}
	switch {
	case denial == "":
	case len(t.denials) < keptDenials:
		t.denials = append(t.denials, denial)
	default:
		t.unkept++
	}
	return true
}

// SignedBy says who signed the form that the request brings.
func (t *Trace) SignedBy(caller string) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.signer = caller
}

// Signer is who signed the request's form, "" if nobody did.
func (t *Trace) Signer() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.signer
}

// Denials explain what the policies denied, in their order.
func (t *Trace) Denials() []string {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	list := append([]string(nil), t.denials...)
	if t.unkept > 0 {
		list = append(list, fmt.Sprintf("and %d more", t.unkept))
	}
	return list
}

// End is called when the answer is out. It gives the operation, the resource that
// was asked about first and the error of the answer, as far as there are any.
func (t *Trace) End() (operation, resource string, err *Error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	return t.operation, t.resource, t.err
}
