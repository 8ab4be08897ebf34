package stage

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// merge lays a node over another: mappings field by field, all else as a whole.
// Either may be nil.
func merge(over, under *yaml.Node) *yaml.Node {
	switch {
	case over == nil:
		return under
	case under == nil || over.Kind != yaml.MappingNode || under.Kind != yaml.MappingNode:
		return over
	}
	out := *over
	out.Content = slices.Clone(over.Content)
	for i := 0; i+1 < len(under.Content); i += 2 {
		if j := indexOf(over, under.Content[i].Value); j >= 0 {
			out.Content[j+1] = merge(over.Content[j+1], under.Content[i+1])
		} else {
			out.Content = append(out.Content, under.Content[i], under.Content[i+1])
		}
	}
	return &out
}

// indexOf returns the index of a key in the content of a mapping, or -1.
func indexOf(mapping *yaml.Node, key string) int {
	if mapping != nil && mapping.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			if mapping.Content[i].Value == key {
				return i
			}
		}
	}
	return -1
}

// valueOf returns the value of a key in a mapping, or nil.
func valueOf(mapping *yaml.Node, key string) *yaml.Node {
	if i := indexOf(mapping, key); i >= 0 {
		return mapping.Content[i+1]
	}
	return nil
}

// only returns a mapping without the keys that aren't listed.
func only(mapping *yaml.Node, keys []string) *yaml.Node {
	out := *mapping
	out.Content = nil
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if slices.Contains(keys, mapping.Content[i].Value) {
			out.Content = append(out.Content, mapping.Content[i], mapping.Content[i+1])
		}
	}
	return &out
}

// used returns the names in the placeholders of a node's texts.
func used(n *yaml.Node) []string {
	if n == nil {
		return nil
	}
	var names []string
	if n.Kind == yaml.ScalarNode {
		for _, p := range placeholder.FindAllString(n.Value, -1) {
			names = append(names, p[1:len(p)-1])
		}
	}
	for _, below := range n.Content {
		names = append(names, used(below)...)
	}
	return names
}

// nameField stands for the name of a stage among its fields.
const nameField = "name"

// fill returns a node of the file with the member's own texts in place of the
// placeholders. field is its path in the stage.
func (d *document) fill(n *yaml.Node, field string, m *member) *yaml.Node {
	if n == nil {
		return nil
	}
	if n.Kind == yaml.ScalarNode {
		return d.fillText(n, field, m)
	}
	if field == "" {
		m.alone = m.without(valueOf(valueOf(n, "replica"), "account"))
	}
	var content []*yaml.Node // nil while nothing differs
	for i, below := range n.Content {
		filled := below
		switch {
		case n.Kind == yaml.SequenceNode:
			filled = d.fill(below, fmt.Sprintf("%s[%d]", field, i), m)
		case i%2 == 1 && content != nil && content[i-1] == nil: // of what is left out
		case i%2 == 1:
			filled = d.fill(below, join(field, n.Content[i-1].Value), m)
		case m.alone && join(field, below.Value) == "replica", m.alone && join(field, below.Value) == "alarms.replication":
			filled = nil
		}
		if content == nil && filled != below {
			content = slices.Clone(n.Content[:i])
		}
		if content != nil {
			content = append(content, filled)
		}
	}
	if content == nil {
		return n
	}
	out := *n
	out.Content = content
	if i := slices.Index(content, nil); i >= 0 {
		out.Content = slices.Delete(content, i, i+2)
	}
	return &out
}

// without reports whether a replica's account is a column that is empty in the
// member's row: then the stage has no replica.
func (m *member) without(account *yaml.Node) bool {
	if account == nil || account.Kind != yaml.ScalarNode || !strings.HasPrefix(account.Value, "{") || !strings.HasSuffix(account.Value, "}") {
		return false
	}
	c, ok := m.cells[account.Value[1:len(account.Value)-1]]
	return ok && c.text == "" && c.at.line > 0
}

func (d *document) fillText(n *yaml.Node, field string, m *member) *yaml.Node {
	if !strings.Contains(n.Value, "{") {
		return n
	}
	path := m.path + "." + field
	at, changed := placeOf(n), false
	text := placeholder.ReplaceAllStringFunc(n.Value, func(p string) string {
		if isBucketName(field) && slices.Contains(placeholders, p) || isName(field) && slices.Contains(namePlaceholders, p) {
			return p
		}
		name := p[1 : len(p)-1]
		c, ok := m.cells[name]
		switch {
		case !ok:
			d.reportAt(placeOf(n), path, "unknown placeholder %s: %s", quote(p), suggest(p, inBraces(m.cells)))
			return p
		case c.at.line == 0:
			d.bad[path] = true
			return p
		case c.text == "":
			d.reportAt(c.at, path, "%s is empty here, and stands in %s at %s: write it here, or another text there", name, lastName(field), d.placeName(placeOf(n)))
			return p
		}
		if changed = true; name != "group" && name != "stage" && c.at.line > 0 && at == placeOf(n) {
			at = c.at
		}
		if field != nameField && field != "prefix" && !isBucketName(field) {
			return c.text
		}
		named := slug(c.text)
		if named == "" {
			d.reportAt(c.at, path, "%s %s has none of a-z and 0-9, and stands in %s at %s: write it here with some, or another text there", name, quote(c.text), lastName(field), d.placeName(placeOf(n)))
		}
		return named
	})
	if !changed {
		return n
	}
	d.patterns[path] = placeOf(n)
	if key, ok := strings.CutPrefix(field, "tags."); ok {
		m.ownTags = append(m.ownTags, key)
	}
	return d.made(&yaml.Node{Value: text}, at)
}

// made makes a node the text that it has, from elsewhere.
func (d *document) made(n *yaml.Node, at place) *yaml.Node {
	n.Kind, n.Style, n.Tag = yaml.ScalarNode, yaml.DoubleQuotedStyle, "!!str"
	d.filled[n] = at
	return n
}

// isBucketName reports whether a field of a stage is a bucket's name, in which
// {account} and {region} are those of the bucket, and not always the source's.
func isBucketName(field string) bool {
	return strings.HasPrefix(field, "buckets.") && strings.HasSuffix(field, ".name") || field == "replica.sourceBucket" || field == "replica.replicaBucket"
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// slug makes a text fit for names.
func slug(text string) string {
	return strings.Trim(notInNames.ReplaceAllString(strings.ToLower(text), "-"), "-")
}

// inBraces returns the placeholders of columns, in order.
func inBraces(cells map[string]cell) []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(cells)) {
		list = append(list, "{"+name+"}")
	}
	return list
}
