package template

import (
	"strconv"
	"strings"
)

// path is a place in a template, kept as a list from the inside out and made
// into text only for an error: most places never are.
type path struct {
	parent *path
	key    string // map key, or "" for an element of a list
	index  int
	depth  int
}

func root(keys ...string) *path {
	var p *path
	for _, key := range keys {
		p = p.child(key)
	}
	return p
}

func (p *path) child(key string) *path { return &path{parent: p, key: key, depth: p.level() + 1} }

func (p *path) element(i int) *path { return &path{parent: p, index: i, depth: p.level() + 1} }

func (p *path) level() int {
	if p == nil {
		return 0
	}
	return p.depth
}

// String gives the form "Resources.Bucket.Properties.Tags[0].Value".
func (p *path) String() string {
	var steps []*path
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
