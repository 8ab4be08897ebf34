package iam

import (
	"fmt"
	"testing"
)

// Source: IAM user guide, reference_policies_variables.
func TestVariables(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, element string
		version       string
		tag           Strings
		want          verdict
	}{
		{"tag in the resource", `"Resource":"arn:aws:s3:::data/${aws:PrincipalTag/x}.txt"`, Version, Strings{"a"}, allowed},
		{"another value", `"Resource":"arn:aws:s3:::data/${aws:PrincipalTag/x}.txt"`, Version, Strings{"b"}, iDeny},
		{"the value of a variable has no wildcards", `"Resource":"arn:aws:s3:::data/${aws:PrincipalTag/x}.txt"`, Version, Strings{"*"}, iDeny},
		{"wildcards beside a variable", `"Resource":"arn:aws:s3:::*/${aws:PrincipalTag/x}.*"`, Version, Strings{"a"}, allowed},
		{"without a value it matches nothing", `"Resource":"arn:aws:s3:::data/${aws:PrincipalTag/x}*"`, Version, nil, iDeny},
		{"with two values it matches nothing", `"Resource":"arn:aws:s3:::data/${aws:PrincipalTag/x}.txt"`, Version, Strings{"a", "a"}, iDeny},
		{"default value", `"Resource":"arn:aws:s3:::data/${aws:PrincipalTag/x, 'a'}.txt"`, Version, nil, allowed},
		{"default value with a brace", `"Resource":"arn:aws:s3:::data/${aws:PrincipalTag/x, '}'}.txt"`, Version, Strings{"a"}, allowed},
		{"a value goes before the default", `"Resource":"arn:aws:s3:::data/${aws:PrincipalTag/x, 'a'}.txt"`, Version, Strings{"b"}, iDeny},
		{"user name", `"Resource":"arn:aws:s3:::data/a.txt","Condition":{"StringEquals":{"aws:username":"${aws:username}"}}`, Version, nil, allowed},
		{"key in another case", `"Resource":"arn:aws:s3:::data/${AWS:principaltag/X}.txt"`, Version, Strings{"a"}, allowed},
		{"${*} is a star", `"Resource":"arn:aws:s3:::data/${*}.txt"`, Version, nil, iDeny},
		{"${?} is a question mark", `"Resource":"arn:aws:s3:::data/${?}.txt"`, Version, nil, iDeny},
		{"${$} is a dollar", `"Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/x":"${$}"}}`, Version, Strings{"$"}, allowed},
		{"older versions read it as text", `"Resource":"arn:aws:s3:::data/${aws:PrincipalTag/x}.txt"`, "2008-10-17", Strings{"a"}, iDeny},
		{"older versions compare it as text", `"Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/x":"${aws:username}"}}`, "2008-10-17", Strings{"${aws:username}"}, allowed},
		{"negated operators match no value", `"Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalTag/x":"${aws:PrincipalTag/none}"}}`, Version, Strings{"a"}, allowed},
		{"positive operators don't match no value", `"Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/x":"${aws:PrincipalTag/none}*"}}`, Version, Strings{"a"}, iDeny},
		{"NotResource without a value allows nothing", `"NotResource":"arn:aws:s3:::other/${aws:PrincipalTag/x}*"`, Version, nil, iDeny},
		{"NotResource without a value beside others", `"NotResource":["arn:aws:s3:::other/${aws:PrincipalTag/x}*","arn:aws:s3:::third"]`, Version, nil, iDeny},
		{"NotResource with a value", `"NotResource":"arn:aws:s3:::other/${aws:PrincipalTag/x}*"`, Version, Strings{"a"}, allowed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := parse(t, fmt.Sprintf(`{"Version":%q,"Statement":{"Effect":"Allow","Action":"s3:*",%s}}`, tt.version, tt.element))
			req := put(alice)
			if tt.tag != nil {
				req.Context = map[string]Strings{"aws:PrincipalTag/x": tt.tag}
			}
			check(t, req, Policies{Identity: []Source{{Name: "identity", Document: d}}}, tt.want)
		})
	}
}
