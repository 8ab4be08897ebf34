package cloudformation

import (
	"os"
	"testing"

	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

func testScope(t *testing.T, template string) *scope {
	t.Helper()
	parsed, err := parseTemplate(template)
	if err != nil {
		t.Fatal(err)
	}
	x := &scope{template: parsed, pseudo: pseudoParameters(home, "eu-west-1", "id", "S"), parameters: map[string]parameter{
		"P": {resolved: "p"}, "L": {resolved: "a,b", list: true},
	}}
	if err := x.evaluateConditions(); err != nil {
		t.Fatal(err)
	}
	x.resource = func(string) (api.Resource, error) {
		return api.Resource{PhysicalID: "phys", Attributes: map[string]string{"Arn": "arn:phys", "Nested.Attr": "deep"}}, nil
	}
	x.imported = func(name string) (string, error) { return "imported " + name, nil }
	return x
}

// value is what the property Value of the resource A is.
func (x *scope) value() (any, error) {
	v, err := x.evaluator().Resolve(x.template.Resources["A"].RawProperties["Value"], cfn.Root("Value"))
	return v, refusal(err)
}

func TestIntrinsicFunctions(t *testing.T) {
	t.Parallel()
	const template = `{"Mappings":{"M":{"eu-west-1":{"k":"mapped"}}},
		"Conditions":{"Yes":{"Fn::Equals":[{"Ref":"AWS::Region"},"eu-west-1"]},"No":{"Fn::Not":[{"Condition":"Yes"}]}},
		"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"Value":%s}}}}`
	tests := map[string]struct{ in, want string }{
		"parameter":          {`{"Ref":"P"}`, `"p"`},
		"list parameter":     {`{"Ref":"L"}`, `["a","b"]`},
		"pseudo parameter":   {`{"Ref":"AWS::AccountId"}`, `"111111111111"`},
		"resource":           {`{"Ref":"A"}`, `"phys"`},
		"attribute":          {`{"Fn::GetAtt":["A","Arn"]}`, `"arn:phys"`},
		"dotted attribute":   {`{"Fn::GetAtt":"A.Nested.Attr"}`, `"deep"`},
		"sub":                {`{"Fn::Sub":"${P}-${A.Arn}-${!Keep}-$x-${AWS::Region}"}`, `"p-arn:phys-${Keep}-$x-eu-west-1"`},
		"sub with map":       {`{"Fn::Sub":["${P}${X}",{"X":{"Ref":"P"},"P":"own"}]}`, `"ownp"`},
		"join":               {`{"Fn::Join":["-",[{"Ref":"P"},1,"x"]]}`, `"p-1-x"`},
		"join a list":        {`{"Fn::Join":["-",{"Ref":"L"}]}`, `"a-b"`},
		"select and split":   {`{"Fn::Select":["1",{"Fn::Split":[":","a:b"]}]}`, `"b"`},
		"if":                 {`{"Fn::If":["Yes","y",{"Ref":"Missing"}]}`, `"y"`},
		"no value":           {`{"a":{"Fn::If":["No","x",{"Ref":"AWS::NoValue"}]},"l":[{"Ref":"AWS::NoValue"},1]}`, `{"l":[1]}`},
		"map":                {`{"Fn::FindInMap":["M",{"Ref":"AWS::Region"},"k"]}`, `"mapped"`},
		"base64":             {`{"Fn::Base64":"x"}`, `"eA=="`},
		"zones":              {`{"Fn::GetAZs":""}`, `["eu-west-1a","eu-west-1b","eu-west-1c"]`},
		"import":             {`{"Fn::ImportValue":{"Fn::Sub":"n-${P}"}}`, `"imported n-p"`},
		"length":             {`{"Fn::Length":{"Ref":"L"}}`, `2`},
		"JSON":               {`{"Fn::ToJsonString":{"b":{"Ref":"P"},"a":["<"]}}`, `"{\"a\":[\"<\"],\"b\":\"p\"}"`},
		"policy condition":   {`{"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`, `{"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`},
		"big numbers":        {`123456789012345678`, `123456789012345678`},
		"and, or":            {`[{"Fn::And":[{"Condition":"Yes"},{"Condition":"No"}]},{"Fn::Or":[{"Condition":"Yes"},{"Condition":"No"}]}]`, `[false,true]`},
		"equals of a number": {`{"Fn::Equals":[1,"1"]}`, `true`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := testScope(t, replaceValue(template, test.in))
			v, err := x.value()
			if err != nil {
				t.Fatal(err)
			}
			equal(t, test.in, string(cfn.JSON(v)), test.want)
		})
	}
}

