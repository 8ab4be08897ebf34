package wings

import (
	"regexp"
	"strings"

	"github.com/s3seal/s3seal/internal/template"
)

const unrecognizedType = "Unrecognized resource type "

// What CloudFormation says before it makes anything, with what it is about.
var (
	ofResource  = regexp.MustCompile(`(?:: |; )(\w+) \((AWS::[\w:]+)\): `)
	ofKey       = regexp.MustCompile(`(?:: |; )(?:Resources\.(\w+)|\w+)\S* is given twice, [^;]*; keep one`)
	ofReference = regexp.MustCompile(`Parameters: \[([\w, ]+)\] must have values|Unresolved resource dependencies \[(\w+)\]|undefined resource (\w+)`)
)

// blame finds what of the stack a refusal is about: resources, what they refer
// to, or the whole, "".
func blame(s *template.Stack, refusal string) map[string]string {
	out := map[string]string{}
	if len(s.Template.Transforms) > 0 {
		// A macro makes another template of it: whatever else is said of this
		// one doesn't count.
		return map[string]string{"": "the local AWS does not carry out the template section Transform"}
	}
	if _, list, ok := strings.Cut(refusal, "Unrecognized resource types: ["); ok {
		for one := range strings.SplitSeq(strings.TrimSuffix(list, "]"), ", ") {
			typ, id, _ := strings.Cut(strings.TrimSuffix(one, ")"), " (")
			out[id] = unrecognizedType + typ
		}
		return out
	}
	if at := ofResource.FindAllStringSubmatchIndex(refusal, -1); strings.Contains(refusal, "Properties validation failed") {
		for i, m := range at {
			end := len(refusal)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			out[refusal[m[2]:m[3]]] = refusal[m[1]:end]
		}
		return out
	}
	for _, m := range ofKey.FindAllStringSubmatch(refusal, -1) {
		out[m[1]] = strings.TrimLeft(m[0], ":; ")
	}
	if len(out) > 0 {
		return out
	}
	if m := ofReference.FindStringSubmatch(refusal); m != nil {
		for name := range strings.SplitSeq(m[1]+m[2]+m[3], ", ") {
			out[name] = refusal
		}
		return out
	}
	if _, name, ok := strings.Cut(refusal, "Unable to fetch parameters ["); ok {
		for id, p := range s.Template.Parameters {
			if given, _ := p.Default.(string); given != "" && strings.HasPrefix(name, given+"]") {
				return map[string]string{id: refusal}
			}
		}
	}
	return map[string]string{"": refusal}
}
