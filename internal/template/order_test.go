package template

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/internal/cfn"
)

// deployOrder gives the stack's Resources, each after those that it refers to
// or depends on, otherwise by logical id. Resources that depend on one another
// are an Error: CloudFormation can't create any of them.
func deployOrder(s *Stack) ([]*Resource, error) {
	needs := map[string][]string{}
	for _, r := range s.Resources() {
		refs := slices.Clone(r.DependsOn)
		// What can't be resolved is told where it is asked for.
		_ = newScope(s).References(r.RawProperties, cfn.Root("Resources", r.LogicalID, "Properties"), func(id string) error {
			refs = append(refs, id)
			return nil
		})
		needs[r.LogicalID] = refs
	}
	for id, refs := range needs {
		needs[id] = slices.DeleteFunc(refs, func(ref string) bool {
			_, isResource := needs[ref]
			return !isResource
		})
	}
	order, cycle := cfn.Order(needs)
	if cycle != nil {
		return nil, &Error{Stack: s.Name, Path: "Resources", Reason: "circular dependency: " + strings.Join(cycle, " -> ")}
	}
	list := make([]*Resource, len(order))
	for i, id := range order {
		list[i] = s.Template.Resources[id]
	}
	return list, nil
}

func TestDeployOrder(t *testing.T) {
	t.Parallel()
	s := stackOf(t, `{
		"Conditions": {"Yes": {"Fn::Equals": ["a", "a"]}, "No": {"Fn::Equals": ["a", "b"]}},
		"Resources": {
			"A": {"Type": "x", "Properties": {"p": [{"Ref": "E"}]}},
			"B": {"Type": "x", "Properties": {"p": {"Fn::Sub": ["${C.Arn} ${!A} ${v}", {"v": {"Fn::GetAtt": "D.Arn"}}]}}},
			"C": {"Type": "x", "DependsOn": "Off", "Properties": {"p": {"Fn::If": ["Yes", {"Ref": "D"}, {"Ref": "B"}]}}},
			"D": {"Type": "x", "Properties": {"p": {"Fn::GetAtt": ["A", "Arn"]}, "q": {"Ref": "AWS::Region"}}},
			"E": {"Type": "x"},
			"Off": {"Type": "x", "Condition": "No", "Properties": {"p": {"Ref": "C"}}}
		}}`)
	order, err := deployOrder(s)
	var ids []string
	for _, r := range order {
		ids = append(ids, r.LogicalID)
	}
	if diff := cmp.Diff([]string{"E", "A", "D", "C", "B"}, ids); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestResourcesThatNeedEachOther(t *testing.T) {
	t.Parallel()
	s := stackOf(t, `{"Resources": {
		"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Fn::GetAtt": ["Role", "Arn"]}}},
		"Role": {"Type": "AWS::IAM::Role", "Properties": {"Policies": {"Fn::Sub": "${Key.Arn}"}}}}}`)
	_, err := deployOrder(s)
	if err == nil || err.Error() != "Test: Resources: circular dependency: Key -> Role -> Key" {
		t.Error(err)
	}
	s.Account, s.Region = "111122223333", "eu-west-1"
	// Their values exist all the same: neither name depends on the other.
	if _, err := s.Resource("Key").Properties().Resolve(); err != nil {
		t.Error(err)
	}
}

func TestTemplatesMadeToBlowUpAreRefused(t *testing.T) {
	t.Parallel()
	// Every name is twice the one before: 2^60 bytes.
	var text strings.Builder
	text.WriteString(`{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "0123456789"}}`)
	for i := 1; i <= 60; i++ {
		before := "B" + strings.Repeat("x", i-1)
		text.WriteString(`, "` + before + `x": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "${` + before + `}${` + before + `}"}}}`)
	}
	text.WriteString(`}}`)
	s := stackOf(t, text.String())
	if _, err := s.Resource("B" + strings.Repeat("x", 60)).Ref(); err == nil || !strings.Contains(err.Error(), "bytes") {
		t.Error(err)
	}

	// Every condition asks the one before twice: 2^90 evaluations, were they not remembered.
	text.Reset()
	text.WriteString(`{"Resources": {}, "Conditions": {"C": {"Fn::Equals": ["a", "a"]}`)
	for i := 1; i <= 90; i++ {
		before := "C" + strings.Repeat("x", i-1)
		text.WriteString(`, "` + before + `x": {"Fn::And": [{"Condition": "` + before + `"}, {"Condition": "` + before + `"}]}`)
	}
	text.WriteString(`}}`)
	s = stackOf(t, text.String())
	got, err := s.Resolve(map[string]any{"Fn::If": []any{"C" + strings.Repeat("x", 90), "yes", "no"}}, "Here")
	if got != "yes" || err != nil {
		t.Error(got, err)
	}
	if _, err := s.Resolve(strings.Repeat("x", 1<<20+1), "Here"); err == nil || !strings.Contains(err.Error(), "bytes") {
		t.Error(err)
	}
	got, err = s.Resolve(nest(500), "Here")
	if err == nil || !strings.Contains(err.Error(), "nested deeper than") {
		t.Error(got, err)
	}
}

// nest makes a list in a list in a list...
func nest(depth int) any {
	var value any = "x"
	for range depth {
		value = []any{value}
	}
	return value
}

func TestLongChainsOfReferencesAreRefused(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString(`{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "b"}}`)
	for i := 1; i <= 150; i++ {
		before := "B" + strings.Repeat("x", i-1)
		text.WriteString(`, "` + before + `x": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "` + before + `"}}}`)
	}
	text.WriteString(`}}`)
	s := stackOf(t, text.String())
	if got, err := s.Resource("B" + strings.Repeat("x", 80)).Ref(); got != "b" || err != nil {
		t.Error(got, err)
	}
	if _, err := s.Resource("B" + strings.Repeat("x", 150)).Ref(); err == nil || !strings.Contains(err.Error(), "more than 100 references") {
		t.Error(err)
	}
}
