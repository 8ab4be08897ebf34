package rule

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/template"
)

// links are what may connect a stack with others.
type links struct {
	defines  map[string]bool // names of what it makes, and of what it exports
	mentions map[string]bool // all words that it says
	wide     bool            // it may change what any other stack makes
}

// readLinks reads the links of stacks in some of the environments to which they
// may be deployed: in a Region of each partition, in those that they name, and
// with the values of parameters.
func readLinks(stacks []*template.Stack) []links {
	all := make([]links, len(stacks))
	for i := range stacks {
		all[i] = links{map[string]bool{}, map[string]bool{}, false}
	}
	done := map[string]bool{}
	for _, e := range linkedIn(stacks) {
		there := e.In(stacks)
		for i, s := range stacks {
			if key := fmt.Sprint(i, e.Region, ownParameters(s, e)); !done[key] {
				done[key] = true
				all[i].read(there[i])
			}
		}
	}
	return all
}

// ownParameters are the values that an environment has for a stack.
func ownParameters(s *template.Stack, e template.Environment) map[string]string {
	own := map[string]string{}
	for name := range s.Template.Parameters {
		if text, ok := e.Parameters[name]; ok {
			own[name] = text
		} else if in, ok := e.StandIns[name]; ok {
			own[name] = in.Text
		}
	}
	return own
}

func linkedIn(stacks []*template.Stack) []template.Environment {
	o := agnostic{account: stacks[0].Account == "", region: stacks[0].Region == "", text: readText(stacks)}
	regions := map[string]bool{}
	for _, region := range o.regions() {
		p := partition.Of(region)
		if region == "" || region == p.Regions()[0] || o.text.regions[region] {
			regions[region] = true
		}
	}
	at := o.accounts()[0]
	at.Region = o.regions()[0]
	delete(regions, at.Region)
	var list []template.Environment
	all := combinations(parameters(stacks), maxValues)
	for _, v := range all {
		list = append(list, at.with(v))
	}
	for _, region := range slices.Sorted(maps.Keys(regions)) {
		at.Region = region
		list = append(list, at.with(all[0]))
	}
	return list
}

func (l *links) read(s *template.Stack) {
	l.readNames(s)
	l.readMentions(s)
}

// readNames reads what a stack defines, and whether it reaches far.
func (l *links) readNames(s *template.Stack) {
	for _, r := range s.Resources() {
		l.wide = l.wide || reachesFar(r)
		for _, get := range []func() (string, error){r.Ref, func() (string, error) { return r.Att("Arn") }} {
			if text, err := get(); err == nil {
				l.define(text)
			}
		}
	}
	for _, o := range s.Template.Outputs {
		if name, err := s.Resolve(o.ExportName, "Outputs"); err == nil {
			if text, ok := name.(string); ok {
				l.defines["export "+text] = true
			}
		}
	}
	l.defines["stack "+s.Name] = true
}

func (l *links) readMentions(s *template.Stack) {
	for _, r := range s.Resources() {
		l.mention(r.Properties())
		l.taken(s, r.RawProperties)
	}
	for _, o := range s.Template.Outputs {
		l.taken(s, o.Value)
	}
}

// words are what names are made of.
func words(text string) iter.Seq[string] {
	return strings.FieldsFuncSeq(text, func(c rune) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("_.+=@*?-", c))
	})
}

// define adds the name at the end of an id or an ARN. Secrets' ARNs have six
// characters behind it.
func (l *links) define(text string) {
	name := ""
	for w := range words(strings.TrimSuffix(text, ":*")) {
		name = w
	}
	if name == "" {
		return
	}
	l.defines[name] = true
	if strings.Contains(text, ":secret:") && len(name) > 7 {
		l.defines[name[:len(name)-7]] = true
	}
}

// say adds all words of a text, and the bucket of a host name.
func (l *links) say(text string) {
	for w := range words(text) {
		l.mentions[w] = true
		if bucket, _, ok := strings.Cut(w, ".s3"); ok {
			l.mentions[bucket] = true
		}
	}
}

// mention adds the words of all that can be read of a value.
func (l *links) mention(v template.Value) {
	if plain, err := v.Resolve(); err == nil {
		l.sayAll(plain)
	} else if list, err := v.List(); err == nil {
		for _, e := range list {
			l.mention(e)
		}
	} else if keys, err := v.Keys(); err == nil {
		for _, key := range keys {
			l.say(key)
			l.mention(v.Get(key))
		}
	}
}

func (l *links) sayAll(v any) {
	switch v := v.(type) {
	case string:
		l.say(v)
	case []any:
		for _, e := range v {
			l.sayAll(e)
		}
	case map[string]any:
		for key, e := range v {
			l.say(key)
			l.sayAll(e)
		}
	}
}

// taken adds the exports and stacks whose outputs are taken. What can't be
// resolved finds no stack anyway.
func (l *links) taken(s *template.Stack, v any) {
	add := func(kind string, name any) {
		if resolved, err := s.Resolve(name, "Outputs"); err == nil {
			if text, ok := resolved.(string); ok {
				l.mentions[kind+text] = true
			}
		}
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			l.taken(s, e)
		}
	case map[string]any:
		for key, e := range v {
			switch output, _ := e.(map[string]any); key {
			case "Fn::ImportValue":
				add("export ", e)
			case "Fn::GetStackOutput":
				add("stack ", output["StackName"])
			}
			l.taken(s, e)
		}
	}
}

// meant are those of sorted names that a word means: itself, or, as a pattern,
// all that begin so.
func meant(names []string, word string) []string {
	i := strings.IndexAny(word, "*?")
	if i < 0 {
		if at, ok := slices.BinarySearch(names, word); ok {
			return names[at : at+1]
		}
		return nil
	}
	if i < 3 {
		return nil // such as "*" and "s3*", which name nothing
	}
	from, _ := slices.BinarySearch(names, word[:i])
	to := from
	for to < len(names) && strings.HasPrefix(names[to], word[:i]) {
		to++
	}
	return names[from:to]
}
