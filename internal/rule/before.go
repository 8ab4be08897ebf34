package rule

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/s3seal/s3seal/internal/template"
)

const updateBehaviors = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html"

var beforeRules = []Rule{
	{
		ID:       "secret-regenerated",
		Severity: Error,
		Reason:   "A change of GenerateSecretString makes a new version of the secret with another value: objects under the old SSE-C key can't be read with it.",
		Source:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html",
		Fix:      "Put GenerateSecretString back as it was; add a key to the key ring instead.",
		check: func(c *checker) {
			c.eachPair(func(before, after *template.Resource) {
				if after != nil && after.Type == "AWS::SecretsManager::Secret" && before.Type == after.Type {
					c.compare(before, after, "GenerateSecretString", func(at, change string) {
						c.find(after, at, "GenerateSecretString changed%s: a new value is generated", change)
					})
				}
			})
		},
	},
	{
		ID:       "stateful-replaced",
		Severity: Error,
		Reason:   "CloudFormation can't change this property: it makes a new, empty resource and leaves or deletes the old one.",
		Source:   updateBehaviors,
		Fix:      "Put the property back, or move the data to a second resource first.",
		check: func(c *checker) {
			c.eachPair(func(before, after *template.Resource) {
				if after == nil {
					return
				}
				if before.Type != after.Type {
					c.find(after, "Type", "the type changed from %s: CloudFormation refuses that, or replaces the resource", before.Type)
					return
				}
				for _, property := range stateful[after.Type].replaces {
					c.compare(before, after, property, func(at, change string) {
						c.find(after, at, "%s changed%s: the %s is replaced", property, change, after.Type)
					})
				}
			})
		},
	},
	{
		ID:       "key-update-refused",
		Severity: Error,
		Reason:   "KMS can't change what kind of key it is: the update fails and rolls back.",
		Source:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html",
		Fix:      "Put the property back, or add a second key.",
		check: func(c *checker) {
			c.eachPair(func(before, after *template.Resource) {
				if after == nil || before.Type != after.Type {
					return
				}
				for _, property := range stateful[after.Type].refuses {
					c.compare(before, after, property, func(at, change string) {
						c.find(after, at, "%s changed%s", property, change)
					})
				}
			})
		},
	},
	{
		ID:       "stateful-removed",
		Severity: Error,
		Reason:   "A resource whose logical id is gone from the template is deleted with its data or, when it is retained, managed by nobody and in the way of its successor.",
		Source:   deletionPolicy,
		Fix:      "Keep the logical id; to give the resource up, acknowledge it in a change of its own.",
		check: func(c *checker) {
			c.eachPair(func(before, after *template.Resource) {
				if after != nil || before.Type == "AWS::IAM::Role" {
					return // a role holds no data
				}
				if !c.stillThere(before.Stack()) {
					c.findAs(Warning, before, "", "the stack is gone: it stays as it is in %s/%s, and nothing here updates it", before.Stack().Account, before.Stack().Region)
					return
				}
				if p := before.DeletionPolicy; p == "Retain" || p == "RetainExceptOnCreate" {
					c.findAs(Warning, before, "", "the %s is gone from the template: it stays, and no stack has it", before.Type)
					return
				}
				c.find(before, "", "the %s is gone from the template: CloudFormation deletes it", before.Type)
			})
		},
	},
}

// stateful are the types that hold data or that others know by name, with the
// properties whose change replaces them, or is refused.
// Source: "Update requires" of each property's page below
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
var stateful = map[string]struct{ replaces, refuses []string }{
	"AWS::S3::Bucket":             {replaces: []string{"BucketName", "BucketNamePrefix", "BucketNamespace", "ObjectLockEnabled"}},
	"AWS::KMS::Key":               {refuses: []string{"KeySpec", "KeyUsage", "MultiRegion"}},
	"AWS::SecretsManager::Secret": {replaces: []string{"Name"}},
	"AWS::IAM::Role":              {replaces: []string{"Path", "RoleName"}},
	"AWS::Logs::LogGroup":         {replaces: []string{"LogGroupName"}},
	"AWS::DynamoDB::Table":        {replaces: []string{"KeySchema", "TableName"}},
}

// eachPair calls f for every stateful resource of Before, with what has its
// place now: nil for nothing.
func (c *checker) eachPair(f func(before, after *template.Resource)) {
	for _, old := range c.Before {
		for _, before := range old.Resources() {
			if _, ok := stateful[before.Type]; !ok {
				continue
			}
			f(before, c.successor(before))
		}
	}
}

func (d *deployment) stillThere(old *template.Stack) bool { return d.stackLike(old) != nil }

func (d *deployment) stackLike(old *template.Stack) *template.Stack {
	i := slices.IndexFunc(d.stacks, func(s *template.Stack) bool {
		return s.Name == old.Name && s.Account == old.Account && s.Region == old.Region
	})
	if i < 0 {
		return nil
	}
	return d.stacks[i]
}

func (d *deployment) successor(before *template.Resource) *template.Resource {
	s := d.stackLike(before.Stack())
	if s == nil {
		return nil
	}
	after := s.Resource(before.LogicalID)
	if after == nil {
		return nil
	}
	if created, err := after.Created(); !created && err == nil {
		return nil
	}
	return after
}

// compare calls changed when a property differs. One that can't be resolved is
// the same if it is written the same.
func (c *checker) compare(before, after *template.Resource, property string, changed func(at, change string)) {
	a, b := before.Properties().Get(property), after.Properties().Get(property)
	if reflect.DeepEqual(before.RawProperties[property], after.RawProperties[property]) {
		return
	}
	was, aErr := optional(a)
	is, bErr := optional(b)
	switch {
	case aErr != nil:
		c.unknown(after, b.Path(), aErr)
	case bErr != nil:
		c.unknown(after, b.Path(), bErr)
	case !reflect.DeepEqual(was, is):
		changed(b.Path(), change(was, is))
	}
}

// optional is a value with all below it, nil for none.
func optional(v template.Value) (any, error) {
	if exists, err := v.Exists(); !exists || err != nil {
		return nil, err
	}
	return v.Resolve()
}

// change words a change of scalars; others are too long for a line.
func change(was, is any) string {
	from, ok := show(was)
	to, alsoOK := show(is)
	if !ok || !alsoOK {
		return ""
	}
	return " from " + from + " to " + to
}

func show(v any) (text string, ok bool) {
	switch v.(type) {
	case nil:
		return "nothing", true
	case map[string]any, []any:
		return "", false
	}
	return fmt.Sprintf("%q", fmt.Sprint(v)), true
}
