package handler

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/iam/authorization"
	"github.com/s3seal/s3seal/internal/resourcetype"
)

// published are all permissions of a type's handlers, and those that are told
// beside them, in the words of the Service Authorization Reference.
func (k *Kind) published() map[string]bool {
	all := map[string]bool{}
	for _, op := range Operations {
		for _, permission := range append(slices.Clone(Permissions(k.Type, op)), k.also[op]...) {
			name, ok := action(permission)
			all[name] = ok
		}
	}
	return all
}

// TestKindsSayOnlyWhatTheListsHave: a word about an action that no handler calls is
// a mistake, or older than the data.
func TestKindsSayOnlyWhatTheListsHave(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(slices.Sorted(maps.Keys(read().types)), Types()); diff != "" {
		t.Errorf("types (- of the data, + of the kinds):\n%s", diff)
	}
	for _, typ := range Types() {
		k, schema := Of(typ), resourcetype.Named(typ)
		published := k.published()
		known := func(property string) {
			first, _, _ := strings.Cut(property, ".")
			if schema != nil && first != "Path" && len(schema.CheckAttribute(first)) > 0 {
				t.Errorf("%s has no property %s", typ, property)
			}
		}
		for name, u := range k.uses {
			if !published[name] {
				t.Errorf("%s: no handler calls %s", typ, name)
			}
			for _, property := range strings.Fields(u.when) {
				known(property)
			}
		}
		for _, c := range k.conditions {
			for _, name := range c.of {
				a, _ := authorization.Lookup(name)
				carries := slices.Contains(a.Keys, c.Key) || strings.HasPrefix(c.Key, "aws:") ||
					slices.ContainsFunc(a.Resources, func(r authorization.ResourceUse) bool { return slices.Contains(r.Keys, c.Key) })
				if !published[name] || !carries {
					t.Errorf("%s: %s is called %t, and carries %s %t", typ, name, published[name], c.Key, carries)
				}
			}
		}
		if k.Name != "" {
			known(k.Name)
		}
	}
}

// TestCallsAreThoseOfTheList: with every property set, a handler calls all that its
// list has, except what is never granted, and nothing else.
func TestCallsAreThoseOfTheList(t *testing.T) {
	t.Parallel()
	for _, typ := range Types() {
		k := Of(typ)
		for _, op := range Operations {
			var want, got []string
			for _, permission := range slices.Concat(Permissions(typ, op), k.also[op]) {
				if name, _ := action(permission); Except(typ, permission) == "" {
					want = append(want, name)
				}
			}
			for _, c := range k.Calls(op, func(string) bool { return true }) {
				got = append(got, c.Action)
				if len(c.On) == 0 && c.Open == "" {
					t.Errorf("%s: %s is called on nothing", typ, c.Action)
				}
			}
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s %s (- list, + calls):\n%s", typ, op, diff)
			}
		}
	}
}

func TestCallsFollowTheProperties(t *testing.T) {
	t.Parallel()
	actions := func(typ string, op Operation, set ...string) []string {
		var list []string
		for _, c := range Of(typ).Calls(op, func(p string) bool { return slices.Contains(set, p) }) {
			list = append(list, c.Action)
		}
		return list
	}
	for _, test := range []struct {
		typ  string
		op   Operation
		set  string
		want string
	}{
		{"AWS::KMS::Key", Create, "", "kms:CreateKey"},
		{"AWS::KMS::Key", Create, "KeyPolicy EnableKeyRotation", "kms:CreateKey kms:EnableKeyRotation kms:PutKeyPolicy"},
		{"AWS::KMS::Key", Create, "Tags", "kms:CreateKey kms:TagResource"},
		{"AWS::IAM::Role", Delete, "PermissionsBoundary", "iam:DeleteRole iam:GetRole iam:ListAttachedRolePolicies iam:ListRolePolicies"},
		{"AWS::S3::Bucket", Create, "", "s3:CreateBucket s3:GetBucketAcl s3:GetBucketMetadataTableConfiguration s3:ListBucket s3:PutBucketTagging s3:TagResource"},
		{"AWS::Lambda::Permission", Update, "", ""},
	} {
		if got := strings.Join(actions(test.typ, test.op, strings.Fields(test.set)...), " "); got != test.want {
			t.Errorf("%s of %s with %q: %s, want %s", test.op, test.typ, test.set, got, test.want)
		}
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	values := map[string][]string{
		"a": {"x", "y"}, "none": nil, "arn": {"arn:aws:iam::111122223333:role/r"}, "partition": {"aws-cn"},
		"queue": {"https://sqs.eu-west-1.amazonaws.com/111122223333/q"}, "odd": {"https://example.com"},
	}
	of := func(name string) ([]string, error) { return values[name], nil }
	for pattern, want := range map[string]string{
		"*": "*", "arn:{partition}:s3:::{a}": "arn:aws-cn:s3:::x arn:aws-cn:s3:::y", "role/{none}": "", "{a}/{a}": "x/x x/y y/x y/y",
		"arn:{partition}:iam::1:role/{arn}": values["arn"][0], "{none arn}": values["arn"][0],
		"{queue}": "arn:aws:sqs:eu-west-1:111122223333:q", "{odd}": "an error",
	} {
		got, err := Fill(pattern, of)
		if text := strings.Join(got, " "); text != want && (err == nil || want != "an error") {
			t.Errorf("%s: %s, %v; want %s", pattern, text, err, want)
		}
	}
}

func TestSetAndTexts(t *testing.T) {
	t.Parallel()
	properties := map[string]any{"Role": "r", "Empty": []any{}, "No": nil, "Targets": []any{map[string]any{"RoleArn": "a"}, map[string]any{"RoleArn": "b"}}, "Code": map[string]any{}}
	for path, want := range map[string]bool{"Role": true, "Role.Arn": false, "Empty": false, "No": false, "Targets.RoleArn": true, "Targets.Id": false, "Code": true, "Other": false} {
		if Set(properties, path) != want {
			t.Errorf("%s is set: %t", path, !want)
		}
	}
	if got := strings.Join(Texts(properties, "Targets.RoleArn"), " "); got != "a b" {
		t.Error(got)
	}
}
