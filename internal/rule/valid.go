package rule

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/s3seal/s3seal/internal/problem"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

var templateRules = []Rule{
	{
		ID:       templateRefused,
		Severity: Error,
		Reason:   templateRefusedReason,
		Source:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html",
		Fix:      templateRefusedFix,
		check:    checkResolves,
	},
	{
		ID:       "policy-refused",
		Severity: Error,
		Reason:   "IAM's grammar doesn't have it, or the service that the policy is of refuses it: the deployment rolls back.",
		Source:   "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
		Fix:      "Write the statement as IAM and the service have it.",
		check: func(c *checker) {
			for _, p := range c.set.Policies {
				for _, err := range p.Unread() {
					var refused *resource.RefusedError
					if errors.As(err, &refused) {
						c.find(p.Resource, refused.At, "%s", refused.Reason)
					}
				}
			}
			eachProblem(func(p problem.Problem) bool { return p.Refused })(c)
			for _, p := range c.set.Policies {
				c.ownerUnknown(p)
			}
		},
	},
}

// ownerUnknown: whether the resources of a bucket policy are of its bucket isn't
// known if that can't be read.
func (c *checker) ownerUnknown(p *resource.Policy) {
	if p.Kind == resource.BucketPolicy && len(p.Statements) > 0 {
		c.text(p.Resource, p.Properties().Get("Bucket"))
	}
}

// What any rule finds that meets a value which CloudFormation refuses.
const (
	templateRefused       = "template-refused"
	templateRefusedReason = "CloudFormation refuses a reference to nothing, a cycle, or a value of the wrong kind."
	templateRefusedFix    = "Correct the value at the place named."
)

func checkResolves(c *checker) {
	for _, l := range c.leaves {
		if l.err != nil {
			c.refused(l.resource, l.at, l.err)
		}
	}
	for _, s := range c.stacks {
		c.refusedAround(s)
	}
}

// refusedAround reports what is refused around the values of properties.
func (c *checker) refusedAround(s *template.Stack) {
	said := c.refusedPlaces(s)
	for _, wrong := range s.Refused() {
		if !said[wrong.Path] {
			c.findPlace(c.rule.Severity, s, wrong.Path, "%s", wrong.Reason)
		}
	}
}

// refusedPlaces are those of a stack's resources of which it is said already
// that CloudFormation refuses them.
func (c *checker) refusedPlaces(s *template.Stack) map[string]bool {
	said := map[string]bool{}
	for _, f := range c.report.Findings {
		if f.Rule == templateRefused && f.Stack == s.Name && f.Template == s.File {
			said["Resources."+f.LogicalID+"."+f.PropertyPath] = true
		}
	}
	return said
}

// refused reports err if it is the template's fault, and tells so.
func (c *checker) refused(r *template.Resource, at string, err error) bool {
	var wrong *template.Error
	if t := r.Stack().Template; !errors.As(err, &wrong) || len(t.Transforms) > 0 || len(t.Unexpanded) > 0 {
		return false // a macro may make something else of it
	}
	under := &checker{deployment: c.deployment, rule: Rule{ID: templateRefused, Severity: Error, Reason: templateRefusedReason, Fix: templateRefusedFix}, report: c.report}
	if wrong.Path != "" {
		at = wrong.Path
	}
	if at == r.Path() {
		return true // a property of it is at fault, and is reported by itself
	}
	under.find(r, at, "%s", wrong.Reason)
	return true
}

// leaf is a scalar of a resource's properties, with its text or why it has none.
type leaf struct {
	resource *template.Resource
	at       string // path
	text     string
	err      error
}

func readLeaves(stacks []*template.Stack) []leaf {
	var list []leaf
	for _, s := range stacks {
		for _, r := range s.Resources() {
			walk(r.Properties(), func(at, text string, err error) {
				list = append(list, leaf{r, at, text, err})
			})
		}
	}
	return list
}

// walk calls f for every scalar below v. It resolves as much as it can at once,
// and goes down only to where something can't be resolved.
func walk(v template.Value, f func(at, text string, err error)) {
	plain, err := v.Resolve()
	switch {
	case err == nil:
		walkPlain(v.Path(), plain, f)
		return
	case errors.Is(err, template.ErrMissing):
		return
	}
	if keys, err := v.Keys(); err == nil {
		for _, key := range keys {
			walk(v.Get(key), f)
		}
		return
	}
	if list, err := v.List(); err == nil {
		for _, e := range list {
			walk(e, f)
		}
		return
	}
	f(v.Path(), "", err)
}

func walkPlain(at string, v any, f func(at, text string, err error)) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			walkPlain(at+"."+key, v[key], f)
		}
	case []any:
		for i, e := range v {
			walkPlain(at+"["+strconv.Itoa(i)+"]", e, f)
		}
	case string:
		f(at, v, nil)
	case json.Number:
		f(at, v.String(), nil)
	}
}
