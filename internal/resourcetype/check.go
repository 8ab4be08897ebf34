package resourcetype

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/s3seal/s3seal/internal/spelling"
)

// Unknown is a value that isn't known.
type Unknown struct{}

// Problem is what a schema refuses.
type Problem struct {
	At     string // from the properties on: ".BucketEncryption.Rules[0]", or ""
	Reason string
	// Recent says that it may be right by what AWS has added after Date.
	Recent bool
}

// CheckAttribute says what is wrong with an attribute of Fn::GetAtt, if anything
// is. The pages of some types have properties among their attributes, which the
// schemas don't tell, so that a property counts.
func (t *Type) CheckAttribute(name string) []Problem {
	top, _, _ := strings.Cut(name, ".")
	if _, isProperty := t.objects[properties].properties[top]; isProperty || slices.Contains(t.Attributes, name) {
		return nil
	}
	c := &check{Type: t}
	c.word("", "attribute", name, t.Attributes)
	return c.problems
}

// Check compares a resource's properties with the schema. They are bool,
// json.Number, string, []any, map[string]any and Unknown.
func (t *Type) Check(values map[string]any) []Problem {
	c := &check{Type: t}
	for _, name := range t.Attributes {
		if _, given := values[name]; given {
			c.add("."+name, false, "it is an attribute, which AWS gives and nobody sets")
		}
	}
	c.object("", values, properties)
	return c.problems
}

type check struct {
	*Type
	problems []Problem
}

func (c *check) add(at string, recent bool, format string, args ...any) {
	c.problems = append(c.problems, Problem{at, fmt.Sprintf(format, args...), recent})
}

func (c *check) object(at string, values map[string]any, name string) {
	o := c.objects[name]
	known := slices.Sorted(maps.Keys(o.properties))
	meant := map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		p, ok := o.properties[key]
		switch {
		case ok:
			c.value(at+"."+key, values[key], p)
		case o.closed && !strings.HasPrefix(key, "Fn::"):
			meant[c.word(at+"."+key, "property", key, known)] = true
		}
	}
	for _, key := range known {
		if _, given := values[key]; !given && !meant[key] && o.properties[key].required {
			c.add(at+"."+key, false, "it is required and missing")
		}
	}
}

func (c *check) value(at string, v any, p property) {
	if _, unknown := v.(Unknown); unknown || p.kind == "any" {
		return
	}
	list, isList := v.([]any)
	mapping, isMapping := v.(map[string]any)
	element, wantsList := strings.CutPrefix(p.kind, "[")
	_, wantsMapping := c.objects[p.kind]
	switch {
	case wantsList && isList:
		of := property{kind: strings.TrimSuffix(element, "]"), values: p.values}
		for i, e := range list {
			c.value(at+"["+strconv.Itoa(i)+"]", e, of)
		}
	case wantsList:
		c.add(at, false, "must be a list, not %s", kindOf(v))
	case wantsMapping && isMapping:
		c.object(at, mapping, p.kind)
	case wantsMapping && isText(v) && slices.Contains(packaged, c.Name+at):
	case wantsMapping:
		c.add(at, false, "must be a mapping, not %s", kindOf(v))
	case p.kind == "object":
		if isList {
			c.add(at, false, "must be a mapping, not a list")
		}
	case isList, isMapping:
		c.add(at, false, "must be a %s, not %s", p.kind, kindOf(v))
	default:
		c.scalar(at, fmt.Sprint(v), p)
	}
}

// packaged are the properties in which a template may have the path of a local
// folder, which "aws cloudformation package" replaces before it is deployed.
// Source: https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
var packaged = []string{"AWS::Lambda::Function.Code", "AWS::Lambda::LayerVersion.Content"}

func isText(v any) bool { _, text := v.(string); return text }

// scalar checks a text: CloudFormation converts between scalars.
func (c *check) scalar(at, text string, p property) {
	_, err := strconv.ParseFloat(text, 64)
	switch {
	case p.kind == "boolean" && !strings.EqualFold(text, "true") && !strings.EqualFold(text, "false"):
		c.add(at, false, "must be true or false, not %q", text)
	case (p.kind == "integer" || p.kind == "number") && err != nil:
		c.add(at, false, "must be a number, not %q", text)
	case slices.Contains(p.values, text), len(p.values) == 0:
	case p.kind == "integer":
		c.add(at, true, "%s isn't among the values of %s; the nearest are %s", text, Date(), strings.Join(nearestNumbers(text, p.values), " and "))
	default:
		c.word(at, "value", text, p.values)
	}
}

// nearestNumbers are two of the known ones.
func nearestNumbers(text string, known []string) []string {
	wanted, _ := strconv.Atoi(text)
	far := func(known string) int {
		n, _ := strconv.Atoi(known)
		return max(n-wanted, wanted-n)
	}
	list := slices.SortedFunc(slices.Values(known), func(a, b string) int { return cmp.Or(far(a)-far(b), cmp.Compare(a, b)) })
	return list[:min(2, len(list))]
}

// word refuses one that isn't among those known, and gives the one that is meant,
// or "": unlike all of them, it may be newer than the data.
func (c *check) word(at, what, word string, known []string) (meant string) {
	if len(word) > longest {
		c.add(at, true, "%s of %d bytes: it isn't among those of %s", what, len(word), Date())
		return ""
	}
	i := slices.IndexFunc(known, func(k string) bool { return misspelt(word, k) })
	if i >= 0 {
		c.add(at, false, "there is no %s %q; %q is meant", what, word, known[i])
		return known[i]
	}
	c.add(at, true, "%s %q isn't among those of %s; nearest: %s", what, word, Date(), cmp.Or(spelling.Nearest(word, known), "there is none"))
	return ""
}

// longest is more than any word has; to compare words takes time by the product
// of their lengths.
const longest = 100

// misspelt says whether a word is another one with a slip in its letters. Names
// that differ in digits are versions.
func misspelt(word, known string) bool {
	a, b := letters(word), letters(known)
	if digits(word) != digits(known) || a == "" {
		return false
	}
	return a == b || len(b) > 4 && spelling.Distance(a, b) <= 1+len(b)/10
}

func letters(s string) string { return keep(strings.ToLower(s), unicode.IsLetter) }
func digits(s string) string  { return keep(s, unicode.IsDigit) }

func keep(s string, f func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if f(r) {
			return r
		}
		return -1
	}, s)
}

func kindOf(v any) string {
	switch v := v.(type) {
	case []any:
		return "a list"
	case map[string]any:
		return "a mapping"
	case string:
		return "a string"
	case json.Number:
		return "a number"
	default:
		return fmt.Sprint(v)
	}
}
