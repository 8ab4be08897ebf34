package object

import (
	"bytes"
	"encoding/base64"
	"reflect"

	"github.com/s3seal/s3seal/internal/function"
)

// defaultBody is what a put with an empty event uploads.
const defaultBody = "s3seal!"

type putEvent struct {
	Key             string            `json:"key"`
	Body            function.Text     `json:"body"`
	BodyBase64      function.Text     `json:"bodyBase64"`
	ContentType     string            `json:"contentType"`
	ContentEncoding string            `json:"contentEncoding"`
	CacheControl    string            `json:"cacheControl"`
	Metadata        map[string]string `json:"metadata"`
	CreateOnly      bool              `json:"createOnly"`
	IfMatch         string            `json:"ifMatch"`
	RequestToken    string            `json:"requestToken"`
}

type getEvent struct {
	Key       string `json:"key"`
	VersionID string `json:"versionId"`
	Range     string `json:"range"`
	IfMatch   string `json:"ifMatch"`
}

// readPutEvent reads a put's event. Errors are *function.Error.
func (s *Store) readPutEvent(payload []byte) (PutRequest, error) {
	var e putEvent
	if err := function.ReadEvent(payload, &e); err != nil {
		return PutRequest{}, err
	}
	if reflect.ValueOf(e).IsZero() {
		e.Body = function.Text(defaultBody)
	}
	r := PutRequest{
		Key:             e.Key,
		ContentType:     e.ContentType,
		ContentEncoding: e.ContentEncoding,
		CacheControl:    e.CacheControl,
		Metadata:        e.Metadata,
		CreateOnly:      e.CreateOnly,
		IfMatch:         e.IfMatch,
		RequestToken:    e.RequestToken,
	}
	contentType := "text/plain; charset=utf-8"
	switch {
	case e.Body != nil && e.BodyBase64 != nil:
		return r, function.Errorf(function.BadRequest, nil, `the event has both "body" and "bodyBase64": send one`)
	case e.Body != nil:
		r.Body = e.Body
	case e.BodyBase64 != nil:
		var err error
		if r.Body, err = s.decode(e.BodyBase64); err != nil {
			return r, err
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

// decode refuses what is too large before it decodes it.
func (s *Store) decode(text []byte) ([]byte, error) {
	n := len(text) - bytes.Count(text, []byte("\n")) - bytes.Count(text, []byte("\r")) // which are skipped
	size := base64.StdEncoding.DecodedLen(n) - bytes.Count(text[max(0, len(text)-4):], []byte("="))
	if err := s.checkSize(size); err != nil {
		return nil, err
	}
	body := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(body, text)
	if err != nil {
		return nil, function.Errorf(function.BadRequest, nil, `"bodyBase64" is not base64 (the standard alphabet, with padding)`)
	}
	return body[:n], nil
}

// readGetEvent reads a get's event. Errors are *function.Error.
func readGetEvent(payload []byte) (GetRequest, error) {
	var e getEvent
	err := function.ReadEvent(payload, &e)
	return GetRequest(e), err
}
