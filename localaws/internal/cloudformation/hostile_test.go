package cloudformation

import (
	"fmt"
	"strconv"
	"strings"
)

// hostile are templates of at most maxBody bytes that are made to take much time
// or memory.
var hostile = map[string]string{
	"a deep list":                       strings.Repeat("[", maxBody),
	"a deep YAML list":                  strings.Repeat("- ", maxBody/2),
	"deep YAML mappings":                deepMappings(),
	"deep flow mappings":                "a: " + strings.Repeat("{a: ", maxBody/4-1),
	"a billion laughs":                  "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nResources: [*c,*c]\n",
	"complex keys":                      strings.Repeat("? ", maxBody/2),
	"comments":                          strings.Repeat("#\n", maxBody/2),
	"open quotes":                       "a: \"" + strings.Repeat("\\u0041", maxBody/6-1),
	"equal keys below a long one":       `{"` + strings.Repeat("k", maxBody/2) + `":{` + strings.Repeat(`"a":1,`, maxBody/12-3) + `"a":1}}`,
	"equal YAML keys below a long one":  strings.Repeat("k", maxBody/2) + ":\n" + strings.Repeat(" a: 1\n", maxBody/12-3),
	"wrong names":                       inResources(fill(`"%d-":{"Type":"T"},`, 0)),
	"unknown attributes of a long name": inResources(`"` + strings.Repeat("k", maxBody/2-100) + `":{` + fill(`"a%d":1,`, maxBody/2) + `"Type":"AWS::KMS::Key"}`),
	"resources":                         inResources(fill(`"A%d":{"Type":"AWS::KMS::Key"},`, 0)),
	"many sections":                     `{` + fill(`"S%d":1,`, 0) + `"Resources":{}}`,
	"many outputs":                      `{"Resources":{"A":{"Type":"AWS::KMS::Key"}},"Outputs":{` + strings.TrimSuffix(fill(`"O%d":{"Value":"v"},`, 200), ",") + `}}`,
	"many parameters":                   `{"Resources":{"A":{"Type":"AWS::KMS::Key"}},"Parameters":{` + strings.TrimSuffix(fill(`"O%d":{"Type":"String"},`, 200), ",") + `}}`,
	"nested Fn::Sub":                    inProperties(fillWith(nestedSub(14), 0)),
	"one deep Fn::Sub":                  inProperties(`"V":` + nestedSub(60)),
	"nested Fn::Join":                   inProperties(`"V":` + nested(`{"Fn::Join":["",["%s","%s"]]}`, 10)),
	"joins of a long text":              `{"Mappings":{"M":{"a":{"b":"` + strings.Repeat("x", 20_000) + `"}}},"Resources":{` + amplified(700, `{"Fn::FindInMap":["M","a","b"]}`) + `}}`,
	"a long list again and again":       `{"Mappings":{"M":{"a":{"b":[` + strings.Repeat("1,", 10_000) + `1]}}},"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"V":[` + strings.TrimSuffix(fill(`{"Fn::FindInMap":["M","a","b"]},`, 21_000), ",") + `]}}}}`,
	"a split text again and again":      `{"Mappings":{"M":{"a":{"b":"` + strings.Repeat(",", 20_000) + `"}}},"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"V":[` + strings.TrimSuffix(fill(`{"Fn::Split":[",",{"Fn::FindInMap":["M","a","b"]}]},`, 21_000), ",") + `]}}}}`,
	"a list parameter again and again":  `{"Parameters":{"P":{"Type":"CommaDelimitedList","Default":"` + strings.Repeat(",", 4_000) + `"}},"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"V":[` + strings.TrimSuffix(fill(`{"Ref":"P"},`, 5_000), ",") + `]}}}}`,
	"escapes of escapes":                inProperties(`"V":` + strings.Repeat(`{"Fn::ToJsonString":[`, 80) + `"\\\"\\\""` + strings.Repeat(`]}`, 80)),
	"base64 of base64":                  inProperties(`"V":` + strings.Repeat(`{"Fn::Base64":`, 90) + `"xxxxxxxxxxxxxxxxxxxx"` + strings.Repeat(`}`, 90)),
	"conditions on one another":         conditions(),
	"conditions asked by all":           conditionsAskedByAll(),
	"a graph of DependsOn":              dependsOn(),
	"a long cycle":                      cycle(),
	"a large pattern":                   parameters(`"AllowedPattern":"`+strings.Repeat("a{1000}", 50)+`"`, 100),
	"a slow pattern":                    parameters(`"AllowedPattern":"(x?){1000}(x?){1000}y","Default":"`+strings.Repeat("x", 200)+`"`, 150),
	"one slow pattern":                  parameters(`"AllowedPattern":"`+strings.Repeat("(x?x?){1000}", 500)+`y","Default":"`+strings.Repeat("x", 4096)+`"`, 1),
	"the slowest pattern":               parameters(`"AllowedPattern":"(x?x?){1000}y","Default":"`+strings.Repeat("x", 4096)+`"`, 1),
	"a nested stack of itself":          `{"Resources":{"N":{"Type":"AWS::CloudFormation::Stack","Properties":{"TemplateURL":"https://s3.amazonaws.com/b/itself"}}}}`,
	"exponents":                         inProperties(fill(`"n%d":1e999999999,`, 0) + `"z":1`),
	"GetAZs":                            inProperties(fill(`"n%d":{"Fn::GetAZs":"eu-west-1"},`, 0) + `"z":1`),
}

