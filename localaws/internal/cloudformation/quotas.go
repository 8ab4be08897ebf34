package cloudformation

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
)

// Quotas of a template: in a request and as an object, in bytes; how many of each
// kind it may declare; its description, and the value of a parameter, in bytes.
//
// Source: CloudFormation user guide, cloudformation-limits.
const (
	maxBody         = 51_200
	maxObject       = 1_000_000
	maxResources    = 500
	maxOthers       = 200 // parameters, mappings, keys of a mapping, outputs
	maxDescription  = 1024
	maxParameter    = 4096
	maxListedFaults = 10 // not of AWS: what is wrong with a large template is no larger answer
)

func checkQuotas(t *cfn.Template) error {
	number := func(of string, n, most int) error {
		if n <= most {
			return nil
		}
		return invalid("Template format error: Number of %s, %d, is greater than maximum allowed, %d", of, n, most)
	}
	err := errors.Join(
		number("resources", len(t.Resources), maxResources), number("parameters", len(t.Parameters), maxOthers),
		number("mappings", len(t.Mappings), maxOthers), number("outputs", len(t.Outputs), maxOthers),
	)
	for _, name := range slices.Sorted(maps.Keys(t.Mappings)) {
		keys, _ := t.Mappings[name].(map[string]any)
		err = errors.Join(err, number("attributes of mapping "+clip(name), len(keys), maxOthers))
		if len(name) > cfn.MaxName {
			err = errors.Join(err, invalid("Template format error: Mapping name %s is longer than %d characters", clip(name), cfn.MaxName))
		}
	}
	switch all, _ := err.(interface{ Unwrap() []error }); {
	case all != nil:
		return all.Unwrap()[0]
	case len(t.Resources) == 0:
		return invalid("Template format error: At least one Resources member must be defined.")
	case len(t.Description) > maxDescription:
		return invalid("Template format error: 'Description' length is greater than %d.", maxDescription)
	}
	return nil
}

// checkAttributes refuses, by name, what the local AWS does not carry out.
func checkAttributes(t *cfn.Template) error {
	if others := slices.Concat(t.Others, t.Unexpanded); len(others) > 0 {
		return invalid("the local AWS does not carry out %s", some(others, ", "))
	}
	return nil
}

// malformed is the error of a template that can't be read. CloudFormation names
// the sections that there aren't together.
func malformed(err error) error {
	all := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all = joined.Unwrap()
	}
	var sections, texts []string
	for _, err := range all {
		var wrong *cfn.Error
		if errors.As(err, &wrong) && wrong.Reason == cfn.NoSection {
			sections = append(sections, clip(wrong.Path))
		}
		texts = append(texts, err.Error())
	}
	if len(sections) > 0 {
		return invalid("Invalid template property or properties [%s]", some(sections, ", "))
	}
	return invalid("Template format error: %s", some(texts, "; "))
}

// some joins the first texts and says how many there are more.
func some(texts []string, separator string) string {
	more := ""
	if n := len(texts) - maxListedFaults; n > 0 {
		texts, more = texts[:maxListedFaults], separator+"and "+strconv.Itoa(n)+" more"
	}
	return strings.Join(texts, separator) + more
}

// clip is the beginning of a text that can be of any length.
func clip(text string) string {
	if len(text) <= cfn.MaxName {
		return text
	}
	return text[:cfn.MaxName] + "..."
}
