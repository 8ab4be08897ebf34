package template

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/internal/cfn"
)

// deployOrder gives the stack's Resources, each after those that it needs,
// otherwise by logical id.
func deployOrder(t *testing.T, s *Stack) []string {
	t.Helper()
	order, cycle := cfn.Order(s.Needs())
	if cycle != nil {
		t.Fatal(cycle)
	}
	return order
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
	if diff := cmp.Diff([]string{"E", "A", "D", "C", "B"}, deployOrder(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestResourcesThatNeedEachOther(t *testing.T) {
	t.Parallel()
	s := stackOf(t, `{"Resources": {
		"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Fn::GetAtt": ["Role", "Arn"]}}},
		"Role": {"Type": "AWS::IAM::Role", "Properties": {"Policies": {"Fn::Sub": "${Key.Arn}"}}}}}`)
	found := s.Refused()
	if len(found) != 1 || found[0].Error() != "Test: Resources.Key.Properties.KeyPolicy.Fn::GetAtt: circular dependency: Key -> Role -> Key" {
		t.Error(found)
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
