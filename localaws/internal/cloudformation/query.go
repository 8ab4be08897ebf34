package cloudformation

import (
	"net/http"
	"strconv"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

const namespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/"

// query is a request: the form, with lists of structures.
type query struct{ *api.Form }

// flag is a boolean parameter.
func (q query) flag(name string) bool { return q.Text(name) == "true" }

// members is a list of structures, each by the names of its members that are
// given. A member that is not among the names stays unread, and so is refused
// by Done.
func (q query) members(list string, names ...string) []map[string]string {
	q.List(list) // marks the empty list as read
	var out []map[string]string
	for i := 1; ; i++ {
		m := q.structure(list+".member."+strconv.Itoa(i), names...)
		if len(m) == 0 {
			return out
		}
		out = append(out, m)
	}
}

// structure is a structure's members that are given.
func (q query) structure(name string, names ...string) map[string]string {
	m := map[string]string{}
	for _, n := range names {
		if key := name + "." + n; q.Has(key) {
			m[n] = q.Text(key)
		}
	}
	return m
}

// tags are the tags of the request; given says whether it speaks of tags.
func (q query) tags() (tags map[string]string, given bool) {
	given = q.Has("Tags") || q.Has("Tags.member.1.Key")
	return q.Tags(), given
}

// invalid is CloudFormation's error for nearly everything that is wrong with a
// request.
func invalid(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "ValidationError", format, args...)
}

// list makes the XML form of a list: its elements are called member.
type list[T any] struct {
	Member []T `xml:"member"`
}

// timestamp is a time on the wire; "" for the zero time.
func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
