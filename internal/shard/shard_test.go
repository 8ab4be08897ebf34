package shard

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitGivesEveryStageOnce(t *testing.T) {
	for n := 1; n < 40; n++ {
		for shares := 1; shares < 9; shares++ {
			list, at, least, most := Split(n, shares), 0, n, 0
			for _, s := range list {
				if s.From != at {
					t.Fatalf("%d in %d: %v", n, shares, list)
				}
				at = s.To
				least, most = min(least, s.To-s.From), max(most, s.To-s.From)
			}
			if at != n || len(list) != min(n, shares) || most-least > 1 {
				t.Errorf("%d in %d: %v", n, shares, list)
			}
		}
	}
}

func TestParseReadsWhatAShareIsCalled(t *testing.T) {
	for _, s := range Split(10, 3) {
		if got, err := Parse(s.String(), 10); err != nil || got != s {
			t.Errorf("%v: %v, %v", s, got, err)
		}
	}
	for _, text := range []string{"", "1", "a-2", "2-1", "1-1", "-1-2", "0-11"} {
		if s, err := Parse(text, 10); err == nil {
			t.Errorf("%q is %v", text, s)
		}
	}
}

func TestJoinKeepsTheOrderOfOneProcess(t *testing.T) {
	of := func(keys ...string) (o object) {
		for _, k := range keys {
			o = append(o, member{k, []byte(`{"of":"` + k + `"}`)})
		}
		return o
	}
	all, err := join("artifact", []object{of("mine", "a", "b", "Tree"), of("mine", "c", "Tree"), of("mine", "d", "Tree")})
	if diff := cmp.Diff(string(of("mine", "a", "b", "c", "d", "Tree").text("  ")), string(all.text("  "))); diff != "" || err != nil {
		t.Errorf("%v, -want +got:%s", err, diff)
	}
	for name, shares := range map[string][]object{
		"another value": {of("a"), {{"a", []byte("1")}}},
		"in two of 3":   {of("x", "a"), of("x", "b"), of("c")},
	} {
		if all, err := join("artifact", shares); err == nil {
			t.Errorf("%s: %s", name, all.text(""))
		}
	}
}
