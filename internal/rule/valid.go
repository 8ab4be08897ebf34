package rule

import (
	"errors"

	"github.com/s3seal/s3seal/internal/template"
)

var templateRules = []Rule{
	{
		ID:       templateRefused,
		Severity: Error,
		Reason:   "CloudFormation refuses a reference to nothing, a cycle, or a value of the wrong kind.",
		Source:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html",
		Fix:      templateRefusedFix,
		check:    checkResolves,
	},
	{
		ID:       "policy-refused",
		Severity: Error,
		Reason:   "IAM has no such element, action or condition operator: the service refuses the policy, and the deployment rolls back.",
		Source:   "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
		Fix:      "Write the statement as IAM's grammar has it.",
		check: func(c *checker) {
			for _, p := range c.policies {
				for _, err := range unwrap(p.err) {
					var refused *refusedError
					if errors.As(err, &refused) {
						c.find(p.resource, refused.at, "%s", refused.reason)
					}
				}
			}
		},
	},
}

// What any rule finds that meets a value which CloudFormation refuses.
const (
	templateRefused    = "template-refused"
	templateRefusedFix = "Correct the value at the place named."
)

func checkResolves(c *checker) {
	for _, s := range c.stacks {
		for _, r := range s.Resources() {
			walk(r.Properties(), func(v template.Value, _ string, err error) {
				if err != nil {
					c.refused(r, v.Path(), err)
				}
			})
		}
	}
}

// refused reports err if it is the template's fault, and tells so.
func (c *checker) refused(r *template.Resource, at string, err error) bool {
	var wrong *template.Error
	if t := r.Stack().Template; !errors.As(err, &wrong) || len(t.Transforms) > 0 || len(t.Unexpanded) > 0 {
		return false // a macro may make something else of it
	}
	under := &checker{deployment: c.deployment, rule: Rule{ID: templateRefused, Severity: Error, Fix: templateRefusedFix}, report: c.report}
	if wrong.Path != "" {
		at = wrong.Path
	}
	if at == r.Path() {
		return true // a property of it is at fault, and is reported by itself
	}
	under.find(r, at, "%s", wrong.Reason)
	return true
}

// walk calls f for every scalar below v, with its text or why it has none.
func walk(v template.Value, f func(v template.Value, text string, err error)) {
	exists, err := v.Exists()
	switch {
	case err != nil:
		f(v, "", err)
		return
	case !exists:
		return
	}
	if keys, err := v.Keys(); err == nil {
		for _, key := range keys {
			walk(v.Get(key), f)
		}
		return
	} else if template.IsUnknown(err) {
		f(v, "", err)
		return
	}
	if list, err := v.List(); err == nil {
		for _, e := range list {
			walk(e, f)
		}
		return
	}
	text, err := v.String()
	f(v, text, err)
}
