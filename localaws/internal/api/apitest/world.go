// Package apitest is what the tests of the services share: a world without IAM
// around a service, and a way to call it.
package apitest

import (
	"net/http"
	"sync"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// World surrounds a service: identity policies by principal, a clock that the
// test moves, and the principals that don't exist. It implements api.Authorizer
// and api.Principals.
type World struct {
	Identity map[string]iam.Document // by the ARN of the user or role
	Missing  map[string]bool         // principals

	mu  sync.Mutex
	now time.Time
}

// NewWorld makes a World in which nobody may do anything.
func NewWorld() *World {
	return &World{
		Identity: map[string]iam.Document{}, Missing: map[string]bool{},
		now: time.Date(2026, time.May, 1, 12, 0, 0, 0, time.UTC),
	}
}

// Now is the time of the world's clock.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Advance moves the clock on.
func (w *World) Advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// Allow gives a principal a policy that allows actions on everything.
func (w *World) Allow(principal string, actions ...string) {
	w.Identity[principal] = iam.Document{Version: iam.Version, Statement: []iam.Statement{
		{Effect: iam.Allow, Action: actions, Resource: iam.Strings{"*"}},
	}}
}

// PrincipalExists implements api.Principals.
func (w *World) PrincipalExists(principal string) bool { return !w.Missing[principal] }

// Authorize implements api.Authorizer.
func (w *World) Authorize(c api.Call, a api.Access) error {
	p := iam.Policies{Resource: a.Policy, Session: c.Session}
	if d, ok := w.Identity[c.Caller.PrincipalARN()]; ok {
		p.Identity = []iam.Source{{Name: "identity", Document: d}}
	}
	d := iam.Evaluate(iam.Request{
		Caller: c.Caller, Action: a.Action, Resource: a.Resource, ResourceAccount: a.ResourceAccount, Context: a.Keys(c),
	}, p)
	if d.Allowed {
		return nil
	}
	return api.Errorf(http.StatusBadRequest, "AccessDeniedException", "%s", d.Explain())
}

// Book is an api.Authorizer that allows everything but one action, and notes
// what it was asked.
type Book struct {
	Deny  string
	Asked []string // "ssm:GetParameter arn:..."
}

// Authorize implements api.Authorizer.
func (b *Book) Authorize(_ api.Call, a api.Access) error {
	b.Asked = append(b.Asked, a.Action+" "+a.Resource)
	if a.Action == b.Deny {
		return api.Errorf(http.StatusBadRequest, "AccessDeniedException", "denied")
	}
	return nil
}
