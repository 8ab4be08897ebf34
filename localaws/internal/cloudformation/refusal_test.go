package cloudformation

import (
	"fmt"
	"strings"
	"testing"
)

func TestTemplatesThatAreRefusedBeforeAnythingIsMade(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ template, want string }{
		"unknown type": {
			`{"Resources":{"A":{"Type":"AWS::KMS::Key"},"B":{"Type":"AWS::EC2::VPC"}}}`,
			"Unrecognized resource types: [AWS::EC2::VPC (B)]",
		},
		"cycle": {
			`{"Resources":{
				"A":{"Type":"AWS::KMS::Key","Properties":{"Value":{"Ref":"B"}}},
				"B":{"Type":"AWS::KMS::Key","DependsOn":"A"},
				"C":{"Type":"AWS::KMS::Key","DependsOn":"B"},
				"D":{"Type":"AWS::KMS::Key"}}}`,
			"ValidationError: Circular dependency between resources: [A, B]",
		},
		"reference to nothing": {
			`{"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"Value":{"Fn::Sub":"${X.Arn}"}}}}}`,
			"Unresolved resource dependencies [X]",
		},
		"reference to a resource that its condition leaves out": {
			`{"Conditions":{"No":{"Fn::Equals":["a","b"]}},"Resources":{
				"A":{"Type":"AWS::KMS::Key","Condition":"No"},"B":{"Type":"AWS::KMS::Key","Properties":{"Value":{"Ref":"A"}}}}}`,
			"Unresolved resource dependencies [A]",
		},
		"unknown function": {
			`{"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"Value":{"Fn::Cidr":["10.0.0.0/8",1,1]}}}}}`,
			"does not carry out what is at Resources.A.Properties.Value.Fn::Cidr",
		},
		"transform":          {`{"Transform":"AWS::Serverless-2016-10-31","Resources":{"A":{"Type":"AWS::KMS::Key"}}}`, "Transform"},
		"unknown section":    {`{"Resource":{"A":{"Type":"AWS::KMS::Key"}}}`, "ValidationError: Invalid template property or properties [Resource]"},
		"update policy":      {`{"Resources":{"A":{"Type":"AWS::KMS::Key","UpdatePolicy":{}}}}`, "Resources.A.UpdatePolicy"},
		"snapshot":           {`{"Resources":{"A":{"Type":"AWS::KMS::Key","DeletionPolicy":"Snapshot"}}}`, "Snapshot"},
		"missing parameter":  {`{"Parameters":{"P":{"Type":"String"}},"Resources":{"A":{"Type":"AWS::KMS::Key"}}}`, "Parameters: [P] must have values"},
		"IAM role":           {`{"Resources":{"A":{"Type":"AWS::IAM::Role"}}}`, "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]"},
		"named IAM role":     {`{"Resources":{"A":{"Type":"AWS::IAM::Role","Properties":{"RoleName":"r"}}}}`, "[CAPABILITY_NAMED_IAM]"},
		"no resources":       {`{"Resources":{}}`, "At least one Resources member"},
		"broken JSON":        {`{"Resources":`, "JSON not well-formed"},
		"broken YAML":        {"Resources: [", "YAML not well-formed"},
		"a key twice":        {"Resources:\n  A:\n    Type: AWS::KMS::Key\n    Type: AWS::KMS::Alias\n", "Resources.A.Type is given twice, again at line 4, column 5"},
		"two keys twice":     {"Description: a\nDescription: b\nResources:\n  A:\n    Type: AWS::KMS::Key\n    Type: AWS::KMS::Alias\n", "Description is given twice, again at line 2, column 1; keep one; Resources.A.Type is given twice, again at line 6, column 5"},
		"a JSON key twice":   {`{"Resources":{"A":{"Type":"AWS::KMS::Key","Type":"AWS::KMS::Alias"}}}`, "Resources.A.Type is given twice, again at line 1, column 43"},
		"function in output": {`{"Resources":{"A":{"Type":"AWS::KMS::Key"}},"Outputs":{"O":{"Value":{"Fn::Nope":1}}}}`, "Outputs.O.Value.Fn::Nope"},
		"the first of wrong outputs": {
			`{"Resources":{"A":{"Type":"AWS::KMS::Key"}},"Outputs":{"D":{"Value":{"Ref":"d"}},"C":{"Value":{"Ref":"c"}},"B":{"Value":{"Ref":"b"}},"A":{"Value":{"Ref":"a"}}}}`,
			"Unresolved resource dependencies [a]",
		},
		"Ref of a list": {`{"Resources":{"A":{"Type":"AWS::KMS::Key"}},"Outputs":{"O":{"Value":{"Ref":["A"]}}}}`, "Outputs.O.Value.Ref: needs the name"},
		"wrong operand": {
			`{"Conditions":{"C":{"Fn::Or":[{"Fn::Equals":["a","a"]},{"Fn::Equals":["a"]}]}},"Resources":{"A":{"Type":"AWS::KMS::Key"}}}`,
			"Conditions.C.Fn::Or[1].Fn::Equals: needs a list of two values",
		},
		"brackets, no end":    {strings.Repeat("[", 51_000), "nested deeper than 200"},
		"objects, no end":     {`{"Resources":` + strings.Repeat(`{"a":`, 10_000), "nested deeper than 200"},
		"null":                {`{"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"Value":null}}}}`, "Resources.A.Properties.Value: null"},
		"condition on itself": {`{"Conditions":{"C":{"Fn::Not":[{"Condition":"C"}]}},"Resources":{"A":{"Type":"AWS::KMS::Key"}}}`, "circular reference: condition C -> condition C"},
		"properties that their providers refuse, all of them": {
			`{"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"Value":"refused"}},"B":{"Type":"AWS::KMS::Key","Properties":{"List":["refused",{"Ref":"A"}]}}}}`,
			`nothing was made: A (AWS::KMS::Key): no such thing: {"Value":"refused"} (Error Code: InvalidRequest); B (AWS::KMS::Key): no such thing: {"List":["refused","{{changeSet:KNOWN_AFTER_APPLY}}"]}`,
		},
		"a mapping that lacks an entry": {
			`{"Mappings":{"Map":{"eu-west-1":{"a":"1"}}},"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"Value":{"Fn::FindInMap":["Map",{"Ref":"AWS::Region"},"b"]}}}}}`,
			"ValidationError: Template error: Unable to get mapping for Map::eu-west-1::b (Resources.A.Properties.Value.Fn::FindInMap)",
		},
		"zones of no Region": {
			`{"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"List":{"Fn::GetAZs":"eu-west-9"}}}}}`,
			"Template error: Fn::GetAZs names no Region: eu-west-9 (Resources.A.Properties.List.Fn::GetAZs)",
		},
		"zones of null": {
			`{"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"List":{"Fn::GetAZs":null}}}}}`,
			"does not carry out what is at Resources.A.Properties.List.Fn::GetAZs: null",
		},
		"attributes that there aren't": {
			`{"Parameters":{"P":{"Type":"String","Defualt":"d"}},"Resources":{"A":{"Type":"AWS::KMS::Key","DependOn":"B"}}}`,
			"does not carry out Parameters.P.Defualt, Resources.A.DependOn",
		},
		"sections that there aren't": {`{"Resource":{},"Output":{}}`, "ValidationError: Invalid template property or properties [Output, Resource]"},
		"a default that is a list": {
			`{"Parameters":{"P":{"Type":"String","Default":["d"]}},"Resources":{"A":{"Type":"AWS::KMS::Key"}}}`, "Every Default member must be a string. (Parameters.P)",
		},
		"a dynamic reference": {
			`{"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"Value":"{{resolve:ssm:/p}}"}}}}`, `does not carry out what is at Resources.A.Properties.Value: a dynamic reference to "ssm"`,
		},
		"rule": {
			`{"Parameters":{"V":{"Type":"String","Default":"5"}},
			"Rules":{"Check":{"Assertions":[{"Assert":{"Fn::Not":[{"Fn::Contains":[["1","5"],{"Ref":"V"}]}]},"AssertDescription":"version 6 required"}]}},
			"Resources":{"A":{"Type":"AWS::KMS::Key"}}}`,
			"version 6 required",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			_, err := f.do(home, "CreateStack", "StackName=S", "TemplateBody="+test.template)
			wantError(t, err, test.want)
			_, err = f.do(home, "CreateChangeSet", "StackName=S", "ChangeSetName=c", "ChangeSetType=CREATE", "TemplateBody="+test.template)
			wantError(t, err, test.want)
			if _, err := f.do(home, "DescribeStacks", "StackName=S"); err == nil {
				t.Error("the stack exists")
			}
			equal(t, "calls", f.history(), nil)
		})
	}
}

