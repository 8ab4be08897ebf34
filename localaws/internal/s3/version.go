package s3

import (
	"slices"
	"sort"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/s3/checksum"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// version is one version of an object, or a delete marker. All but encryption,
// tags and replication stay as they are; those three are guarded by the bucket.
type version struct {
	key      string
	id       string // "null" for a version made while versioning was not enabled
	marker   bool
	modified time.Time
	etag     string // without quotes
	size     int64

	bodies    []sealed.Body     // one, or that of each part
	headers   map[string]string // Content-Type and such, by header name
	metadata  map[string]string // x-amz-meta- names, lower case, without the prefix
	class     string            // storage class
	checksum  checksum.Sum
	partSizes []int64        // of a multipart object
	partSums  []checksum.Sum // of a multipart object whose upload named their algorithm
	owner     string         // account

	encryption  sse.Encryption
	tags        []configuration.Tag
	replication string // "", PENDING, COMPLETED, FAILED or REPLICA
}

// object is the version as replication rules look at it.
func (v *version) object() configuration.Object {
	return configuration.Object{Key: v.key, Tags: v.tags, Marker: v.marker, Mode: v.encryption.Mode}
}

// index holds the versions of a bucket: the newest last for each key, and the
// keys in order.
type index struct {
	keys     []string
	versions map[string][]*version
}

func (x *index) current(key string) *version {
	vs := x.versions[key]
	if len(vs) == 0 {
		return nil
	}
	return vs[len(vs)-1]
}

func (x *index) version(key, id string) *version {
	for _, v := range x.versions[key] {
		if v.id == id {
			return v
		}
	}
	return nil
}

func (x *index) add(v *version) {
	if len(x.versions[v.key]) == 0 {
		i, _ := slices.BinarySearch(x.keys, v.key)
		x.keys = slices.Insert(x.keys, i, v.key)
	}
	x.versions[v.key] = append(x.versions[v.key], v)
}

// insert adds a version where its time is among those of its key: a replica of an
// old version may arrive after those of newer ones.
func (x *index) insert(v *version) {
	x.add(v)
	list := x.versions[v.key]
	slices.SortStableFunc(list, func(a, b *version) int { return a.modified.Compare(b.modified) })
}

func (x *index) remove(key, id string) *version {
	vs := x.versions[key]
	i := slices.IndexFunc(vs, func(v *version) bool { return v.id == id })
	if i < 0 {
		return nil
	}
	v := vs[i]
	// A new slice: a listing may hold the old one.
	vs = slices.Concat(vs[:i], vs[i+1:])
	if len(vs) > 0 {
		x.versions[key] = vs
		return v
	}
	delete(x.versions, key)
	if i, ok := slices.BinarySearch(x.keys, key); ok {
		x.keys = slices.Delete(x.keys, i, i+1)
	}
	return v
}

// from is the index of the first key that is not less than s.
func (x *index) from(s string) int { return sort.SearchStrings(x.keys, s) }

// drop gives up a version's body.
func (v *version) drop() {
	if v == nil {
		return
	}
	for _, body := range v.bodies {
		body.Release()
	}
}

// reading is a version as it was when found. Its body stays readable until
// close, whatever happens to the version.
type reading struct{ version }

func (r *reading) close() {
	if r == nil {
		return
	}
	for _, body := range r.bodies {
		body.Release()
	}
}

// read finds a version; id "" is the current one. A delete marker is found
// too. nil: there is none.
func (b *bucket) read(key, id string) *reading {
	b.mu.RLock()
	defer b.mu.RUnlock()
	v := b.index.current(key)
	if id != "" {
		v = b.index.version(key, id)
	}
	if v == nil {
		return nil
	}
	for _, body := range v.bodies {
		body.Acquire()
	}
	return &reading{*v}
}

// place adds a version under the bucket's versioning state. b.mu is held.
func (b *bucket) place(v *version) {
	v.id = nullVersion
	if b.config.Versioning == configuration.Enabled {
		v.id = newVersionID()
	} else {
		b.index.remove(v.key, nullVersion).drop()
	}
	b.index.add(v)
}
