package strictjson

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDecodeReadsWhatEncodingJSONReads(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"a":[1,1.50,true,null,"x",{}],"b":{"a":[]}}`, ` "x" `, "12345678901234567890", "[[]]"} {
		value, err := Decode([]byte(text), 5, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.TrimSpace(text), string(got)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestDecodeSaysWhatIsWrongAndWhere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``:                              `0 1:1 JSON not well-formed: the text ends within a JSON value`,
		`{"a":`:                         `0 1:6 JSON not well-formed: the text ends within a JSON value`,
		`{"a" 5}`:                       `0 1:6 JSON not well-formed: invalid character '5' after object key`,
		`{5: 1}`:                        `0 1:2 JSON not well-formed: invalid character '5'`,
		"{\n\"a\": [{\"b\": ]}":         `0 2:13 JSON not well-formed: invalid character ']'`,
		`{} {}`:                         `3 1:5 JSON not well-formed: more follows after the value`,
		`{} x`:                          `3 1:4 JSON not well-formed: more follows`,
		"{\"a\":\n[{\"b\":1,\"b\":2}]}": `1 2:9 a[0].b is given twice; keep one`,
		`[[[[1]]]]`:                     `2 1:5 nested deeper than 3`,
		strings.Repeat("[", 1<<20):      `2 1:5 nested deeper than 3`,
	} {
		_, err := Decode([]byte(text), 3, nil)
		var wrong *Error
		if !errors.As(err, &wrong) {
			t.Errorf("%.20s: %v", text, err)
			continue
		}
		got := fmt.Sprintf("%d %d:%d %s", wrong.Fault, wrong.Line, wrong.Column, wrong)
		if !strings.HasPrefix(got, want) {
			t.Errorf("%.20s:\ngot  %s\nwant %s", text, got, want)
		}
	}
}

func TestKeysThatStandTwiceAreTold(t *testing.T) {
	t.Parallel()
	var places []string
	value, err := Decode([]byte("{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 2}, \"a\": 3, \"a\": 4}"), 3, func(e *Error) error {
		places = append(places, fmt.Sprintf("%d:%d %s", e.Line, e.Column, e.Path))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"2:16 b.c", "2:25 a", "2:33 a"}, places); diff != "" {
		t.Error(diff)
	}
	if got, _ := json.Marshal(value); string(got) != `{"a":4,"b":{"c":2}}` {
		t.Errorf("%s: the last values stay", got)
	}
}

func TestManyEqualKeysTakeNoQuadraticTime(t *testing.T) {
	t.Parallel()
	text := "{" + strings.Repeat(`"a":1,`, 150_000) + `"a":1}`
	count, start := 0, time.Now()
	if _, err := Decode([]byte(text), 3, func(*Error) error { count++; return nil }); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); count != 150_000 || took > 5*time.Second {
		t.Errorf("%d keys in %v", count, took)
	}
}
