package api

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/iam"
)

func TestRESTServiceRoutes(t *testing.T) {
	t.Parallel()
	s := NewRESTService("Things", map[string]RESTOperation{
		"GetThing": {"GET /v1/things/{Name}", func(w http.ResponseWriter, r *http.Request, c Call) error {
			if r.PathValue("Name") == "none" {
				return Errorf(404, "NotFound", "no thing")
			}
			WriteREST(w, 200, map[string]string{"Name": r.PathValue("Name"), "Account": c.Account})
			return nil
		}},
		"ListThings": {"GET /v1/things", func(w http.ResponseWriter, _ *http.Request, _ Call) error {
			WriteREST(w, 200, []string{})
			return nil
		}},
	})
	if got := s.Operations(); !slices.Equal(got, []string{"GetThing", "ListThings"}) {
		t.Errorf("operations %q", got)
	}
	for path, want := range map[string]string{
		"/v1/things":            "200  []",
		"/v1/things/":           "200  []",
		"/v1/things/a%3Ab%2Fc/": `200  {"Account":"1","Name":"a:b/c"}`,
		"/v1/things/none":       `404 NotFound {"Type":"User","message":"no thing"}`,
		"/v2/things":            `404 UnknownOperationException {"Type":"User","message":"the local AWS does not know the Things operation GET /v2/things"}`,
	} {
		w := httptest.NewRecorder()
		s.Serve(w, httptest.NewRequest("GET", path, nil), Call{Account: "1"})
		if got := fmt.Sprint(w.Code, " ", w.Header().Get("X-Amzn-ErrorType"), " ", strings.TrimSpace(w.Body.String())); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestServiceCalls(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.May, 1, 12, 0, 0, 0, time.UTC)
	always := map[string]iam.Strings{
		"aws:CurrentTime": {"2026-05-01T12:00:00Z"}, "aws:EpochTime": {"1777636800"}, "aws:SecureTransport": {"true"},
		"aws:ViaAWSService": {"false"}, "aws:RequestedRegion": {"eu-west-1"}, "s3:TlsVersion": {"1.3"},
	}
	with := func(more map[string]iam.Strings) map[string]iam.Strings {
		keys := maps.Clone(always)
		maps.Copy(keys, more)
		return keys
	}
	service := ServiceCall("lambda.amazonaws.com", "111122223333", "eu-west-1", now)
	forFunction := service.For("arn:aws:x", "111122223333")
	person := service
	person.Context = with(map[string]iam.Strings{"aws:SourceIp": {"10.0.0.1"}})
	for name, test := range map[string]struct {
		call Call
		want map[string]iam.Strings
	}{
		"service":         {service, always},
		"for a resource":  {forFunction, with(map[string]iam.Strings{"aws:SourceArn": {"arn:aws:x"}, "aws:SourceAccount": {"111122223333"}})},
		"session":         {forFunction.AsSession("arn:aws:iam::111122223333:role/r", "s", "111122223333"), always},
		"in one's name":   {person.Via("s3", "eu-west-1"), with(map[string]iam.Strings{"kms:ViaService": {"s3.eu-west-1.amazonaws.com"}, "aws:ViaAWSService": {"true"}})},
		"in its own name": {person, with(map[string]iam.Strings{"aws:SourceIp": {"10.0.0.1"}})},
		"through two": {service.CalledVia("a").CalledVia("b"), with(map[string]iam.Strings{
			"aws:CalledVia": {"a", "b"}, "aws:CalledViaFirst": {"a"}, "aws:CalledViaLast": {"b"}, "aws:ViaAWSService": {"true"}})},
	} {
		if got := test.call.Keys(); !maps.EqualFunc(got, test.want, func(a, b iam.Strings) bool { return slices.Equal(a, b) }) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	if service.RequestID == "" || service.RequestID == ServiceCall("x", "", "", now).RequestID || service.Caller.Service() != "lambda.amazonaws.com" {
		t.Errorf("%+v", service)
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	set, gone := tagChanges(map[string]string{"a": "1", "b": "2", "c": "3"}, map[string]string{"a": "1", "b": "9", "d": "4"})
	if !slices.Equal(set, []Tag{{"b", "9"}, {"d", "4"}}) || !slices.Equal(gone, []string{"c"}) {
		t.Errorf("set %v, gone %v", set, gone)
	}
	s := StackContext{Tags: map[string]string{"a": "stack", "b": "stack"}}
	if got := s.WithTags([]Tag{{"a", "own"}}); !maps.Equal(got, map[string]string{"a": "own", "b": "stack"}) {
		t.Errorf("with the stack's: %v", got)
	}
	fail := func(format string, args ...any) error { return Errorf(400, "Tag", format, args...) }
	rules := TagRules{Key: 4, Value: 3, Most: 2}
	for word, list := range map[string][]Tag{
		"": {{"a", "1"}, {"b", "2"}}, "length": {{"aaaaa", ""}}, "aws: prefixed tag key names are not allowed for external use.": {{"AWS:", ""}}, "twice": {{"a", "1"}, {"a", "1"}}, "at most 2": {{"a", ""}, {"b", ""}, {"c", ""}},
	} {
		_, err := rules.Check(list, fail)
		if word == "" && err != nil || word != "" && (err == nil || !strings.Contains(err.Error(), word)) {
			t.Errorf("%v: %v, want %q", list, err, word)
		}
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	all := []int{1, 2, 3}
	for token, want := range map[string]struct {
		page []int
		next string
		ok   bool
	}{"": {all[:2], "2", true}, "2": {all[2:], "", true}, "3": {all[3:], "", true}, "4": {}, "-1": {}, "x": {}} {
		page, next, ok := Page(all, 2, token)
		if !slices.Equal(page, want.page) || next != want.next || ok != want.ok {
			t.Errorf("%q: %v %q %v", token, page, next, ok)
		}
	}
}