func TestRequestsThatAreRefusedByName(t *testing.T) {
	t.Parallel()
	const template = `TemplateBody={"Resources":{"A":{"Type":"AWS::KMS::Key"}}}`
	tests := map[string]struct {
		action     string
		parameters []string
		want       string
	}{
		"import":          {"CreateChangeSet", []string{"StackName=S", "ChangeSetName=c", "ChangeSetType=IMPORT", template}, "type IMPORT"},
		"stack policy":    {"CreateStack", []string{"StackName=S", template, "StackPolicyBody={}"}, "StackPolicyBody"},
		"notification":    {"CreateStack", []string{"StackName=S", template, "NotificationARNs.member.1=arn:x"}, "NotificationARNs"},
		"express":         {"CreateStack", []string{"StackName=S", template, "DeploymentConfig.Mode=EXPRESS"}, "Mode EXPRESS"},
		"operation":       {"CreateStackSet", nil, "CreateStackSet"},
		"force delete":    {"DeleteStack", []string{"StackName=S", "DeletionMode=FORCE_DELETE_STACK"}, "FORCE_DELETE_STACK"},
		"update, no such": {"UpdateStack", []string{"StackName=S", template}, "ValidationError: Stack [S] does not exist"},
		"events, no such": {"DescribeStackEvents", []string{"StackName=S"}, "ValidationError: Stack [S] does not exist"},
		"change set":      {"DescribeChangeSet", []string{"StackName=S", "ChangeSetName=c"}, "ChangeSetNotFound: ChangeSet [c] does not exist"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newFake(t).do(home, test.action, test.parameters...)
			wantError(t, err, test.want)
		})
	}
}

