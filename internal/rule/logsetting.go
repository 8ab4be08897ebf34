package rule

import (
	"cmp"
	"strings"

	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
	"github.com/s3seal/s3seal/logdelivery"
)

// property reads a place of a log's setting.
type property func(place string) template.Value

func below(v template.Value) property {
	return func(place string) template.Value {
		if place == "" {
			return v
		}
		return v.Get(strings.Split(place, ".")...)
	}
}

// logsOf are a resource's logs of one source, by the source's setting.
func (c *checker) logsOf(r *template.Resource, source logdelivery.Source, send func(sentLog)) {
	t, _ := logdelivery.Of(source)
	whole := below(r.Properties())
	settings := []property{whole}
	switch {
	case t.Setting.List != "":
		settings = nil
		list, _ := read(c, r, whole(t.Setting.List), template.Value.List)
		for _, v := range list {
			settings = append(settings, below(v))
		}
	case t.Setting.Attributes != "":
		settings = []property{c.attributes(r, whole(t.Setting.Attributes))}
	}
	for _, at := range settings {
		if l := c.log(r, source); c.readSetting(&l, at) {
			send(l)
		}
	}
}

// attributes are Values by their Keys.
func (c *checker) attributes(r *template.Resource, v template.Value) property {
	list, _ := read(c, r, v, template.Value.List)
	values := map[string]template.Value{}
	for _, a := range list {
		if key, known := c.text(r, a.Get("Key")); known {
			values[key] = a.Get("Value")
		}
	}
	return func(place string) template.Value {
		if v, there := values[place]; there {
			return v
		}
		return r.Properties().Get(place) // Name, or nothing
	}
}

// readSetting reads what a log's setting says; false if it sends nothing to a
// bucket, or can't be read.
func (c *checker) readSetting(l *sentLog, at property) bool {
	t, set, ok := l.traits, l.traits.Setting, true
	text := func(v template.Value) string {
		text, known := c.text(l.from, v)
		ok = ok && known
		return text
	}
	optional := func(place string) string {
		if place == "" {
			return ""
		}
		return text(at(place))
	}
	on := func(place string) bool { // a flag is true, or a mapping is there
		if place == "" {
			return false
		}
		if _, err := at(place).Keys(); err == nil {
			return true
		}
		on, known := c.flag(l.from, at(place))
		ok = ok && known
		return on
	}
	if set.On != "" && !on(set.On) || set.Attributes != "" && text(l.from.Properties().Get("Type").Default("application")) != set.Of {
		return false
	}
	to := text(at(set.Destination))
	l.at = at(set.Destination).Path()
	name, id, prefix, partitioned := optional(set.Name), optional(set.ID), optional(set.Prefix), on(set.Partitioned)
	if set.Name == "" && strings.Contains(t.ARN+t.FirstObject, "{name}") {
		var err error
		if name, err = l.from.Ref(); err != nil {
			c.unknown(l.from, "", err)
			return false
		}
	}
	if to == "" && set.ToItself {
		to = name
	}
	l.kmsKey, l.sseS3 = optional(set.KMSKey), on(set.SSES3)
	if l.bucket, l.Prefix = bucketOf(to); l.bucket == "" || !ok {
		return false
	}
	if set.Prefix != "" {
		l.Prefix = strings.Trim(prefix, "/")
	}
	name = cmp.Or(name, "*") // CloudFormation makes one up
	if l.object = l.Object(name, id, partitioned); t.BarePrefix && prefix != l.Prefix+"/" {
		l.Prefix = "" // a statement for a folder would not do
		l.object = prefix + l.Object(name, id, partitioned)
	}
	if t.ARN != "" {
		l.SourceARNs = []string{l.ARN(strings.ReplaceAll(cmp.Or(set.NameInARN, "{name}"), "{name}", name))}
	}
	return true
}

// bucketOf is the bucket of a destination that is given by its name, domain
// name, URI or ARN, and the prefix behind that; "" for no bucket.
func bucketOf(to string) (bucket, prefix string) {
	switch {
	case resource.ARN(to).Service == "s3":
		bucket, prefix, _ = strings.Cut(resource.ARN(to).Resource, "/")
		return bucket, strings.Trim(prefix, "/")
	case resource.ARN(to).Service != "":
		return "", ""
	case strings.Contains(to, ".amazonaws.com"):
		return to[:max(0, strings.LastIndex(to, ".s3"))], ""
	}
	bucket, prefix, _ = strings.Cut(strings.TrimPrefix(to, "s3://"), "/")
	return bucket, strings.Trim(prefix, "/")
}
