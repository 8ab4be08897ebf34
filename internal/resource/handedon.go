package resource

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/template"
)

// readHandedOn notes what may get a policy from what the templates hand it to: a
// macro, a nested stack, a custom resource. A resource that has one policy keeps
// it; a role, user or group can get another one.
func (s *Set) readHandedOn() {
	for _, g := range s.guarded {
		if g.Policy != nil || len(g.Unread) > 0 {
			continue
		}
		if why := s.handedOn(g.Resource, true); why != nil {
			s.unread(g.Resource, why, &g.Unread)
		}
	}
	for _, o := range owners {
		for _, i := range s.kinds[o.kind] {
			if why := s.handedOn(i.Resource, false); why != nil {
				s.unread(i.Resource, why, &i.Unread)
			}
		}
	}
}

// handedOn says what may give a resource a policy. One that can have a single
// policy, and has none, may also get it from whoever writes its name.
func (s *Set) handedOn(r *template.Resource, single bool) error {
	t := r.Stack().Template
	for _, at := range t.Unexpanded {
		if !strings.HasSuffix(at, "Policy") { // DeletionPolicy and its like make nothing
			return fmt.Errorf("what CloudFormation makes of %s", at)
		}
	}
	for _, macro := range t.Transforms {
		if !slices.Contains(transparent, macro) {
			return errors.New("what the macro " + macro + " adds to the template")
		}
	}
	kind := strings.ToLower(r.Type[strings.LastIndexByte(r.Type, ':')+1:])
	for _, id := range slices.Sorted(maps.Keys(t.Resources)) {
		other := t.Resources[id]
		switch {
		case other == r || s.nested[other] || !handsOn(other.Type):
		case mentions(given(other), r.LogicalID):
			return fmt.Errorf("what %s (%s) does with the %s", id, other.Type, kind)
		case single && deploys(other.Type) && knownByName(r):
			return fmt.Errorf("what %s (%s) does with the %s, whose name it may write", id, other.Type, kind)
		}
	}
	return nil
}

// transparent are the macros that add no policy to what is written out in the
// template.
var transparent = []string{"AWS::LanguageExtensions", "AWS::Serverless-2016-10-31", "AWS::SecretsManager-2020-07-23", "AWS::SecretsManager-2024-09-16"}

// given is what a resource is handed. The function behind a custom resource is
// called, and handed nothing.
func given(r *template.Resource) map[string]any {
	properties := maps.Clone(r.RawProperties)
	delete(properties, "ServiceToken")
	return properties
}

// handsOn: what deploys a template, a custom resource, and a type that isn't of
// AWS may do anything with what they are given.
func handsOn(typ string) bool {
	return deploys(typ) || typ == "AWS::CloudFormation::CustomResource" || !strings.HasPrefix(typ, "AWS::") && !strings.HasPrefix(typ, "Alexa::")
}

// deploys: a resource of such a type makes what a template of its own says.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/modules.html
// for the modules, whose types end so.
func deploys(typ string) bool {
	switch typ {
	case "AWS::CloudFormation::Stack", "AWS::CloudFormation::StackSet", "AWS::ServiceCatalog::CloudFormationProvisionedProduct":
		return true
	}
	return strings.HasSuffix(typ, "::MODULE")
}

// knownByName: another template can name a resource whose name is written out, or
// exported. A name that CloudFormation chooses reaches one only if it is handed on.
func knownByName(r *template.Resource) bool {
	for _, property := range []string{"BucketName", "FunctionName", "Name"} {
		if r.RawProperties[property] != nil {
			return true
		}
	}
	for _, o := range r.Stack().Template.Outputs {
		if o.ExportName != nil && mentions(o.Value, r.LogicalID) {
			return true
		}
	}
	return false
}

// mentions says whether the template text v refers to a logical id.
func mentions(v any, logicalID string) bool {
	switch v := v.(type) {
	case string:
		return v == logicalID || strings.Contains(v, "${"+logicalID+"}") || strings.Contains(v, "${"+logicalID+".") || strings.HasPrefix(v, logicalID+".")
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return mentions(e, logicalID) })
	case map[string]any:
		for _, e := range v {
			if mentions(e, logicalID) {
				return true
			}
		}
	}
	return false
}
