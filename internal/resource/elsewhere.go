package resource

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/template"
)

// elsewhere are the types that open what is in the stacks without a policy on it:
// a service hands out credentials of its own, or shares it. Whom they admit isn't
// read. opened are the resources, of those that have a policy.
//
// Source: the pages of the types below
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ and
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants.html
var elsewhere = []struct {
	typ    string
	opened func(s *Set, r *template.Resource) []*guarded
}{
	{"AWS::S3::AccessGrantsLocation", func(s *Set, r *template.Resource) []*guarded {
		return s.inScope(r, r.Properties().Get("LocationScope"))
	}},
	// Without a location of the stacks it is a grant on one that is registered
	// already, the whole of S3 perhaps.
	{"AWS::S3::AccessGrant", func(s *Set, r *template.Resource) []*guarded {
		if len(r.Stack().ResourcesOfType("AWS::S3::AccessGrantsLocation")) > 0 {
			return nil
		}
		return s.nearBuckets(r, "")
	}},
	{"AWS::S3Files::FileSystem", func(s *Set, r *template.Resource) []*guarded {
		return s.byARN(r, r.Properties().Get("Bucket"))
	}},
	// Grants on a location that stacks don't register name it.
	{"AWS::LakeFormation::PrincipalPermissions", func(s *Set, r *template.Resource) []*guarded {
		return s.byARN(r, r.Properties().Get("Resource", "DataLocation", "ResourceArn").Default(""))
	}},
	{"AWS::LakeFormation::Permissions", func(s *Set, r *template.Resource) []*guarded {
		return s.byARN(r, r.Properties().Get("Resource", "DataLocationResource", "S3Resource").Default(""))
	}},
	{"AWS::LakeFormation::Resource", func(s *Set, r *template.Resource) []*guarded {
		return s.byARN(r, r.Properties().Get("ResourceArn"))
	}},
	{"AWS::RAM::ResourceShare", func(s *Set, r *template.Resource) []*guarded {
		var opened []*guarded
		list, err := r.Properties().Get("ResourceArns").Default([]any{}).List()
		if err != nil {
			return s.near(r)
		}
		for _, v := range list {
			opened = append(opened, s.byARN(r, v)...)
		}
		return opened
	}},
}

func (s *Set) readElsewhere(stacks []*template.Stack) {
	for _, e := range elsewhere {
		for _, stack := range stacks {
			for _, r := range stack.ResourcesOfType(e.typ) {
				if created, err := r.Created(); err == nil && !created {
					continue
				}
				var concerned []*[]Unread
				for _, g := range e.opened(s, r) {
					concerned = append(concerned, &g.Unread)
				}
				s.unread(r, fmt.Errorf("whom %s (%s) admits", r.LogicalID, r.Type), concerned...)
			}
		}
	}
}

// inScope are the buckets of a location such as s3://bucket/prefix*; that of
// s3:// alone is all of the account's in the Region.
func (s *Set) inScope(r *template.Resource, scope template.Value) []*guarded {
	text, err := scope.String()
	if err != nil {
		return s.nearBuckets(r, "")
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(text, "s3://"), "/")
	return s.nearBuckets(r, strings.TrimSuffix(name, "*"))
}

// nearBuckets are the buckets of the resource's account and Region whose names
// begin so.
func (s *Set) nearBuckets(r *template.Resource, prefix string) []*guarded {
	return slices.DeleteFunc(s.near(r), func(g *guarded) bool { return g.Type != "AWS::S3::Bucket" || !strings.HasPrefix(g.Name, prefix) })
}

func (s *Set) near(r *template.Resource) []*guarded {
	var list []*guarded
	for _, g := range s.guarded {
		if g.Account == r.Stack().Account && g.Region == r.Stack().Region {
			list = append(list, g)
		}
	}
	return list
}

// byARN is the resource of an ARN, or of a part of it; all that are near if the
// ARN isn't known.
func (s *Set) byARN(r *template.Resource, arn template.Value) []*guarded {
	text, err := arn.String()
	if err != nil {
		return s.near(r)
	}
	if g := s.byID[idOf(text)]; g != nil {
		return []*guarded{g}
	}
	return nil
}
