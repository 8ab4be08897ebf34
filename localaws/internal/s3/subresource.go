package s3

import (
	"encoding/xml"
	"maps"
	"net/http"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// The subresources of a bucket are parts of its configuration. Their operations
// are alike: they answer a document, or read one and apply it, or set what the
// part was without one.

// get answers what find makes of the configuration, or none if that is nil.
func get[V any](none *api.Error, find func(configuration.Bucket) *V) handler {
	return func(_ *Service, rq *request, b *bucket) error {
		v := find(b.settings())
		if v == nil {
			return fault.With(api.Errorf(none.Status, none.Code, "%s", none.Message), "BucketName", b.name)
		}
		return rq.answer(http.StatusOK, v)
	}
}

// putWith reads a document of the type D and puts it.
func putWith[D any](root string, status int, put func(*Service, *request, *bucket, *D) error) handler {
	return func(s *Service, rq *request, b *bucket) error {
		var in D
		if err := rq.document(root, &in); err != nil {
			return err
		}
		if err := put(s, rq, b, &in); err != nil {
			return err
		}
		return rq.done(status)
	}
}

// put is putWith for a document that its bucket alone decides on. One with an id
// has that of the request.
func put[D any, P interface {
	*D
	configuration.Setting
}](root string, status int) handler {
	return putWith(root, status, func(_ *Service, rq *request, b *bucket, in *D) error {
		if d, ok := any(in).(interface{ Identifier() string }); ok {
			if id := rq.query.Get("id"); id == "" || id != d.Identifier() {
				return fault.MalformedXML("Id is %q, the parameter id %q", d.Identifier(), id)
			}
		}
		return b.change(P(in).Apply)
	})
}

// unset removes a part.
func unset(clear func(*configuration.Bucket)) handler {
	return change(func(_ *request, c *configuration.Bucket) error { clear(c); return nil })
}

func change(f func(*request, *configuration.Bucket) error) handler {
	return func(_ *Service, rq *request, b *bucket) error {
		if err := b.change(func(c *configuration.Bucket) error { return f(rq, c) }); err != nil {
			return err
		}
		return rq.done(http.StatusNoContent)
	}
}

// unsetByID removes the part with the id of the request.
func unsetByID[V any](all func(*configuration.Bucket) *map[string]V) handler {
	return change(func(rq *request, c *configuration.Bucket) error {
		m, id := all(c), rq.query.Get("id")
		if _, ok := (*m)[id]; !ok {
			return noSuchConfiguration()
		}
		*m = maps.Clone(*m) // a copy of the configuration may hold the old one
		delete(*m, id)
		return nil
	})
}

// getByID answers the part with the id of the request, or without one the list
// of all.
func getByID[V any](list string, all func(*configuration.Bucket) *map[string]V) handler {
	return func(_ *Service, rq *request, b *bucket) error {
		c := b.settings()
		m := *all(&c)
		if rq.query.Has("id") {
			v, ok := m[rq.query.Get("id")]
			if !ok {
				return noSuchConfiguration()
			}
			return rq.answer(http.StatusOK, v)
		}
		return rq.answer(http.StatusOK, struct {
			XMLName        xml.Name
			IsTruncated    bool
			Configurations []V // each element has the name of its type
		}{XMLName: xml.Name{Local: list}, Configurations: sorted(m)})
	}
}

func noSuchConfiguration() error {
	return api.Errorf(404, "NoSuchConfiguration", "The specified configuration does not exist.")
}

func sorted[V any](m map[string]V) []V {
	var list []V
	for _, id := range slices.Sorted(maps.Keys(m)) {
		list = append(list, m[id])
	}
	return list
}

func inventories(c *configuration.Bucket) *map[string]configuration.Inventory { return &c.Inventories }

func metrics(c *configuration.Bucket) *map[string]configuration.Metrics { return &c.Metrics }
