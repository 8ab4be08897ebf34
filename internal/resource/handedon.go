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
		if why := handedOn(g.Resource); why != nil {
			s.unread(g.Resource, why, &g.Unread)
		}
	}
	for _, o := range owners {
		for _, i := range s.kinds[o.kind] {
			if why := handedOn(i.Resource); why != nil {
				s.unread(i.Resource, why, &i.Unread)
			}
		}
	}
}

func handedOn(r *template.Resource) error {
	s := r.Stack()
	for _, at := range s.Template.Unexpanded {
		if !strings.HasSuffix(at, "Policy") { // DeletionPolicy and its like make nothing
			return fmt.Errorf("what CloudFormation makes of %s", at)
		}
	}
	for _, macro := range s.Template.Transforms {
		if !slices.Contains(transparent, macro) {
			return errors.New("what the macro " + macro + " adds to the template")
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.Template.Resources)) {
		if other := s.Template.Resources[id]; handsOn(other) && mentions(other.RawProperties, r.LogicalID) {
			return fmt.Errorf("what %s (%s) does with the %s", id, other.Type, strings.ToLower(r.Type[strings.LastIndexByte(r.Type, ':')+1:]))
		}
	}
	return nil
}

// transparent are the macros that add no policy to what is written out in the
// template.
var transparent = []string{"AWS::LanguageExtensions", "AWS::Serverless-2016-10-31", "AWS::SecretsManager-2020-07-23", "AWS::SecretsManager-2024-09-16"}

// handsOn: nested stacks and custom resources may do anything with what they
// are given.
func handsOn(r *template.Resource) bool {
	return r.Type == "AWS::CloudFormation::Stack" || r.Type == "AWS::CloudFormation::CustomResource" || strings.HasPrefix(r.Type, "Custom::")
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
