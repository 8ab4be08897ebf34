package rule

import (
	"cmp"
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
		check:    eachChanged(func(s statefulType) []string { return s.regenerates }, ": a new value is generated"),
	},
	{
		ID:       "stateful-replaced",
		Severity: Error,
		Reason:   "CloudFormation can't change this property: it makes a new, empty resource and leaves or deletes the old one.",
		Source:   updateBehaviors,
		Fix:      "Put the property back, or move the data to a second resource first.",
		check:    func(c *checker) { c.eachPair(c.checkReplaced) },
	},
	{
		ID:       "key-update-refused",
		Severity: Error,
		Reason:   "KMS can't change what kind of key it is: the update fails and rolls back.",
		Source:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html",
		Fix:      "Put the property back, or add a second key.",
		check:    eachChanged(func(s statefulType) []string { return s.refuses }, ""),
	},
	{
		ID:       "stateful-moved",
		Severity: Error,
		Reason:   "A name that another stack or logical id has now is still taken by the old one: CloudFormation doesn't move a resource, and can't create what exists.",
		Source:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-manually.html",
		Fix:      "Keep the stack and the logical id; or give the resource up where it is (it must be retained) and adopt it with `npx cdk import` where it goes.",
		check:    (*checker).findMoves,
	},
	{
		ID:       "stateful-removed",
		Severity: Error,
		Reason:   "A resource whose logical id or stack is gone is deleted with its data or, when it is retained, managed by nobody and in the way of its successor.",
		Source:   deletionPolicy,
		Fix:      "Keep the stack and the logical id.",
		check:    (*checker).findRemoved,
	},
	{
		ID:       "stack-left-behind",
		Severity: Warning,
		Reason:   "A stack that the app no longer makes stays deployed, is updated by nobody, and `cdk destroy` no longer knows it.",
		Source:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-delete-stack.html",
		Fix:      "Deploy the stacks that used it, then delete it with `aws cloudformation delete-stack`, with credentials of its account; what it retains stays.",
		check:    (*checker).findLeftBehind,
	},
	{
		ID:       "acknowledgement-unneeded",
		Severity: Error,
		Reason:   "An acknowledgement that covers nothing would cover the next change of the resource, whatever that is.",
		Source:   updateBehaviors,
		Fix:      "Remove it from stages.yaml.",
		check:    (*checker).acknowledgedInVain, // after the rules whose findings are acknowledged
	},
}

// statefulType is the property that names a type's resources, and those whose
// change replaces them, is refused, or makes a new value.
type statefulType struct {
	name                           string
	replaces, refuses, regenerates []string
}

// stateful are the types that hold data or that others know by name.
// Source: "Update requires" of each property's page below
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
var stateful = map[string]statefulType{
	"AWS::S3::Bucket":             {name: "BucketName", replaces: []string{"BucketName", "BucketNamePrefix", "BucketNamespace", "ObjectLockEnabled"}},
	"AWS::KMS::Key":               {refuses: []string{"KeySpec", "KeyUsage", "MultiRegion"}},
	"AWS::SecretsManager::Secret": {name: "Name", replaces: []string{"Name"}, regenerates: []string{"GenerateSecretString"}},
	"AWS::IAM::Role":              {name: "RoleName", replaces: []string{"Path", "RoleName"}},
	"AWS::Logs::LogGroup":         {name: "LogGroupName", replaces: []string{"LogGroupName"}},
	"AWS::DynamoDB::Table":        {name: "TableName", replaces: []string{"KeySchema", "TableName"}},
}

// eachPair calls f for every stateful resource of Before, with what has its
// place now.
func (c *checker) eachPair(f func(before, after *template.Resource)) {
	for _, old := range c.Before {
		for _, before := range old.Resources() {
			if _, ok := stateful[before.Type]; !ok {
				continue
			}
			if after := c.successor(before); after != nil {
				f(before, after)
			}
		}
	}
}

// eachChanged makes a check of one that reports which of a type's properties
// differ, and what comes of it.
func eachChanged(of func(statefulType) []string, then string) func(*checker) {
	return func(c *checker) {
		c.eachPair(func(before, after *template.Resource) {
			if before.Type != after.Type {
				return
			}
			for _, property := range of(stateful[after.Type]) {
				if at, change, differs := c.compare(before, after, property); differs {
					c.changed(after, at, physicalName(before), physicalName(after), "%s changed%s%s", property, change, then)
				}
			}
		})
	}
}

func (c *checker) checkReplaced(before, after *template.Resource) {
	was, is, fix := physicalName(before), physicalName(after), c.rule.Fix
	switch {
	case before.Type != after.Type:
		c.changed(after, "Type", was, is, "the type changed from %s: CloudFormation refuses that, or replaces the resource", before.Type)
		return
	case c.moves.to[before] != nil:
		return // stateful-moved says so
	case was != "" && is == was+"-an":
		fix = "Write bucketNamespace: global in the stage of stages.yaml: its buckets keep the names that they have."
	}
	replaced := false // one property is enough
	for _, property := range stateful[after.Type].replaces {
		at, change, differs := c.compare(before, after, property)
		if differs && !replaced {
			c.changedWith(fix, after, at, was, is, "%s changed%s: a new %s replaces %s, which %s",
				property, change, after.Type, cmp.Or(was, before.LogicalID), fate(before, after))
		}
		replaced = replaced || differs
	}
}

// compares reports whether what old has must be among the stacks: where these
// are limited to some stages, what is missing of others says nothing.
func (d *deployment) compares(old *template.Stack) bool {
	return d.Stages == nil || d.stillThere(old) || slices.Contains(d.Stages, old.OfStage())
}

// fate is what becomes of a resource that is replaced. Both templates must
// retain it, since the page doesn't say whose policy holds.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html
func fate(before, after *template.Resource) string {
	if before.UpdateReplacePolicy == "Retain" && after.UpdateReplacePolicy == "Retain" {
		return "stays, and no stack has it"
	}
	return "is deleted"
}

func (d *deployment) stillThere(old *template.Stack) bool { return d.stackLike(old) != nil }

// stackLike is the stack that has the place of one of Before.
func (d *deployment) stackLike(old *template.Stack) *template.Stack { return d.places[placeOf(old)] }

type stackPlace struct{ name, account, region string }

func placeOf(s *template.Stack) stackPlace { return stackPlace{s.Name, s.Account, s.Region} }

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

// compare tells whether a property differs, where, and from what to what. One
// that can't be resolved is the same if it is written the same.
func (c *checker) compare(before, after *template.Resource, property string) (at, change string, differs bool) {
	if reflect.DeepEqual(before.RawProperties[property], after.RawProperties[property]) {
		return "", "", false
	}
	v := after.Properties().Get(property)
	was, err := optional(before.Properties().Get(property))
	is, isErr := optional(v)
	if err = cmp.Or(err, isErr); err != nil {
		c.unknown(after, v.Path(), err)
		return "", "", false
	}
	return v.Path(), fromTo(was, is), !reflect.DeepEqual(was, is)
}

// optional is a value with all below it, nil for none.
func optional(v template.Value) (any, error) {
	if exists, err := v.Exists(); !exists || err != nil {
		return nil, err
	}
	return v.Resolve()
}

// fromTo words a change of scalars; others are too long for a line.
func fromTo(was, is any) string {
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
