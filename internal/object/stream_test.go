package object

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda/messages"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/object/objecttest"
)

func TestStreamReadsAsAGet(t *testing.T) {
	t.Parallel()
	eachPattern(t, func(t *testing.T, f *functions, _ encryption.Pattern) {
		put := f.mustCall(t, f.put, `{"body":"first","contentType":"text/x"}`)
		f.mustCall(t, f.put, `{"body":"second"}`)
		stream := f.open(nil)
		for event, want := range map[string]string{
			`{}`:                    "second",
			`{"range":"bytes=1-2"}`: "ec",
			`{"key":"none"}`:        string(function.ObjectNotFound),
			`{"range":"all"}`:       string(function.BadRequest),
			`{"versionId":"no"}`:    string(function.BadRequest),
			`[]`:                    string(function.BadRequest),
			`{"body":"a"}`:          string(function.BadRequest),
			`{"range":"bytes=99-"}`: string(function.BadRequest),
			fmt.Sprintf(`{"versionId":%q}`, put["versionId"]): "first",
		} {
			s, err := stream.stream(t.Context(), json.RawMessage(event))
			got := ""
			if err != nil {
				got = err.(messages.InvokeResponse_Error).Type
			} else {
				body, err := io.ReadAll(s)
				if err := s.Close(); err != nil {
					t.Error(err)
				}
				if got = string(body); err != nil {
					t.Errorf("event %s: %v", event, err)
				}
				if want == "first" && s.ContentType() != "text/x" {
					t.Errorf("content type %q", s.ContentType())
				}
			}
			if got != want {
				t.Errorf("event %s: %s, want %s", event, got, want)
			}
		}
	})
}

func TestStreamEnds(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	f.mustCall(t, f.put, `{}`)
	stream := f.open(nil)
	stream.store.maxStream = 6
	_, err := stream.stream(t.Context(), json.RawMessage(`{}`))
	if failed, ok := err.(messages.InvokeResponse_Error); !ok || failed.Type != string(function.PayloadTooLarge) || !strings.Contains(failed.Message, "range") {
		t.Errorf("%v", err)
	}
	stream.store.maxStream = 1 << 20
	f.mustCall(t, f.put, `{"body":"`+strings.Repeat("b", 1<<20)+`"}`)
	ctx, cancel := context.WithCancel(t.Context())
	s, err := stream.stream(ctx, json.RawMessage(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	_, err = io.ReadAll(s)
	if failed, ok := err.(messages.InvokeResponse_Error); !ok || failed.Type != string(function.Timeout) {
		t.Errorf("a stream whose time is over: %v", err)
	}
	s.Close()
	fault := &objecttest.Fault{Status: 503, Code: "SlowDown", Message: hex0}
	f.set(func(s *objecttest.Server) {
		s.Fault = func(operation string) *objecttest.Fault {
			if operation == "GetObject" {
				return fault
			}
			return nil
		}
	})
	_, err = stream.stream(t.Context(), json.RawMessage(`{}`))
	if failed, ok := err.(messages.InvokeResponse_Error); !ok || failed.Type != string(function.Throttled) {
		t.Errorf("%v", err)
	}
}
