package events

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestPattern(t *testing.T) {
	t.Parallel()
	var event map[string]any
	if err := json.Unmarshal([]byte(`{"source":"aws.s3","detail":{"bucket":{"name":"acme"},"size":5,"gone":null,"tags":["a","b"],"on":true}}`), &event); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		`{"source":["aws.s3"]}`: true, `{"source":["aws.kms","aws.s3"]}`: true, `{"source":["aws.kms"]}`: false,
		`{"source":["aws.s3"],"detail":{"bucket":{"name":["acme"]}}}`: true, `{"source":["aws.s3"],"detail":{"bucket":{"name":["other"]}}}`: false,
		`{"detail":{"bucket":{"name":[{"prefix":"ac"}]}}}`: true, `{"detail":{"bucket":{"name":[{"suffix":"me"}]}}}`: true, `{"detail":{"bucket":{"name":[{"prefix":"me"}]}}}`: false,
		`{"detail":{"bucket":{"name":[{"equals-ignore-case":"ACME"}]}}}`: true, `{"detail":{"size":[5]}}`: true, `{"detail":{"size":["5"]}}`: false, `{"detail":{"gone":[null]}}`: true, `{"detail":{"on":[true]}}`: true,
		`{"detail":{"tags":["b"]}}`: true, `{"detail":{"tags":["c"]}}`: false, `{"detail":{"none":[null]}}`: false,
		`{"detail":{"none":[{"exists":false}]}}`: true, `{"detail":{"size":[{"exists":true}]}}`: true, `{"detail":{"size":[{"exists":false}]}}`: false,
		`{"detail":{"size":[{"anything-but":6}]}}`: true, `{"detail":{"size":[{"anything-but":[4,5]}]}}`: false, `{"detail":{"none":[{"anything-but":6}]}}`: false,
		`{"source":{"name":["a"]}}`: false,
	} {
		p, err := readPattern(text)
		if err != nil || p.matches(event) != want {
			t.Errorf("%s: %v, want %v", text, err, want)
		}
	}
	for text, want := range map[string]string{
		"": "no JSON", "[]": "no JSON", "{}": "no JSON", `{"a":"b"}`: "object or an array", `{"a":[]}`: "empty", `{"a":[["b"]]}`: "list", `{"$or":[{"a":["b"]}]}`: "$or",
		`{"a":[{"numeric":[">",1]}]}`: "numeric", `{"a":[{"cidr":"10.0.0.0/8"}]}`: "cidr", `{"a":[{"wildcard":"a*"}]}`: "wildcard", `{"a":[{"anything-but":{"prefix":"a"}}]}`: "anything-but",
		`{"a":[{"prefix":1}]}`: "prefix", strings.Repeat(`{"a":`, 30) + `["b"]` + strings.Repeat("}", 30): "too deep", `{"a":["` + strings.Repeat("x", 5000) + `"]}`: "longer",
	} {
		if _, err := readPattern(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want %s", text, err, want)
		}
	}
}
