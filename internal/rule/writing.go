package rule

import (
	"strings"

	"github.com/s3seal/s3seal/internal/template"
	"github.com/s3seal/s3seal/logdelivery"
)

// writing is what a resource makes a service write into a bucket.
type writing struct {
	logdelivery.Writer
	from                      *template.Resource
	bucket, key, option, role template.Value
}

// writersOf are the writers of a type of resource that the matrix doesn't have,
// keyedOf those of all whose logs may ask for a KMS key.
var writersOf, keyedOf = func() (others, keyed map[string][]logdelivery.Writer) {
	others, keyed = map[string][]logdelivery.Writer{}, map[string][]logdelivery.Writer{}
	for _, w := range logdelivery.Writers() {
		others[w.Type] = append(others[w.Type], w)
		if w.Key != "" {
			keyed[w.Type] = append(keyed[w.Type], w)
		}
	}
	for _, s := range logdelivery.Sources() {
		if t, _ := logdelivery.Of(s); t.Setting.KMSKey != "" {
			w := logdelivery.Writer{Title: t.Title, Type: t.Setting.Type, Bucket: t.Setting.Destination, Key: t.Setting.KMSKey, Below: t.Page}
			keyed[w.Type] = append(keyed[w.Type], w)
		}
	}
	return others, keyed
}()

// eachWriting calls f for everything that resources of the stacks make services
// write, of those writers.
func (c *checker) eachWriting(by map[string][]logdelivery.Writer, f func(writing)) {
	for _, s := range c.stacks {
		for _, r := range s.Resources() {
			for _, w := range by[r.Type] {
				root := r.Properties()
				list, behind := "", w.Bucket
				if i := strings.LastIndex(w.Bucket, "[]."); i >= 0 {
					list, behind = w.Bucket[:i+len("[].")], w.Bucket[i+len("[]."):]
				}
				for _, element := range c.elements(r, root, list) {
					at := func(place string) template.Value {
						if in, ok := strings.CutPrefix(place, list); ok {
							return below(element)(in)
						}
						return below(root)(place)
					}
					f(writing{Writer: w, from: r, bucket: below(element)(behind), key: at(w.Key), option: at(w.Option), role: at(w.Role)})
				}
			}
		}
	}
}

// elements are the values at a path whose lists end in "[].".
func (c *checker) elements(r *template.Resource, v template.Value, path string) []template.Value {
	place, behind, ok := strings.Cut(path, "[].")
	if !ok {
		return []template.Value{v}
	}
	list, err := below(v)(place).List()
	if template.IsUnknown(err) {
		c.unknown(r, "", err)
	}
	var all []template.Value
	for _, element := range list {
		all = append(all, c.elements(r, element, behind)...)
	}
	return all
}

// writingTo is the name of the bucket; "" for none, and for one that can't be
// read. What is not as its type's schema has it names none.
func (c *checker) writingTo(w writing) string {
	to, err := w.bucket.String()
	if template.IsUnknown(err) {
		c.unknown(w.from, w.bucket.Path(), err)
	}
	name, _ := bucketOf(to)
	return name
}

// keyed says whether what is written is under a KMS key that the resource names.
func (c *checker) keyed(w writing) (keyed, known bool) {
	given, known := c.exists(w.from, w.key)
	if !known || !given || w.Option == "" {
		return given, known
	}
	option, known := c.text(w.from, w.option)
	return strings.ReplaceAll(strings.ToUpper(option), "-", "_") == "SSE_KMS", known
}
