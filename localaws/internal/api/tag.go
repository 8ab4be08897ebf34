package api

import (
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
)

// Tag is a tag of a resource, as most services and all templates write it.
type Tag struct{ Key, Value string }

// TagMap is tags by key.
func TagMap(list []Tag) map[string]string {
	tags := map[string]string{}
	for _, t := range list {
		tags[t.Key] = t.Value
	}
	return tags
}

// TagList is tags as a list, by key.
func TagList(tags map[string]string) []Tag {
	var list []Tag
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, Tag{k, tags[k]})
	}
	return list
}

// WithTags are the tags of a resource of the stack: those of its own
// properties, and those of the stack, over which its own go.
func (s StackContext) WithTags(own []Tag) map[string]string {
	tags := map[string]string{}
	maps.Copy(tags, s.Tags)
	maps.Copy(tags, TagMap(own))
	return tags
}

// TagRules are what a service accepts as the tags of one resource.
type TagRules struct{ Key, Value, Most int } // lengths, and how many

// Check reads the tags of a request. The code of what is wrong with them is the
// service's. The words for a key that begins with "aws:" are those that clients of
// several services quote; for the rest no page has any.
func (r TagRules) Check(list []Tag, fail func(format string, args ...any) error) (map[string]string, error) {
	tags := map[string]string{}
	for _, t := range list {
		switch {
		case t.Key == "" || len(t.Key) > r.Key || len(t.Value) > r.Value:
			return nil, fail("the tag key %q or its value is not of a length that the service accepts", t.Key)
		case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
			return nil, fail("aws: prefixed tag key names are not allowed for external use.")
		}
		if _, ok := tags[t.Key]; ok {
			return nil, fail("the tag key %q is given twice", t.Key)
		}
		tags[t.Key] = t.Value
	}
	return r.Change(nil, tags, nil, fail)
}

// Change is the tags of a resource with some set and others removed.
func (r TagRules) Change(tags, set map[string]string, gone []string, fail func(format string, args ...any) error) (map[string]string, error) {
	next := map[string]string{}
	maps.Copy(next, tags)
	maps.Copy(next, set)
	for _, k := range gone {
		delete(next, k)
	}
	if len(next) > r.Most {
		return nil, fail("a resource has at most %d tags", r.Most)
	}
	return next, nil
}

// Retag turns the tags of a resource into others, by the operations that set
// tags and remove keys. Tags that stay need no permission.
func Retag(have, want map[string]string, set func([]Tag) error, remove func(keys []string) error) error {
	changed, gone := tagChanges(have, want)
	if len(gone) > 0 {
		if err := remove(gone); err != nil {
			return err
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return set(changed)
}

func tagChanges(have, want map[string]string) (set []Tag, gone []string) {
	for _, t := range TagList(want) {
		if v, ok := have[t.Key]; !ok || v != t.Value {
			set = append(set, t)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(have)) {
		if _, ok := want[k]; !ok {
			gone = append(gone, k)
		}
	}
	return set, gone
}

// TagKeys are the condition keys of a request that sets tags.
//
// Source: IAM user guide, reference_policies_condition-keys, aws:RequestTag and
// aws:TagKeys.
func TagKeys(tags map[string]string) map[string]iam.Strings {
	keys := map[string]iam.Strings{}
	for k, v := range tags {
		keys["aws:RequestTag/"+k] = iam.Strings{v}
	}
	if len(tags) > 0 {
		keys["aws:TagKeys"] = slices.Sorted(maps.Keys(tags))
	}
	return keys
}
