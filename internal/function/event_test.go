package function

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

type sample struct {
	Key      string            `json:"key"`
	Body     Text              `json:"body"`
	Only     bool              `json:"only"`
	Count    int               `json:"count"`
	Names    []string          `json:"names"`
	Metadata map[string]string `json:"metadata"`
}

func TestReadEvent(t *testing.T) {
	t.Parallel()
	for payload, want := range map[string]sample{
		"":        {},
		" null\n": {},
		"{}":      {},
		" { \t} ": {},
		`{"key":"a","body":"","only":true,"count":-7,"names":["x"],"metadata":{"a":"b"}}`:     {"a", Text{}, true, -7, []string{"x"}, map[string]string{"a": "b"}},
		`{ "body" : "a\"b\\c\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\ude00 tail" , "key" : "z" }`: {Key: "z", Body: Text("a\"b\\c/\b\f\n\r\tAé€😀 tail")},
		`{"key":null,"body":null,"only":null,"names":null,"metadata":null}`:                   {},
		`{"k\u0065y":"\u0000"}`:                             {Key: "\x00"},
		`{"metadata":{"é":"\ud83d\ude00"}}`:                 {Metadata: map[string]string{"é": "😀"}},
		`{"body":"` + strings.Repeat("0123456é", 99) + `"}`: {Body: Text(strings.Repeat("0123456é", 99))},
	} {
		var got sample
		if err := ReadEvent([]byte(payload), &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v; want %+v", payload, got, err, want)
		}
	}
}

func TestReadEventRefuses(t *testing.T) {
	t.Parallel()
	const notJSON, lone = "the event is not JSON", " has half of a surrogate pair"
	for payload, want := range map[string]string{
		`{`: notJSON, `{"key"`: notJSON, `{"key":`: notJSON, `{"key":}`: notJSON, `{"key":"a"`: notJSON, `{"key":"a",}`: notJSON,
		`{,}`: notJSON, `{"key" "a"}`: notJSON, `{key:1}`: notJSON, `{"key":"a" "body":"b"}`: notJSON, `x`: notJSON, `[1`: notJSON, `nul`: notJSON, `"`: notJSON,
		`{"key":"a\"}`: notJSON, `{"key":"\`: notJSON, `{"key":"\x"}`: notJSON, `{"key":"\u12"}`: notJSON, `{"key":"\u12g4"}`: notJSON,
		"{\"key\":\"a\nb\"}": notJSON, "{\"key\":\"a\x00b\"}": notJSON, "{\"key\":\"0123456\x1f\"}": notJSON, `{"only":tru}`: notJSON, `{"count":01}`: notJSON, `{"names":[}`: notJSON, `{"metadata":{"a":"\`: notJSON,
		"{\"key\":\"\xff\"}":                  "the event is not UTF-8",
		"{\"body\":\"\xed\xa0\x80\"}":         "the event is not UTF-8",
		`{"body":"a"} {}`:                     "the event is more than one JSON value",
		`{}x`:                                 "the event is more than one JSON value",
		`[]`:                                  "the event is a JSON array: want an object with the fields key, body, only, count, names, metadata",
		`7`:                                   "the event is a JSON number",
		`true`:                                "the event is a JSON boolean",
		`"x"`:                                 "the event is a JSON string",
		`{"KEY":"a"}`:                         "the event has an unknown field: want key, body",
		`{"other":1}`:                         "the event has an unknown field",
		`{"key":"a","key":"b"}`:               `the event has "key" twice`,
		`{"key":null,"k\u0065y":"b"}`:         `the event has "key" twice`,
		`{"metadata":{"a":"b","\u0061":"c"}}`: `"metadata": a is given twice`,
		`{"key":7}`:                           `"key" is a JSON number: want a string`,
		`{"body":{}}`:                         `"body" is a JSON object: want a string`,
		`{"only":"yes"}`:                      `"only" is a JSON string: want a boolean`,
		`{"count":1.5}`:                       `"count" is a JSON number: want a whole number`,
		`{"names":{"a":"b"}}`:                 `"names" is a JSON object: want an array of strings`,
		`{"metadata":{"a":1}}`:                `"metadata" is a JSON object: want an object of strings`,
		`{"names":[[[[[[[[[]]]]]]]]]}`:        `"names" is nested deeper than 8`,
		`{"key":"\ud800x"}`:                   `"key"` + lone,
		`{"body":"\ud800\u0041"}`:             `"body"` + lone,
		`{"body":"\udc00"}`:                   `"body"` + lone,
		`{"body":"\udc00\ud800"}`:             `"body"` + lone,
		`{"\ud800":""}`:                       `the event` + lone,
		`{"metadata":{"a":"\ud800"}}`:         `"metadata"` + lone,
		`{"names":["\\ud800","\udbff\\"]}`:    `"names"` + lone,
	} {
		var failure *Error
		if err := ReadEvent([]byte(payload), new(sample)); !errors.As(err, &failure) || failure.Type != BadRequest || !strings.HasPrefix(failure.Text, want) {
			t.Errorf("%s: %v; want %s", payload, err, want)
		}
	}
}

func TestATextIsInTheEventsMemory(t *testing.T) {
	t.Parallel()
	payload := []byte(`{"body":"a\nb"}`)
	var e sample
	if err := ReadEvent(payload, &e); err != nil || string(e.Body) != "a\nb" || &e.Body[0] != &payload[9] {
		t.Errorf("body %q, %v: want it in the payload's memory", e.Body, err)
	}
}

// What is accepted is what encoding/json reads, and it loses nothing there.
func FuzzReadEvent(f *testing.F) {
	for _, seed := range []string{`{"key":"a\u00e9","body":"\ud83d\ude00","only":false,"count":3,"names":["a"],"metadata":{"a":"b"}}`, `{"key":"\ud800"}`, ` null `, `{"body":"\\\"",}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		var want struct {
			Key      string            `json:"key"`
			Body     string            `json:"body"`
			Only     bool              `json:"only"`
			Count    int               `json:"count"`
			Names    []string          `json:"names"`
			Metadata map[string]string `json:"metadata"`
		}
		jsonErr := json.Unmarshal(payload, &want)
		if len(strings.Trim(string(payload), " \t\r\n")) == 0 {
			jsonErr = nil
		}
		lossless := utf8.Valid(payload) && !loneSurrogate(payload)
		var got sample
		if err := ReadEvent(payload, &got); err != nil {
			return
		}
		if jsonErr != nil || !lossless || got.Key != want.Key || string(got.Body) != want.Body || got.Only != want.Only || got.Count != want.Count || strings.Join(got.Names, "\n") != strings.Join(want.Names, "\n") || !maps.Equal(got.Metadata, want.Metadata) {
			t.Errorf("got %+v, want %+v, %v", got, want, jsonErr)
		}
	})
}
