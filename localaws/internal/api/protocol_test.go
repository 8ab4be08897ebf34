package api

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
)

func form(t *testing.T, body string) *Form {
	t.Helper()
	f, err := ParseForm(httptest.NewRequest("POST", "/?ignored=1", strings.NewReader(body)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestForm(t *testing.T) {
	t.Parallel()
	f := form(t, "Action=Do&Version=1&Name=a+b&List.member.1=x&List.member.2=y&Tags.member.1.Key=k&Tags.member.1.Value=v&Empty=")
	if f.Action() != "Do" || f.Text("Name") != "a b" || f.Text("None") != "" || !f.Has("Empty") || f.Has("None") {
		t.Errorf("%+v", f)
	}
	if got := fmt.Sprint(f.List("List"), f.List("None"), f.Tags()); got != "[x y] [] map[k:v]" {
		t.Error(got)
	}
	if err := f.Done(); err != nil {
		t.Error(err)
	}
}

func TestFormRefusesWhatNobodyRead(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"Action=Do&Surprise=1&Another=2":       "Another, Surprise",
		"Action=Do&List.member.1=a&List.x=b":   "List.x",
		"Action=Do&List.member.3=gap":          "List.member.3",
		"Action=Do&Tags.member.1.Value=no-key": "Tags.member.1.Value",
		"Action=Do&List=":                      "", // how botocore writes an empty list
		"Action=Do&List=x":                     "List",
		"Action=Do&X-Amz-Date=presigned":       "",
	} {
		f := form(t, body)
		f.List("List")
		f.Tags()
		err := f.Done()
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), "parameter "+want+" of Do")) {
			t.Errorf("%s: %v, want %q named", body, err, want)
		}
	}
	if _, err := ParseForm(httptest.NewRequest("POST", "/", strings.NewReader("%zz"))); err == nil {
		t.Error("a body that is no form was accepted")
	}
}

func TestQueryReadsItsInput(t *testing.T) {
	t.Parallel()
	type input struct {
		Name  string
		Count int
		List  []string
		Tags  map[string]string
	}
	s := QueryService{Prefix: "iam", Table: map[string]QueryOperation{
		"Do": Query(func(c Call, in input) (any, error) { return struct{ Read string }{fmt.Sprint(c.Account, in)}, nil }),
	}}
	for body, want := range map[string]string{
		"Action=Do&Name=a&Count=3&List.member.1=x&Tags.member.1.Key=k&Tags.member.1.Value=v": "<Read>1{a 3 [x] map[k:v]}</Read>",
		"Action=Do":              "<Read>1{ 0 [] map[]}</Read>",
		"Action=Do&Count=three":  "Count &#34;three&#34;: want a whole number",
		"Action=Do&Surprise=1":   "does not know the parameter Surprise of Do",
		"Action=Other&Version=1": "the local AWS has no operation iam:Other",
	} {
		w := httptest.NewRecorder()
		s.Serve(w, httptest.NewRequest("POST", "/", strings.NewReader(body)), Call{Account: "1"})
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %s, want %s", body, w.Body, want)
		}
	}
}

func TestWriteQuery(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	WriteQuery(w, "id", "urn:x", "Do", struct {
		Name  string
		Roles []string `xml:"Roles>member"`
	}{"a<b", []string{"r1", "r2"}})
	want := `<DoResponse xmlns="urn:x"><DoResult><Name>a&lt;b</Name><Roles><member>r1</member><member>r2</member></Roles></DoResult>` +
		`<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DoResponse>`
	if got := w.Body.String(); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	w = httptest.NewRecorder()
	WriteQuery(w, "id", "urn:x", "Do", nil)
	if got := w.Body.String(); got != `<DoResponse xmlns="urn:x"><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DoResponse>` {
		t.Error(got)
	}
}

func TestErrorsInBothProtocols(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err         error
		status      int
		query, json string
	}{
		"of the caller": {fmt.Errorf("wrapped: %w", Errorf(403, "AccessDenied", "no")), 403,
			"<Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message>", `"__type":"AccessDenied","message":"no"`},
		"of the service": {errors.New("broken"), 500,
			"<Type>Receiver</Type><Code>InternalFailure</Code><Message>broken</Message>", `"__type":"InternalFailure","message":"broken"`},
	} {
		w := httptest.NewRecorder()
		WriteQueryError(w, "id", "urn:x", test.err)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.query) {
			t.Errorf("%s: query: %d %s", name, w.Code, w.Body)
		}
		w = httptest.NewRecorder()
		WriteJSONError(w, test.err)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.json) {
			t.Errorf("%s: JSON: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestDecodeJSON(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"Name":"a"}`: "", ``: "", ` `: "",
		`{"Name":"a","Surprise":1}`: "Surprise", `{"Name":1}`: "SerializationException", `{"Name":"a"} {}`: "goes on", `{`: "SerializationException",
	} {
		var v struct{ Name string }
		err := DecodeJSON(strings.NewReader(body), &v)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", body, err, want)
		}
	}
}
