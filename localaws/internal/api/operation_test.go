package api

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"
)

type pathInput struct {
	Name   string
	Count  *int
	Deep   []struct{ Words []string }
	Map    map[string]string
	When   *Timestamp
	Values []float64
}

type pathOutput struct {
	pathInner
	Got  string
	When Timestamp
	List []string          `json:",omitempty"`
	Map  map[string]string `json:",omitempty"`
}

type pathInner struct{ Ratio float64 }

func pathService() ProtocolService {
	return ProtocolService{
		Prefix: "acme", Namespace: "http://acme/", Target: "Acme_1", QueryCodes: map[string]string{"Bad": "Older"},
		Table: map[string]Operation{"Do": Op(func(_ Call, in pathInput) (pathOutput, error) {
			if in.Name == "bad" {
				return pathOutput{}, Errorf(400, "Bad", "no")
			}
			out := pathOutput{pathInner: pathInner{0.5}, Got: in.Name, Map: in.Map, When: Timestamp{time.UnixMilli(1500).UTC()}}
			if in.Count != nil {
				out.Got += strings.Repeat("+", *in.Count)
			}
			for _, d := range in.Deep {
				out.List = append(out.List, d.Words...)
			}
			if in.When != nil {
				out.When = *in.When
			}
			return out, nil
		})},
	}
}

func ask(body []byte, path string, headers ...string) (*httptest.ResponseRecorder, string) {
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	pathService().Serve(w, r, Call{RequestID: "id"})
	return w, w.Body.String()
}

const cborPath = "/service/Acme_1/operation/Do"

func askCBOR(t *testing.T, v any, path string) (int, map[string]any) {
	t.Helper()
	body, err := cbor.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	w, text := ask(body, path, "Smithy-Protocol", "rpc-v2-cbor")
	var out map[string]any
	if err := cborReader.Unmarshal([]byte(text), &out); err != nil || w.Header().Get("Smithy-Protocol") != "rpc-v2-cbor" {
		t.Fatal(err, w.Header())
	}
	return w.Code, out
}

// TestOneOperationInEveryProtocol: the same input has the same output.
func TestOneOperationInEveryProtocol(t *testing.T) {
	t.Parallel()
	_, text := ask([]byte("Action=Do&Version=1&Name=a&Count=2&Deep.member.1.Words.member.1=x&Deep.member.2.Words.member.1=y&Map.entry.1.key=k&Map.entry.1.value=v&When=2026-05-01T12:00:00Z&Values="), "/")
	want := `<DoResponse xmlns="http://acme/"><DoResult><Ratio>0.5</Ratio><Got>a++</Got><When>2026-05-01T12:00:00.000Z</When><List><member>x</member><member>y</member></List>` +
		`<Map><entry><key>k</key><value>v</value></entry></Map></DoResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DoResponse>`
	if text != want {
		t.Errorf("query:\n%s, want\n%s", text, want)
	}
	w, text := ask([]byte(`{"Name":"a","Count":2,"Deep":[{"Words":["x"]},{"Words":["y"]}],"Map":{"k":"v"},"When":1777636800}`), "/", "X-Amz-Target", "Acme_1.Do")
	if want := `{"Ratio":0.5,"Got":"a++","When":1777636800,"List":["x","y"],"Map":{"k":"v"}}` + "\n"; text != want || w.Header().Get("Content-Type") != "application/x-amz-json-1.0" {
		t.Errorf("JSON: %s %v", text, w.Header())
	}
	_, out := askCBOR(t, map[string]any{
		"Name": "a", "Count": 2, "Deep": []any{map[string]any{"Words": []string{"x"}}, map[string]any{"Words": []string{"y"}}}, "Map": map[string]string{"k": "v"},
		"When": cbor.Tag{Number: 1, Content: 1777636800.25},
	}, cborPath)
	if diff := cmp.Diff(map[string]any{
		"Ratio": 0.5, "Got": "a++", "When": time.Date(2026, 5, 1, 12, 0, 0, 250_000_000, time.UTC), "List": []any{"x", "y"}, "Map": map[string]any{"k": "v"},
	}, out, cmp.Transformer("utc", time.Time.UTC)); diff != "" {
		t.Error(diff)
	}
}

func TestPackedRequests(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(`{"Name":"` + strings.Repeat("x", 10) + `"}`))
	z.Close()
	if _, text := ask(packed.Bytes(), "/", "X-Amz-Target", "Acme_1.Do", "Content-Encoding", "gzip"); !strings.Contains(text, "xxxxxxxxxx") {
		t.Error(text)
	}
	packed.Reset()
	z = gzip.NewWriter(&packed)
	z.Write(bytes.Repeat([]byte(" "), maxProtocolRequest+1))
	z.Close()
	for encoding, want := range map[string]string{"gzip": "too large", "br": "br"} {
		if w, text := ask(packed.Bytes(), "/", "X-Amz-Target", "Acme_1.Do", "Content-Encoding", encoding); w.Code < 400 || w.Code == 500 || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s", encoding, w.Code, text)
		}
	}
}

// TestErrorsInEveryProtocol: what is wrong is named, and the code is that of the
// protocol.
func TestErrorsInEveryProtocol(t *testing.T) {
	t.Parallel()
	for form, want := range map[string]string{
		"Action=Fly":           "acme:Fly",
		"Action=Do&Name=bad":   "<Code>Older</Code>",
		"Action=Do&Colour=red": "Colour",
		"Action=Do&Deep.member.1000000000.Words.member.1=x":      "gap",
		"Action=Do&Deep.member.1=x&Deep.member.1.Words.member=y": "contradicts",
		"Action=Do&Count=two":                           "SerializationException",
		"Action=Do&Map.entry.1.key=k":                   "gap",
		"Action=Do&" + strings.Repeat("a.", 20) + "b=c": "a.a.a",
	} {
		if w, text := ask([]byte(form), "/"); w.Code != 400 || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s, want %s", form, w.Code, text, want)
		}
	}
	w, text := ask([]byte(`{"Name":"bad"}`), "/", "X-Amz-Target", "Acme_1.Do")
	if w.Code != 400 || !strings.Contains(text, `"__type":"Bad"`) || w.Header().Get("X-Amzn-Query-Error") != "Older;Sender" {
		t.Errorf("%d %s %v", w.Code, text, w.Header())
	}
	for path, test := range map[string]struct {
		in   any
		want string
	}{
		cborPath:                        {map[string]string{"Name": "bad"}, "Bad"},
		cborPath + "?a":                 {map[string]string{"Colour": "red"}, "ValidationException"},
		cborPath + "?b":                 {"text", "SerializationException"},
		cborPath + "?c":                 {map[string]any{"When": cbor.Tag{Number: 1, Content: 1e300}}, "SerializationException"},
		"/service/Acme_1/operation/Fly": {map[string]string{}, "UnknownOperationException"},
		"/service/Other/operation/Do":   {map[string]string{}, "UnknownOperationException"},
	} {
		if status, out := askCBOR(t, test.in, path); status != 400 || out["__type"] != test.want {
			t.Errorf("%s: %d %v, want %s", path, status, out, test.want)
		}
	}
}