func TestIntrinsicFunctionsThatFail(t *testing.T) {
	t.Parallel()
	const template = `{"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"Value":%s}}}}`
	for in, want := range map[string]string{
		`{"Fn::GetAtt":["A","Nope"]}`:         "Requested attribute Nope does not exist",
		`{"Fn::Select":["2",["a"]]}`:          "Value.Fn::Select: no element 2 in a list of 1",
		`{"Fn::If":["Nope",1,2]}`:             "Nope",
		`{"Fn::FindInMap":["M","a","b"]}`:     "Unable to get mapping for M::a::b",
		`{"Fn::Join":[",","text"]}`:           "Value.Fn::Join[1]: must be a list",
		`{"Fn::Nope":1}`:                      "Fn::Nope",
		`"{{resolve:ssm:x}}"`:                 "a dynamic reference",
		`{"Ref":["A"]}`:                       "Value.Ref: must be a string",
		`{"Fn::GetStackOutput":{"Name":"x"}}`: "Fn::GetStackOutput",
	} {
		x := testScope(t, replaceValue(template, in))
		_, err := x.value()
		wantError(t, err, want)
	}
}

// An ARN that isn't known yet has all the parts that the template asks for.
func TestPartsOfWhatIsNotYetKnown(t *testing.T) {
	t.Parallel()
	const template = `{"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"Value":%s}},"B":{"Type":"AWS::KMS::Key"}}}`
	for in, want := range map[string]string{
		`{"Fn::Select":[0,{"Fn::Split":[":",{"Fn::GetAtt":["B","Arn"]}]}]}`:                         notYetKnown,
		`{"Fn::Select":["5",{"Fn::Split":[":",{"Fn::GetAtt":["B","Arn"]}]}]}`:                       notYetKnown,
		`{"Fn::Select":[1,{"Fn::Split":["/",{"Fn::Select":[5,{"Fn::Split":[":",{"Ref":"B"}]}]}]}]}`: notYetKnown,
		`{"Fn::Join":["-",{"Fn::Split":[":",{"Ref":"B"}]}]}`:                                        notYetKnown,
	} {
		x := testScope(t, replaceValue(template, in))
		x.resource = func(string) (api.Resource, error) { return api.Resource{PhysicalID: notYetKnown}, nil }
		v, err := x.value()
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		equal(t, in, string(cfn.JSON(v)), `"`+want+`"`)
	}
}

func replaceValue(template, value string) string {
	out := ""
	for i := 0; i < len(template); i++ {
		if template[i] == '%' {
			out += value
			i++
			continue
		}
		out += string(template[i])
	}
	return out
}

func TestYAMLWithShortForms(t *testing.T) {
	t.Parallel()
	parsed, err := parseTemplate(`
AWSTemplateFormatVersion: 2010-09-09
Resources:
  A:
    Type: AWS::S3::Bucket
    DependsOn: [B]
    Properties:
      Name: !Sub "${Prefix}-x"
      Arn: !GetAtt B.Arn
      If: !If [Cond, !Ref B, !Ref "AWS::NoValue"]
      Version: 2012-10-17
      Account: 012345678901
      "Null":
        key: true
      Number: 30
      Text: |
        two
        lines
      Empty: {}
      Nothing:
  B:
    Type: AWS::KMS::Key
`)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "properties", string(cfn.JSON(parsed.Resources["A"].RawProperties)),
		`{"Account":"012345678901","Arn":{"Fn::GetAtt":["B","Arn"]},"Empty":{},"If":{"Fn::If":["Cond",{"Ref":"B"},{"Ref":"AWS::NoValue"}]},`+
			`"Name":{"Fn::Sub":"${Prefix}-x"},"Nothing":null,"Null":{"key":true},"Number":30,"Text":"two\nlines\n","Version":"2012-10-17"}`)
}

// The CDK's bootstrap template is the largest that every user deploys. It is
// read from the CLI when that is installed.
func TestTheBootstrapTemplateParses(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile("../../../node_modules/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml")
	if err != nil {
		t.Skip("the CDK CLI is not installed: npm ci")
	}
	parsed, err := parseTemplate(string(body))
	if err != nil {
		t.Fatal(err)
	}
	x := &scope{template: parsed, pseudo: pseudoParameters(home, "eu-west-1", "id", "CDKToolkit")}
	f := newFake(t)
	if x.parameters, err = f.parametersOf(caller(home), parsed, nil); err != nil {
		t.Fatal(err)
	}
	if err := x.evaluateConditions(); err != nil {
		t.Fatal(err)
	}
	dependencies, err := x.dependencies()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := order(dependencies); err != nil {
		t.Fatal(err)
	}
	equal(t, "resources", len(dependencies) > 10, true)
}
