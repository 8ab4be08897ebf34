package cfn

import (
	"strconv"
	"strings"
)

// Path is a place in a template, kept as a list from the inside out and made
// into text only for an error: most places never are.
type Path struct {
	parent *Path
	key    string // map key, or "" for an element of a list
	index  int
	depth  int
}

// Root is the path of the keys, from the outside in.
func Root(keys ...string) *Path {
	var p *Path
	for _, key := range keys {
		p = p.Child(key)
	}
	return p
}

// Child is the place of a mapping's key below p.
func (p *Path) Child(key string) *Path { return &Path{parent: p, key: key, depth: p.level() + 1} }

// Element is the place of a list's element below p.
func (p *Path) Element(i int) *Path { return &Path{parent: p, index: i, depth: p.level() + 1} }

func (p *Path) level() int {
	if p == nil {
		return 0
	}
	return p.depth
}

// String gives the form "Resources.Bucket.Properties.Tags[0].Value".
func (p *Path) String() string {
	var steps []*Path
	for ; p != nil; p = p.parent {
		steps = append(steps, p)
	}
	var b strings.Builder
	for i := len(steps) - 1; i >= 0; i-- {
		step := steps[i]
		if step.key == "" {
			b.WriteString("[" + strconv.Itoa(step.index) + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step.key)
	}
	return b.String()
}