// fill repeats a pattern with a number until maxBody is nearly reached.
func fill(pattern string, taken int) string {
	var b strings.Builder
	for i := 0; b.Len()+len(pattern)+8 < maxBody-taken-200; i++ {
		b.WriteString(strings.Replace(pattern, "%d", strconv.Itoa(i), 1))
	}
	return b.String()
}

func fillWith(value string, taken int) string {
	return strings.TrimSuffix(fill(`"v%d":`+value+`,`, taken), ",")
}

func inResources(entries string) string {
	return `{"Resources":{` + strings.TrimSuffix(entries, ",") + `}}`
}

func inProperties(properties string) string {
	return inResources(`"A":{"Type":"AWS::KMS::Key","Properties":{` + properties + `}}`)
}

func parameters(attributes string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"P%d":{"Type":"String",%s},`, i, attributes)
	}
	return `{"Resources":{"A":{"Type":"AWS::KMS::Key"}},"Parameters":{` + strings.TrimSuffix(b.String(), ",") + `}}`
}

func deepMappings() string {
	var b strings.Builder
	for i := range 300 {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func nestedSub(depth int) string {
	v := `"x"`
	for range depth {
		v = `{"Fn::Sub":["${a}${a}",{"a":` + v + `}]}`
	}
	return v
}

func nested(pattern string, depth int) string {
	v := "x"
	for range depth {
		v = fmt.Sprintf(pattern, v, v)
		if len(v) > maxBody/2 {
			break
		}
	}
	return strings.ReplaceAll(strings.ReplaceAll(v, `"{`, `{`), `}"`, `}`)
}

// amplified are resources that each make a megabyte of text out of a few bytes.
func amplified(bytes int, value string) string {
	var b strings.Builder
	one := `{"Fn::Join":["",[` + strings.TrimSuffix(strings.Repeat(value+",", bytes/len(value)), ",") + `]]}`
	for i := 0; b.Len()+len(one) < maxBody-20_300; i++ {
		fmt.Fprintf(&b, `"A%d":{"Type":"AWS::KMS::Key","Properties":{"V":%s}},`, i, one)
	}
	return strings.TrimSuffix(b.String(), ",")
}

func conditions() string {
	var b strings.Builder
	b.WriteString(`"C0":{"Fn::Equals":["a","a"]}`)
	for i := 1; b.Len() < maxBody-1000; i++ {
		fmt.Fprintf(&b, `,"C%d":{"Fn::And":[%s{"Condition":"C%d"}]}`, i, strings.Repeat(fmt.Sprintf(`{"Condition":"C%d"},`, i-1), 9), i-1)
	}
	return `{"Conditions":{` + b.String() + `},"Resources":{"A":{"Type":"AWS::KMS::Key"}}}`
}

func conditionsAskedByAll() string {
	var b, r strings.Builder
	b.WriteString(`"C0":{"Fn::Equals":["a","a"]}`)
	for i := 1; i < 90; i++ {
		fmt.Fprintf(&b, `,"C%d":{"Fn::And":[%s{"Condition":"C%d"}]}`, i, strings.Repeat(fmt.Sprintf(`{"Condition":"C%d"},`, i-1), 9), i-1)
	}
	for i := 0; b.Len()+r.Len() < maxBody-400; i++ {
		fmt.Fprintf(&r, `"A%d":{"Type":"AWS::KMS::Key","Properties":{"V":{"Fn::If":["C89","a","b"]}}},`, i)
	}
	return `{"Conditions":{` + b.String() + `},"Resources":{` + strings.TrimSuffix(r.String(), ",") + `}}`
}

func dependsOn() string {
	var b strings.Builder
	for i := 0; b.Len() < maxBody-2_000 && i < 500; i++ {
		fmt.Fprintf(&b, `"A%d":{"Type":"AWS::KMS::Key","DependsOn":[`, i)
		for j := max(0, i-60); j < i; j++ {
			b.WriteString(`"A` + strconv.Itoa(j) + `",`)
		}
		b.WriteString(`"Z"]},`)
	}
	return inResources(b.String() + `"Z":{"Type":"AWS::KMS::Key"}`)
}

func cycle() string {
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, `"A%d":{"Type":"AWS::KMS::Key","DependsOn":["A%d"]},`, i, (i+1)%500)
	}
	return inResources(b.String())
}
