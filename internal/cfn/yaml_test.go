package cfn

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The forms that hand-written templates have.
func TestYAMLForms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"document start":        {"---\na: b\n", `{"a":"b"}`},
		"document start, end":   {"# c\n---\na: b\n...\n", `{"a":"b"}`},
		"CRLF":                  {"a:\r\n  - !Ref b\r\n  - c\r\nd: |\r\n  x\r\n  y\r\n", `{"a":[{"Ref":"b"},"c"],"d":"x\ny\n"}`},
		"plain tag":             {"a: !Ref AWS::Region\n", `{"a":{"Ref":"AWS::Region"}}`},
		"tag with a comment":    {"a: !Ref b # c\n", `{"a":{"Ref":"b"}}`},
		"tag of quoted":         {"a: !Sub \"${b}: 'c'\"\n", `{"a":{"Fn::Sub":"${b}: 'c'"}}`},
		"tag of number":         {"a: !Sub 5\n", `{"a":{"Fn::Sub":"5"}}`},
		"tag of literal block":  {"a: !Sub |\n  x ${b}\n  y\nc: d\n", `{"a":{"Fn::Sub":"x ${b}\ny\n"},"c":"d"}`},
		"tag of folded block":   {"a: !Sub >-\n  x\n  ${b}\nc: d\n", `{"a":{"Fn::Sub":"x ${b}"},"c":"d"}`},
		"tag on its own line":   {"a:\n  !Sub x\nb: c\n", `{"a":{"Fn::Sub":"x"},"b":"c"}`},
		"tag of indented list":  {"a: !GetAtt\n  - b\n  - c\nd: e\n", `{"a":{"Fn::GetAtt":["b","c"]},"d":"e"}`},
		"tag of flush list":     {"x:\n  a: !Join\n  - ''\n  - [b, c]\n  d: e\n", `{"x":{"a":{"Fn::Join":["",["b","c"]]},"d":"e"}}`},
		"tag of mapping":        {"a: !Transform\n  Name: x\n  Parameters: {y: z}\n", `{"a":{"Fn::Transform":{"Name":"x","Parameters":{"y":"z"}}}}`},
		"tags in flow":          {"a: !If [c, !Ref b, !Ref 'AWS::NoValue']\n", `{"a":{"Fn::If":["c",{"Ref":"b"},{"Ref":"AWS::NoValue"}]}}`},
		"flow over lines":       {"a: !Join ['',\n  [x,\n   !Ref b, {c: !Ref d}\n  ]]\n", `{"a":{"Fn::Join":["",["x",{"Ref":"b"},{"c":{"Ref":"d"}}]]}}`},
		"tag in long form":      {"a:\n  Fn::Sub: !Ref b\n", `{"a":{"Fn::Sub":{"Ref":"b"}}}`},
		"long form, quoted":     {"a: {'Fn::If' : [c, 1, 2]}\n", `{"a":{"Fn::If":["c",1,2]}}`},
		"list of lists":         {"a: !If\n  - c\n  - - !Ref x\n    - y\n  - - z\n", `{"a":{"Fn::If":["c",[{"Ref":"x"},"y"],["z"]]}}`},
		"list of tagged maps":   {"a:\n  - !If\n    - c\n    - k: v\n      l: w\n    - !Ref AWS::NoValue\n", `{"a":[{"Fn::If":["c",{"k":"v","l":"w"},{"Ref":"AWS::NoValue"}]}]}`},
		"conditions":            {"a: !And\n  - !Condition b\n  - !Not [!Equals [!Ref c, '']]\n", `{"a":{"Fn::And":[{"Condition":"b"},{"Fn::Not":[{"Fn::Equals":[{"Ref":"c"},""]}]}]}}`},
		"new function":          {"a: !GetStackOutput\n  StackName: b\n  OutputName: c\n", `{"a":{"Fn::GetStackOutput":{"OutputName":"c","StackName":"b"}}}`},
		"ARNs with colons":      {"a: arn:aws:s3:::b/*\nc:\n  - s3:*\n  - 'kms:*'\n", `{"a":"arn:aws:s3:::b/*","c":["s3:*","kms:*"]}`},
		"keys with colons":      {"a:\n  aws:SecureTransport: false\n  'aws:x': \"y\"\n", `{"a":{"aws:SecureTransport":false,"aws:x":"y"}}`},
		"words of YAML 1.1":     {"a: yes\nb: off\nc: True\nd: null\ne: ~\nf:\n", `{"a":"yes","b":"off","c":true,"d":null,"e":null,"f":null}`},
		"dates and versions":    {"a: 2012-10-17\nb: 1.10\nc: 1.2.3\n", `{"a":"2012-10-17","b":1.10,"c":"1.2.3"}`},
		"JSON within YAML":      {"a: '{\"b\": [1]}'\nc: {\"d\": [\"e\", 1, true]}\n", `{"a":"{\"b\": [1]}","c":{"d":["e",1,true]}}`},
		"multi-line plain text": {"a: b\n  c\n\n  d\ne: f\n", `{"a":"b c\nd","e":"f"}`},
		"empty collections":     {"a: {}\nb: []\nc: ''\n", `{"a":{},"b":[],"c":""}`},
		"script with brackets":  {"a: !Sub |\n  if [[ -z \"${b}\" ]]; then echo {; fi\n", `{"a":{"Fn::Sub":"if [[ -z \"${b}\" ]]; then echo {; fi\n"}}`},
		"function, flow":        {"a: {Fn::Join: ['-', [b, c]]}\nd: {Fn::GetAtt: [E, Arn]}\n", `{"a":{"Fn::Join":["-",["b","c"]]},"d":{"Fn::GetAtt":["E","Arn"]}}`},
		"functions, nested":     {"a: {b: 'x::y', c: {d: {Fn::Sub: 'x-${AWS::Region}'}}}\n", `{"a":{"b":"x::y","c":{"d":{"Fn::Sub":"x-${AWS::Region}"}}}}`},
		"function, quoted key":  {"a: {\"Fn::If\":[c,{'Ref':d},!Ref e]}\n'Fn::If': [c, 1, 2]\n", `{"Fn::If":["c",1,2],"a":{"Fn::If":["c",{"Ref":"d"},{"Ref":"e"}]}}`},
		"tag of flow":           {"a: [!Sub [x, {y: !GetAtt b.c}], !Select [0, !GetAZs ''], {z: !Split [',', !Ref d]}]\n", `{"a":[{"Fn::Sub":["x",{"y":{"Fn::GetAtt":["b","c"]}}]},{"Fn::Select":[0,{"Fn::GetAZs":""}]},{"z":{"Fn::Split":[",",{"Ref":"d"}]}}]}`},
		"tags of nothing":       {"a: !GetAZs\nb: [!Base64 , c]\nd: {e: !Ref }\n", `{"a":{"Fn::GetAZs":""},"b":[{"Fn::Base64":""},"c"],"d":{"e":{"Ref":""}}}`},
		"tag and comment lines": {"a: !If # b\n  # c\n  - d\n  - 1\n  - 2\n", `{"a":{"Fn::If":["d",1,2]}}`},
		"dotted attribute":      {"a: !GetAtt b.c.d\n", `{"a":{"Fn::GetAtt":["b","c.d"]}}`},
		"all in flow":           {"{Resources: {A: {Type: 'AWS::S3::Bucket'}}}", `{"Resources":{"A":{"Type":"AWS::S3::Bucket"}}}`},
		"pair in a list":        {"a: [b: c, d]\n", `{"a":[{"b":"c"},"d"]}`},
		"keys without value":    {"a: {b, c: d}\n", `{"a":{"b":null,"c":"d"}}`},
		"keys of many kinds":    {"012345678901: a\n1: b\ntrue: c\n2012-10-17: d\n~: e\n", `{"012345678901":"a","1":"b","2012-10-17":"d","true":"c","~":"e"}`},
		"plain exclamation":     {"a: ! 5\nb: [! 'Ref': c]\n", `{"a":"5","b":[{"Ref":"c"}]}`},
		"standard tags":         {"a: !!str 5\nb: !!int 5\n", `{"a":"5","b":5}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document, err := Decode([]byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, encode(t, document.Value)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestKeysGivenTwiceAreListed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		duplicates []Duplicate
		value      string
	}{
		"a: 1\nb:\n  - {c: 2, 'c': 3}\na: 4\n":   {[]Duplicate{{"b[0].c", 3, 12, false}, {"a", 4, 1, false}}, `{"a":4,"b":[{"c":3}]}`},
		"名前: {値: x, 値: !Ref y}\n":                {[]Duplicate{{"名前.値", 1, 12, false}}, `{"名前":{"値":{"Ref":"y"}}}`},
		"{\"a\": 1,\n \"a\": {\"b\": 1}}":        {[]Duplicate{{"a", 2, 2, false}}, `{"a":{"b":1}}`},
		"a: {b: x}\na: {b: 'x'}\n":               {[]Duplicate{{"a", 2, 1, true}}, `{"a":{"b":"x"}}`},
		`{"a": {"b": 1, "b": 1}, "a": {"b": 1}}`: {[]Duplicate{{"a.b", 1, 16, true}, {"a", 1, 25, true}}, `{"a":{"b":1}}`},
		"a: {b: 1}\nb: {b: 1}\n":                 {nil, `{"a":{"b":1},"b":{"b":1}}`},
	} {
		document, err := Decode([]byte(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want.duplicates, document.Duplicates); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
		if diff := cmp.Diff(want.value, encode(t, document.Value)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// Text that nests without end is legal as a TemplateBody.
func TestTextNestedWithoutEndIsRefusedAtOnce(t *testing.T) {
	for _, text := range []string{"[", "{", "{a: ", "- ", "? ", "!x [", "a: [", `{"a":`, `{"a":[`, "[[],"} {
		text = strings.Repeat(text, (1<<20)/len(text))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Decode([]byte(text))
		runtime.ReadMemStats(&after)
		if err == nil || len(err.Error()) > 200 {
			t.Errorf("%.8s: %.300v", text, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 100<<20 {
			t.Errorf("%.8s: %d MB", text, used>>20)
		}
	}
}

func TestYAMLScriptsMayHaveManyOpenBrackets(t *testing.T) {
	t.Parallel()
	text := "a: |\n" + strings.Repeat("  case x) [ {\n", 300)
	if _, err := Decode([]byte(text)); err != nil {
		t.Error(err)
	}
}

func TestAccountIDsWithLeadingZeroKeepTheirText(t *testing.T) {
	t.Parallel()
	document, err := Decode([]byte("a: 012345670123\nb: 0x1F\nc: 000644\nd: 1_000\ne: 12\nf: -1.5\n012345670123: g\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"012345670123":"g","a":"012345670123","b":"0x1F","c":"000644","d":"1_000","e":12,"f":-1.5}`
	if diff := cmp.Diff(want, encode(t, document.Value)); diff != "" {
		t.Error(diff)
	}
}

func encode(t testing.TB, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
