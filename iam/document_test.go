package iam

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Source: IAM user guide, reference_policies_grammar.
func TestParseDocument(t *testing.T) {
	t.Parallel()
	got := parse(t, `{
		"Version": "2012-10-17", "Id": "x",
		"Statement": {
			"Sid": "One", "Effect": "Deny",
			"Principal": {"AWS": ["111122223333", "*"], "Service": "s3.amazonaws.com", "CanonicalUser": "c", "Federated": "f"},
			"Action": "s3:PutObject", "Resource": ["a", "b"],
			"Condition": {"Bool": {"aws:SecureTransport": false}, "NumericLessThan": {"s3:TlsVersion": 1.2}, "StringLike": {"aws:PrincipalTag/x": ["a", "b"]}}
		}}`)
	want := Document{Version: Version, ID: "x", Statement: []Statement{{
		Sid: "One", Effect: Deny,
		Principal: &Principal{AWS: Strings{"111122223333", "*"}, Service: Strings{"s3.amazonaws.com"}, CanonicalUser: Strings{"c"}, Federated: Strings{"f"}},
		Action:    Strings{"s3:PutObject"}, Resource: Strings{"a", "b"},
		Condition: Condition{"Bool": {"aws:SecureTransport": {"false"}}, "NumericLessThan": {"s3:TlsVersion": {"1.2"}}, "StringLike": {"aws:PrincipalTag/x": {"a", "b"}}},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Quotation marks are optional for numbers ("reference_policies_grammar"), and a
// YAML template has none around them.
func TestNumbersNeedNoQuotes(t *testing.T) {
	t.Parallel()
	got := parse(t, `{"Id":7,"Statement":{"Sid":1,"Effect":"Deny","Principal":{"AWS":[111122223333,"444455556666"]},"Action":"s3:*","Resource":"*"}}`)
	want := Document{ID: "7", Statement: []Statement{{
		Sid: "1", Effect: Deny, Principal: &Principal{AWS: Strings{"111122223333", "444455556666"}},
		Action: Strings{"s3:*"}, Resource: Strings{"*"},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseDocumentErrors(t *testing.T) {
	t.Parallel()
	statement := func(elements string) string { return `{"Version":"2012-10-17","Statement":[{` + elements + `}]}` }
	const rest = `"Effect":"Allow","Action":"s3:GetObject","Resource":"*"`
	for _, tt := range []struct{ name, text, want string }{
		{"no JSON", `{"Statement":`, "JSON not well-formed"},
		{"brackets without end", strings.Repeat("[", 1<<20), "nested deeper than 20"},
		{"empty", ``, "JSON not well-formed"},
		{"more after the value", statement(rest) + `{}`, "more follows"},
		{"key twice", statement(rest + `,"Resource":"x"`), "Statement[0].Resource is given twice"},
		{"list", `[]`, "want an object, have a list"},
		{"unknown element", `{"Statment":[]}`, "Statment: no such element"},
		{"unknown element of a statement", statement(rest + `,"Resources":"*"`), "Statement[0].Resources: no such element"},
		{"unknown version", `{"Version":"2012-10-18","Statement":{` + rest + `}}`, `Version: "2012-10-18"`},
		{"no statement", `{"Version":"2012-10-17"}`, "Statement: missing"},
		{"no statements", `{"Statement":[]}`, "Statement: empty"},
		{"statement is a string", `{"Statement":["x"]}`, "Statement[0]: want an object, have a string"},
		{"no effect", statement(`"Action":"*","Resource":"*"`), "Statement[0]: Effect is missing"},
		{"effect in another case", statement(`"Effect":"allow","Action":"*","Resource":"*"`), `Statement[0].Effect: "allow" is no effect`},
		{"both actions", statement(rest + `,"NotAction":"s3:*"`), "Statement[0]: has both Action and NotAction"},
		{"no action", statement(`"Effect":"Allow","Resource":"*"`), "neither Action nor NotAction"},
		{"both resources", statement(rest + `,"NotResource":"*"`), "has both Resource and NotResource"},
		{"both principals", statement(`"Effect":"Deny","Action":"*","Principal":"*","NotPrincipal":"*"`), "has both Principal and NotPrincipal"},
		{"action without service", statement(`"Effect":"Allow","Action":["s3:*","GetObject"],"Resource":"*"`), `Statement[0].Action[1]: "GetObject" is no action`},
		{"empty list", statement(`"Effect":"Allow","Action":[],"Resource":"*"`), "Statement[0].Action: the list is empty"},
		{"action is a number", statement(`"Effect":"Allow","Action":1,"Resource":"*"`), "Statement[0].Action: want a string, have a number"},
		{"resource is null", statement(`"Effect":"Allow","Action":"*","Resource":[null,"a"]`), "Statement[0].Resource[0]: want a string, have null"},
		{"variable in the Region", statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:kms:${aws:RequestedRegion}:*:key/*"`), "before the account"},
		{"variable in the partition and in the account", statement(`"Effect":"Allow","Action":"*","Resource":["*","arn:${aws:x}:iam::${aws:PrincipalAccount}:role/x"]`), "Statement[0].Resource[1]"},
		{"principal is an ARN", statement(rest + `,"Principal":"arn:aws:iam::111122223333:root"`), "Statement[0].Principal:"},
		{"principal of no known type", statement(rest + `,"Principal":{"Aws":"*"}`), "Statement[0].Principal.Aws: no such element"},
		{"principal names no one", statement(rest + `,"Principal":{}`), "names no principal"},
		{"wildcard in a principal", statement(rest + `,"Principal":{"AWS":"arn:aws:iam::*:role/x"}`), "Statement[0].Principal.AWS: "},
		{"group as a principal", statement(rest + `,"Principal":{"AWS":"arn:aws:iam::111122223333:group/x"}`), "Statement[0].Principal.AWS: "},
		{"every service", statement(rest + `,"Principal":{"Service":"*"}`), "Statement[0].Principal.Service: "},
		{"Allow with NotPrincipal", statement(rest + `,"NotPrincipal":{"AWS":"111122223333"}`), "Statement[0].NotPrincipal: "},
		{"unknown operator", statement(rest + `,"Condition":{"Nul":{"a":"true"}}`), "Statement[0].Condition.Nul: IAM has no such"},
		{"Null takes no IfExists", statement(rest + `,"Condition":{"NullIfExists":{"a":"true"}}`), "Statement[0].Condition.NullIfExists"},
		{"condition of a wrong type", statement(rest + `,"Condition":{"Bool":{"aws:SecureTransport":{"Ref":"x"}}}`), "Statement[0].Condition.Bool.aws:SecureTransport: want a string, boolean or number, have an object"},
		{"operator of a wrong type", statement(rest + `,"Condition":{"Bool":"true"}`), "Statement[0].Condition.Bool: want an object"},
		{"operator without keys", statement(rest + `,"Condition":{"Bool":{}}`), "Statement[0].Condition.Bool: names no condition key"},
		{"condition without values", statement(rest + `,"Condition":{"Bool":{"a":[]}}`), "Statement[0].Condition.Bool.a: the list is empty"},
		{"Bool of something else", statement(rest + `,"Condition":{"Bool":{"a":"yes"}}`), `"yes" is no value for Bool`},
		{"number that is none", statement(rest + `,"Condition":{"NumericEquals":{"a":["1","one"]}}`), `Statement[0].Condition.NumericEquals.a[1]: "one"`},
		{"ARN that is none", statement(rest + `,"Condition":{"ArnLike":{"a":"arn:aws:config:eu-west-1:111122223333"}}`), "is no value for ArnLike"},
		{"address that is none", statement(rest + `,"Condition":{"IpAddress":{"a":"203.0.113.0/33"}}`), "is no value for IpAddress"},
		{"date that is none", statement(rest + `,"Condition":{"DateLessThan":{"a":"tomorrow"}}`), "is no value for DateLessThan"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseDocument([]byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestParseDocumentReportsAllErrors(t *testing.T) {
	t.Parallel()
	_, err := ParseDocument([]byte(`{"Version":"1","Statement":[{"Effect":"Deny"},{"Action":"s3:*"}]}`))
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) || len(joined.Unwrap()) != 3 {
		t.Errorf("want three errors, got %v", err)
	}
}

const written = `{"Version":"2012-10-17","Id":"x","Statement":[` +
	`{"Sid":"A","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":["a","b"],` +
	`"Condition":{"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"a:x":["1","2"],"b:x":"3"}}},` +
	`{"Effect":"Deny","NotPrincipal":{"AWS":["1","2"],"Service":"s"},"NotAction":"s3:*","NotResource":"c"}]}`

func TestDocumentJSON(t *testing.T) {
	t.Parallel()
	d := parse(t, written)
	for range 20 { // map order must not show
		out, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(written, string(out)); diff != "" {
			t.Fatal(diff)
		}
	}
	var inside struct{ PolicyDocument Document }
	if err := json.Unmarshal([]byte(`{"PolicyDocument":`+written+`}`), &inside); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, inside.PolicyDocument); diff != "" {
		t.Error(diff)
	}
	if err := json.Unmarshal([]byte(`{"PolicyDocument":{"Statement":[{}]}}`), &inside); err == nil {
		t.Error("a bad document inside other JSON is accepted")
	}
}

func TestDocumentMap(t *testing.T) {
	t.Parallel()
	want := map[string]any{
		"Version": "2012-10-17", "Id": "x",
		"Statement": []any{
			map[string]any{
				"Sid": "A", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": []any{"a", "b"},
				"Condition": map[string]any{
					"Bool":         map[string]any{"aws:SecureTransport": "true"},
					"StringEquals": map[string]any{"a:x": []any{"1", "2"}, "b:x": "3"},
				},
			},
			map[string]any{"Effect": "Deny", "NotPrincipal": map[string]any{"AWS": []any{"1", "2"}, "Service": "s"}, "NotAction": "s3:*", "NotResource": "c"},
		},
	}
	if diff := cmp.Diff(want, parse(t, written).Map()); diff != "" {
		t.Error(diff)
	}
}

// FuzzParseDocument: what is read can be written, and reads the same again.
func FuzzParseDocument(f *testing.F) {
	f.Add([]byte(written))
	f.Add([]byte(`{"Statement":{"Effect":"Allow","Action":"*","Principal":{"AWS":"*"},"Condition":{"Null":{"a":true}}}}`))
	f.Add([]byte(`{"Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":"arn:aws:s3:::${aws:username, '}'}/*","Condition":{"NumericLessThan":{"a":1e2}}}]}`))
	f.Add([]byte(`[[[{"a":`))
	f.Add([]byte(`{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := ParseDocument(data)
		if err != nil {
			return
		}
		out, err := json.Marshal(d)
		if err != nil {
			t.Fatalf("what was read can't be written: %v", err)
		}
		again, err := ParseDocument(out)
		if err != nil {
			t.Fatalf("what was written can't be read: %v\n%s", err, out)
		}
		if diff := cmp.Diff(d, again); diff != "" {
			t.Fatal(diff)
		}
		mapped, err := json.Marshal(d.Map())
		if err != nil {
			t.Fatal(err)
		}
		if again, err = ParseDocument(mapped); err != nil || !cmp.Equal(d, again) {
			t.Fatalf("Map differs: %v\n%s\n%s", err, out, mapped)
		}
		p := Policies{Identity: []Source{{"i", d}}, Resource: &Source{"r", d}, PublicAccess: &PublicAccessBlock{RestrictPublicBuckets: true}}
		for _, c := range []Caller{alice, mallory, deliveries, Anonymous()} {
			if Evaluate(put(c), p).Explain() == "" {
				t.Fatal("no explanation")
			}
		}
	})
}

// Source: IAM user guide, reference_policies_elements_sid.
func TestDuplicateSid(t *testing.T) {
	t.Parallel()
	statement := func(sid string) string {
		return `{` + sid + `"Effect":"Allow","Action":"kms:*","Resource":"*"}`
	}
	for name, tt := range map[string]struct {
		sids []string
		want string
	}{
		"all differ":  {[]string{`"Sid":"A",`, `"Sid":"B",`, `"Sid":"a",`}, ""},
		"none at all": {[]string{``, ``, `"Sid":"",`}, ""},
		"one twice":   {[]string{`"Sid":"A",`, `"Sid":"B",`, `"Sid":"B",`}, "B"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all []string
			for _, sid := range tt.sids {
				all = append(all, statement(sid))
			}
			d, err := ParseDocument([]byte(`{"Statement":[` + strings.Join(all, ",") + `]}`))
			if err != nil {
				t.Fatal(err)
			}
			if got := d.DuplicateSid(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
