package cloudformation

import (
	"strings"
	"testing"
)

// Source: CloudFormation user guide, parameters-section-structure.
func TestConstraintsOfParameters(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ declaration, good, bad, want string }{
		"MinLength":             {`"Type":"String","MinLength":2`, "éé", "é", "Malformed input-Parameter P must contain at least 2 characters"},
		"MaxLength, as text":    {`"Type":"String","MaxLength":"2"`, "éé", "ééé", "Malformed input-Parameter P must contain at most 2 characters"},
		"MinValue":              {`"Type":"Number","MinValue":1.5`, "1.5", "1.49", "Malformed input-Parameter P must be a number not less than 1.5"},
		"MaxValue":              {`"Type":"Number","MaxValue":"10"`, "1e1", "10.01", "Malformed input-Parameter P must be a number not greater than 10"},
		"Number":                {`"Type":"Number"`, "-.5", "five", "Malformed input-Parameter P must be a number"},
		"a list of numbers":     {`"Type":"List<Number>","MaxValue":90`, "80, 20", "80,200", "Malformed input-Parameter P must be a number not greater than 90"},
		"AllowedValues":         {`"Type":"String","AllowedValues":["a",1]`, "1", "b", "Malformed input-Parameter P must be one of AllowedValues"},
		"AllowedPattern":        {`"Type":"String","AllowedPattern":"[A-Za-z0-9]+"`, "abc", "abc!", "Malformed input-Parameter P must match pattern [A-Za-z0-9]+"},
		"a list's pattern":      {`"Type":"CommaDelimitedList","AllowedPattern":"[a-z]"`, "a, b", "a,bc", "Malformed input-Parameter P must match pattern [a-z]"},
		"ConstraintDescription": {`"Type":"String","MaxLength":1,"ConstraintDescription":"must be short"`, "a", "ab", "Malformed input-Parameter P must be short"},
		"the quota":             {`"Type":"String"`, strings.Repeat("x", 4096), strings.Repeat("x", 4097), "Parameter 'P' has 4097 bytes; a parameter's value has at most 4096"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			template := `{"Parameters":{"P":{` + test.declaration + `}},"Resources":{"A":{"Type":"AWS::KMS::Key"}}}`
			equal(t, "status", f.deploy("Good", template, "Parameters.member.1.ParameterKey=P", "Parameters.member.1.ParameterValue="+test.good), "CREATE_COMPLETE")
			_, err := f.do(home, "CreateStack", "StackName=Bad", "TemplateBody="+template, "Parameters.member.1.ParameterKey=P", "Parameters.member.1.ParameterValue="+test.bad)
			wantError(t, err, test.want)
		})
	}
}

func TestDeclarationsThatAreRefused(t *testing.T) {
	t.Parallel()
	for declaration, want := range map[string]string{
		`"MaxLength":"many"`:               "[Parameters.P.MaxLength] must be a number",
		`"MinValue":[1]`:                   "[Parameters.P.MinValue] must be a number",
		`"AllowedPattern":"("`:             "Template format error: [Parameters.P.AllowedPattern]",
		`"AllowedPattern":"(?!aws)[a-z]+"`: "the local AWS does not carry out the regular expression at Parameters.P.AllowedPattern",
		`"AllowedPattern":"[a-z]{999}[a-z]{999}[a-z]{999}[a-z]{999}[a-z]{999}[a-z]{999}"`: "the local AWS does not carry out regular expressions of this size: Parameters.P.AllowedPattern",
		`"AllowedValues":[{}]`: "Every AllowedValues member must be a string. (Parameters.P)",
	} {
		_, err := newFake(t).request("ValidateTemplate", `{"Parameters":{"P":{"Type":"String",`+declaration+`}},"Resources":{"A":{"Type":"AWS::KMS::Key"}}}`)
		wantError(t, err, want)
	}
}
