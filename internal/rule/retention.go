package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/template"
)

const deletionPolicy = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"

var retentionRules = []Rule{
	{
		ID:       "key-not-retained",
		Severity: Error,
		Reason:   "With the key, everything that is encrypted under it is lost; CloudFormation deletes it with the stack, with a removed line, or with a replacement.",
		Source:   deletionPolicy,
		Fix:      "Set DeletionPolicy: Retain and UpdateReplacePolicy: Retain.",
		check:    checkRetained("AWS::KMS::Key", true),
	},
	{
		ID:       "data-not-retained",
		Severity: Warning,
		Reason:   "CloudFormation deletes the data with the stack, with a removed line, or with a replacement.",
		Source:   deletionPolicy,
		Fix:      "Set DeletionPolicy: Retain and UpdateReplacePolicy: Retain.",
		check:    checkRetained("AWS::S3::Bucket", false),
	},
}

// checkRetained makes a check of the resources of a type, and of the secrets that
// hold keys of SSE-C or that don't.
func checkRetained(typ string, keys bool) func(*checker) {
	return func(c *checker) {
		c.each(typ, c.findDeleted)
		c.each("AWS::SecretsManager::Secret", func(r *template.Resource) {
			if c.holdsSSECKeys(r) == keys {
				c.findDeleted(r)
			}
		})
	}
}

func (c *checker) findDeleted(r *template.Resource) {
	var deletes []string
	for _, p := range []struct{ name, value string }{
		{"DeletionPolicy", r.DeletionPolicy},
		{"UpdateReplacePolicy", r.UpdateReplacePolicy},
	} {
		at := r.Path() + "." + p.name
		switch {
		case p.value == "Retain" || p.value == "RetainExceptOnCreate":
		case p.value == "" && slices.Contains(r.Stack().Template.Unexpanded, at):
			c.unknown(r, at, fmt.Errorf("what CloudFormation makes of %s", p.name))
		case p.value == "":
			deletes = append(deletes, "no "+p.name)
		default:
			deletes = append(deletes, p.name+": "+p.value)
		}
	}
	if len(deletes) > 0 {
		c.find(r, "", "CloudFormation deletes the %s (%s)", noun(r), strings.Join(deletes, ", "))
	}
}

func noun(r *template.Resource) string {
	switch r.Type {
	case "AWS::S3::Bucket":
		return "bucket, if it is empty"
	case "AWS::KMS::Key":
		return "key"
	case "AWS::SecretsManager::Secret":
		return "secret"
	}
	return r.Type
}
