package rule

import (
	"errors"
	"strings"

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
		for _, v := range c.elements(r, whole(t.Setting.List)) {
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
func (c *checker) attributes(r *template.Resource, list template.Value) property {
	values := map[string]template.Value{}
	for _, a := range c.elements(r, list) {
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
	t, set := l.traits, l.traits.Setting
	if set.On != "" {
		if on, known := c.on(l.from, at(set.On)); !known || !on {
			return false
		}
	}
	if set.Attributes != "" && !c.ofBalancer(l.from, set.Of) {
		return false
	}
	text := func(place string) (text string, known bool) {
		if place == "" {
			return "", true
		}
		return c.text(l.from, at(place))
	}
	name, known := text(set.Name)
	if set.Name == "" && strings.Contains(t.ARN+t.FirstObject, "{name}") {
		name, known = c.ref(l.from)
	}
	id, idKnown := text(set.ID)
	prefix, prefixKnown := text(set.Prefix)
	if !known || !idKnown || !prefixKnown || !c.toBucket(l, at(set.Destination), name) {
		return false
	}
	if set.Prefix != "" {
		l.Prefix = strings.Trim(prefix, "/")
	}
	var partitioned, partitionKnown, keyKnown, sseKnown = false, true, true, true
	if set.Partitioned != "" {
		partitioned, partitionKnown = c.on(l.from, at(set.Partitioned))
	}
	if l.kmsKey, keyKnown = text(set.KMSKey); set.SSES3 != "" {
		l.sseS3, sseKnown = c.exists(l.from, at(set.SSES3))
	}
	if name == "" {
		name = "*" // CloudFormation makes one up
	}
	if l.object = l.Object(name, id, partitioned); t.BarePrefix {
		// A statement for a folder would not do for a prefix that has no slash
		// at its end.
		bare := l.Delivery
		bare.Prefix = ""
		if l.object = prefix + bare.Object(name, id, partitioned); !strings.HasSuffix(prefix, "/") {
			l.Prefix = ""
		}
	}
	if set.NameInARN != "" {
		name = strings.ReplaceAll(set.NameInARN, "{name}", name)
	}
	if t.ARN != "" {
		l.SourceARNs = []string{l.ARN(name)}
	}
	return partitionKnown && keyKnown && sseKnown
}

// on tells whether a flag is true or a mapping is there.
func (c *checker) on(r *template.Resource, v template.Value) (on, known bool) {
	if _, err := v.Keys(); err == nil {
		return true, true
	}
	return c.flag(r, v)
}

// ofBalancer tells whether a load balancer is of a type.
func (c *checker) ofBalancer(r *template.Resource, typ string) bool {
	own, known := c.text(r, r.Properties().Get("Type").Default("application"))
	return known && own == typ
}

func (c *checker) ref(r *template.Resource) (name string, known bool) {
	name, err := r.Ref()
	if err != nil {
		c.unknown(r, "", err)
	}
	return name, err == nil
}

// toBucket reads which bucket a log goes to, with the prefix that may follow
// its ARN. What isn't a bucket, such as a log group, is no destination.
func (c *checker) toBucket(l *sentLog, v template.Value, itself string) bool {
	to, known := c.text(l.from, v)
	l.at = v.Path()
	if to == "" && l.traits.Setting.ToItself {
		to = itself
	}
	l.bucket, l.Prefix = bucketOf(to)
	return known && l.bucket != ""
}

// bucketOf is the bucket of a destination that is given by its name, its domain
// name or its ARN, and the prefix behind the ARN; "" for no bucket.
func bucketOf(to string) (bucket, prefix string) {
	switch {
	case arnPart(to, 2) == "s3":
		bucket, prefix, _ = strings.Cut(arnPart(to, 5), "/")
		return bucket, strings.Trim(prefix, "/")
	case arnPart(to, 2) != "":
		return "", ""
	case strings.Contains(to, ".amazonaws.com"):
		return to[:max(0, strings.LastIndex(to, ".s3"))], ""
	}
	return to, ""
}

// elements are those of a list, none where there is none.
func (c *checker) elements(r *template.Resource, v template.Value) []template.Value {
	list, err := v.List()
	if err != nil && !errors.Is(err, template.ErrMissing) {
		c.unknown(r, v.Path(), err)
	}
	return list
}
