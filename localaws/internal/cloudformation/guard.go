package cloudformation

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// guarded is a provider whose panic fails the resource, as an error does, and
// not the process.
type guarded struct {
	to  api.Provider
	typ string
	log *api.Log
}

func (s *Service) provider(typ string) guarded { return guarded{s.providers[typ], typ, s.opt.Log} }

func (g guarded) Create(ctx context.Context, x api.StackContext, id string, properties json.RawMessage) (r api.Resource, err error) {
	err = g.log.Guard("creation of "+g.typ, func() (err error) {
		r, err = g.to.Create(ctx, x, id, properties)
		return err
	})
	return r, err
}

func (g guarded) Update(ctx context.Context, x api.StackContext, id string, old api.Resource, before, after json.RawMessage) (r api.Resource, err error) {
	err = g.log.Guard("update of "+g.typ, func() (err error) {
		r, err = g.to.Update(ctx, x, id, old, before, after)
		return err
	})
	return r, err
}

func (g guarded) Delete(ctx context.Context, x api.StackContext, id string, r api.Resource) error {
	return g.log.Guard("deletion of "+g.typ, func() error { return g.to.Delete(ctx, x, id, r) })
}

func (g guarded) Import(x api.StackContext, r api.Resource, properties json.RawMessage) error {
	return g.log.Guard("import of "+g.typ, func() error { return g.to.(api.Importer).Import(x, r, properties) })
}

// breakOff puts a stack into the status from which it can go on, or be deleted,
// after an operation that ended within. Service.mu must be held.
func (st *stack) breakOff(token string) {
	status, cleaning := strings.CutSuffix(st.status, "_CLEANUP_IN_PROGRESS")
	switch {
	case cleaning: // the stack is whole; what was to be deleted is left behind
		st.stable, st.cleanup = nil, nil
	case strings.HasPrefix(status, "IMPORT_"):
		status = "IMPORT_ROLLBACK_FAILED"
	default:
		status = strings.TrimSuffix(status, "IN_PROGRESS") + "FAILED"
	}
	st.enter(status, "Internal Failure", token)
}