func TestPermissionsDecideEveryOperation(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", twoBuckets)
	parameters := map[string][]string{
		"CreateChangeSet":   {"StackName=S", "ChangeSetName=c"},
		"DeleteChangeSet":   {"StackName=S", "ChangeSetName=c"},
		"DescribeChangeSet": {"StackName=S", "ChangeSetName=c"},
		"ExecuteChangeSet":  {"StackName=S", "ChangeSetName=c"},
		"ListExports":       nil,
		"ListImports":       {"ExportName=e"},
		"ListStacks":        nil,
	}
	for _, action := range f.Operations() {
		p, special := parameters[action]
		if !special {
			p = []string{"StackName=S"}
		}
		denied := "cloudformation:" + action
		f.denied[denied+" "+home] = true
		_, err := f.do(home, action, p...)
		wantError(t, err, "not authorized to perform: "+denied)
	}
}

func TestQuotasAndNames(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	const small = `TemplateBody={"Resources":{"A":{"Type":"AWS::KMS::Key"}}}`
	for _, action := range []string{"CreateStack", "CreateChangeSet"} {
		parameters := []string{"StackName=1S"}
		if action == "CreateChangeSet" {
			parameters = append(parameters, "ChangeSetName=c", "ChangeSetType=CREATE")
		}
		_, err := f.do(home, action, append(parameters, small)...)
		wantError(t, err, "at 'stackName' failed to satisfy constraint")
	}
	_, err := f.do(home, "CreateStack", "StackName=S", "TemplateBody="+strings.Repeat(" ", maxBody+1))
	wantError(t, err, "less than or equal to 51200")
	f.objects["b/k"] = strings.Repeat(" ", maxObject+1)
	_, err = f.do(home, "CreateStack", "StackName=S", "TemplateURL=https://127.0.0.1/b/k")
	wantError(t, err, "may not exceed 1000000 bytes")
	var many []string
	for i := range maxResources + 1 {
		many = append(many, fmt.Sprintf(`"R%d":{"Type":"AWS::KMS::Key"}`, i))
	}
	_, err = f.do(home, "CreateStack", "StackName=S", `TemplateBody={"Resources":{`+strings.Join(many, ",")+`}}`)
	wantError(t, err, "Number of resources, 501")
}
