package object

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/s3seal/s3seal/internal/function"
)

// defaultBody is what a put with an empty event uploads.
const defaultBody = "s3seal!"

type putEvent struct {
	Key         string  `json:"key"`
	Body        *string `json:"body"`
	BodyBase64  *string `json:"bodyBase64"`
	ContentType string  `json:"contentType"`
	CreateOnly  bool    `json:"createOnly"`
}

type getEvent struct {
	Key       string `json:"key"`
	VersionID string `json:"versionId"`
	Range     string `json:"range"`
}

// readPutEvent reads a put's event. Errors are *function.Error.
func readPutEvent(payload []byte) (PutRequest, error) {
	var e putEvent
	if err := readEvent(payload, &e); err != nil {
		return PutRequest{}, err
	}
	if e == (putEvent{}) {
		e.Body = new(defaultBody)
	}
	r := PutRequest{Key: e.Key, ContentType: e.ContentType, CreateOnly: e.CreateOnly}
	contentType := "text/plain; charset=utf-8"
	switch {
	case e.Body != nil && e.BodyBase64 != nil:
		return r, function.Errorf(function.BadRequest, nil, `the event has both "body" and "bodyBase64": send one`)
	case e.Body != nil:
		r.Body = []byte(*e.Body)
	case e.BodyBase64 != nil:
		var err error
		if r.Body, err = base64.StdEncoding.DecodeString(*e.BodyBase64); err != nil {
			return r, function.Errorf(function.BadRequest, nil, `"bodyBase64" is not base64 (the standard alphabet, with padding)`)
		}
		contentType = "application/octet-stream"
	default:
		return r, function.Errorf(function.BadRequest, nil, `the event has neither "body" nor "bodyBase64": send one, or an empty event`)
	}
	if r.ContentType == "" {
		r.ContentType = contentType
	}
	return r, nil
}

// readGetEvent reads a get's event. Errors are *function.Error.
func readGetEvent(payload []byte) (GetRequest, error) {
	var e getEvent
	err := readEvent(payload, &e)
	return GetRequest(e), err
}

// readEvent reads one JSON object with the fields of event, or null, or nothing.
func readEvent(payload []byte, event any) error {
	payload = bytes.TrimSpace(payload)
	if len(payload) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(payload))
	d.DisallowUnknownFields()
	err := d.Decode(event)
	if err == nil {
		if _, err := d.Token(); err != io.EOF {
			return function.Errorf(function.BadRequest, nil, "the event is more than one JSON value")
		}
		return nil
	}
	// encoding/json names Go types, and quotes the input.
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &mismatch) && mismatch.Field != "":
		return function.Errorf(function.BadRequest, nil, "%q is a JSON %s: want a %s", mismatch.Field, jsonType(mismatch.Value), jsonName(mismatch.Type))
	case errors.As(err, &mismatch):
		return function.Errorf(function.BadRequest, nil, "the event is a JSON %s: want an object with the fields %s", jsonType(mismatch.Value), fields(event))
	case json.Valid(payload):
		return function.Errorf(function.BadRequest, nil, "the event has an unknown field: want %s", fields(event))
	}
	return function.Errorf(function.BadRequest, nil, "the event is not JSON")
}

// jsonType is the first word of what encoding/json found: a number is followed
// by its digits.
func jsonType(found string) string {
	word, _, _ := strings.Cut(found, " ")
	if word == "bool" {
		return "boolean"
	}
	return word
}

func jsonName(t reflect.Type) string {
	if t.Kind() == reflect.Bool {
		return "boolean"
	}
	return "string"
}

// fields lists the names of the event's fields.
func fields(event any) string {
	t := reflect.TypeOf(event).Elem()
	names := make([]string, t.NumField())
	for i := range names {
		names[i] = t.Field(i).Tag.Get("json")
	}
	return strings.Join(names, ", ")
}

// maxAnswer is the largest answer of a function in bytes, 6 MB.
//
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxAnswer = 6 << 20

// getAnswer is a GetResult with its body as text if it is UTF-8, which JSON can
// carry, and the answer is at most limit bytes; else in base64. Text can grow
// sixfold in JSON, base64 cannot.
func getAnswer(r *GetResult, limit int) ([]byte, error) {
	if utf8.Valid(r.Body) {
		out, err := marshal(struct {
			*GetResult
			Text string `json:"body"`
		}{r, string(r.Body)})
		if err != nil || len(out) <= limit {
			return out, err
		}
	}
	return marshal(struct {
		*GetResult
		Base64 []byte `json:"bodyBase64"`
	}{r, r.Body})
}

// marshal is json.Marshal without \u003c for "<".
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
