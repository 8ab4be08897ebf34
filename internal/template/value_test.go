package template

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const props = `{
  "Parameters": {"P": {"Type": "String"}},
  "Conditions": {"Yes": {"Fn::Equals": ["a", "a"]}, "Perhaps": {"Fn::Equals": [{"Ref": "P"}, "a"]}},
  "Resources": {"R": {"Type": "AWS::S3::Bucket", "Properties": {
    "Text": "x", "Number": 5, "True": true, "TrueText": "True", "NumberText": "7",
    "None": {"Ref": "AWS::NoValue"},
    "NoneByIf": {"Fn::If": ["Yes", {"Ref": "AWS::NoValue"}, "x"]},
    "Nested": {"Fn::If": ["Yes", {"List": ["a", {"Ref": "AWS::NoValue"}, {"Fn::If": ["Yes", "b", "c"]}]}, {}]},
    "Half": [{"Id": "known"}, {"Id": {"Ref": "P"}}, {"Fn::If": ["Perhaps", {"Id": "d"}, {"Id": "e"}]}],
    "Unknown": {"Ref": "P"},
    "UnknownByIf": {"Fn::If": ["Perhaps", "a", {"Ref": "AWS::NoValue"}]},
    "Macro": {"Fn::Transform": {"Name": "x"}, "a": "b"}
  }}}
}`

func propsOf(t *testing.T) Value {
	t.Helper()
	return stackOf(t, props).Resource("R").Properties()
}

func TestValueReads(t *testing.T) {
	t.Parallel()
	v := propsOf(t)
	text := func(v Value) any { return result2(v.String()) }
	boolean := func(v Value) any { return result2(v.Bool()) }
	number := func(v Value) any { return result2(v.Int()) }
	for name, c := range map[string]struct{ got, want any }{
		"string":                    {text(v.Get("Text")), "x"},
		"number as string":          {text(v.Get("Number")), "5"},
		"boolean":                   {boolean(v.Get("True")), true},
		"boolean from string":       {boolean(v.Get("TrueText")), true},
		"number":                    {number(v.Get("Number")), 5},
		"number from string":        {number(v.Get("NumberText")), 7},
		"default of missing string": {text(v.Get("Nothing").Default("d")), "d"},
		"default of missing number": {number(v.Get("None").Default(3)), 3},
		"default of NoValue by If":  {boolean(v.Get("NoneByIf").Default(false)), false},
		"default below missing":     {text(v.Get("Nothing", "At", "All").Index(2).Default("d")), "d"},
		"no default needed":         {text(v.Get("Text").Default("d")), "x"},
		"below Fn::If":              {text(v.Get("Nested", "List").Index(2)), "b"},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	list, err := v.Get("Nested", "List").Strings()
	if diff := cmp.Diff([]string{"a", "b"}, list); diff != "" || err != nil {
		t.Error(diff, err)
	}
	keys, err := v.Get("Nested").Keys()
	if diff := cmp.Diff([]string{"List"}, keys); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// result2 makes a value, or the error, of a reader's results.
func result2[T any](value T, err error) any {
	if err != nil {
		return err.Error()
	}
	return value
}

func TestValueExists(t *testing.T) {
	t.Parallel()
	v := propsOf(t)
	for key, want := range map[string]bool{"Text": true, "Nested": true, "None": false, "NoneByIf": false, "Nothing": false} {
		if got, err := v.Get(key).Exists(); got != want || err != nil {
			t.Errorf("%s: %t %v", key, got, err)
		}
	}
	if _, err := v.Get("UnknownByIf").Exists(); !IsUnknown(err) {
		t.Error(err)
	}
}

func TestOneUnknownValueDoesNotHideTheOthers(t *testing.T) {
	t.Parallel()
	list, err := propsOf(t).Get("Half").List()
	if err != nil || len(list) != 3 {
		t.Fatal(list, err)
	}
	if got, err := list[0].Get("Id").String(); got != "known" || err != nil {
		t.Error(got, err)
	}
	for _, element := range list[1:] {
		if got, err := element.Get("Id").String(); !IsUnknown(err) {
			t.Error(got, err)
		}
	}
	if _, err := propsOf(t).Get("Half").Resolve(); !IsUnknown(err) {
		t.Error(err)
	}
}

func TestValueErrorsNameThePlace(t *testing.T) {
	t.Parallel()
	v := propsOf(t)
	at := "Test: Resources.R.Properties."
	for name, c := range map[string]struct{ got, want any }{
		"missing":          {result2(v.Get("Nothing", "Below").Index(1).String()), at + "Nothing.Below[1]: missing"},
		"missing list":     {result2(v.Get("Nothing").Strings()), at + "Nothing: missing"},
		"beyond the end":   {result2(v.Get("Half").Index(9).Resolve()), at + "Half[9]: missing"},
		"string of list":   {result2(v.Get("Nested", "List").String()), at + "Nested.Fn::If[1].List: must be a string, not a list"},
		"mapping of text":  {result2(v.Get("Text", "Below").String()), at + "Text: must be a mapping, not a string"},
		"list of text":     {result2(v.Get("Text").List()), at + "Text: must be a list, not a string"},
		"boolean of text":  {result2(v.Get("Text").Bool()), at + `Text: must be true or false, not "x"`},
		"number of text":   {result2(v.Get("Text").Int()), at + `Text: must be a whole number, not "x"`},
		"string of map":    {result2(v.Get("Nested").String()), at + "Nested: must be a string, not a mapping"},
		"keys of list":     {result2(v.Get("Half").Keys()), at + "Half: must be a mapping, not a list"},
		"keys with macro":  {result2(v.Get("Macro").Keys()), at + "Macro: unknown: Fn::Transform: only CloudFormation can expand it"},
		"below an unknown": {result2(v.Get("Unknown", "Below").String()), at + "Unknown.Ref: unknown: parameter P has no default"},
	} {
		text, _ := c.got.(string)
		if want := c.want.(string); !strings.HasPrefix(text, want) {
			t.Errorf("%s: got %v, want %s", name, c.got, want)
		}
	}
	if _, err := v.Get("Nothing").String(); !errors.Is(err, ErrMissing) {
		t.Error(err)
	}
	if got := v.Get("Half").Index(1).Get("Id").Path(); got != "Resources.R.Properties.Half[1].Id" {
		t.Error(got)
	}
}

func TestResolvedValuesAreCopies(t *testing.T) {
	t.Parallel()
	s := stackOf(t, props)
	got, err := s.Resource("R").Properties().Get("Nested").Resolve()
	if err != nil {
		t.Fatal(err)
	}
	got.(map[string]any)["List"].([]any)[0] = "changed"
	if again, err := s.Resource("R").Properties().Get("Nested", "List").Index(0).String(); again != "a" || err != nil {
		t.Error(again, err)
	}
}
