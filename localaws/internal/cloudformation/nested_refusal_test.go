package cloudformation

import (
	"strings"
	"testing"
)

func TestNestedStacksThatCanNotBeMade(t *testing.T) {
	t.Parallel()
	const url = `"TemplateURL":"https://s3.eu-west-1.amazonaws.com/b/child.json"`
	for name, test := range map[string]struct{ properties, child, want string }{
		"no template":       {`"Parameters":{"V":"1"}`, child, "TemplateURL must be given"},
		"no such object":    {`"TemplateURL":"https://s3.amazonaws.com/b/other.json"`, child, "S3 error: https://s3.amazonaws.com/b/other.json: The specified key does not exist."},
		"not of S3":         {`"TemplateURL":"https://example.com/b/child.json"`, child, "TemplateURL must be a supported URL"},
		"no parameter":      {url, child, "Parameters: [V] must have values"},
		"another parameter": {url + `,"Parameters":{"V":"1","W":"2"}`, child, "Parameters: [W] do not exist in the template"},
		"a list":            {url + `,"Parameters":{"V":["1","2"]}`, child, "N (AWS::CloudFormation::Stack): Value of property Parameters must be an object with String (or simple type) properties"},
		"notifications":     {url + `,"NotificationARNs":["arn:aws:sns:eu-west-1:111111111111:t"]`, child, "does not carry out NotificationARNs of AWS::CloudFormation::Stack"},
		"of the API alone":  {url + `,"StackName":"mine"`, child, `does not know the property "StackName"`},
		"timeout":           {url + `,"TimeoutInMinutes":0`, child, "TimeoutInMinutes must be 1 or more"},
		"capabilities":      {url, `{"Resources":{"R":{"Type":"AWS::IAM::Role"}}}`, "Requires capabilities : [CAPABILITY_IAM]"},
		"a wrong template":  {url, `{"Resources":{}}`, "Template format error: At least one Resources member must be defined."},
		"itself":            {url, `{"Resources":{"N":{"Type":"AWS::CloudFormation::Stack","Properties":{` + url + `}}}}`, "was not successfully created"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.objects["b/child.json"] = test.child
			_, err := f.do(home, "CreateStack", "StackName=S", `TemplateBody={"Resources":{"N":{"Type":"AWS::CloudFormation::Stack","Properties":{`+test.properties+`}}}}`)
			why := ""
			if err != nil {
				why = err.Error()
			} else {
				equal(t, "status", f.status("S"), "ROLLBACK_COMPLETE")
				why = f.why("S", "N", "CREATE_FAILED")
			}
			if !strings.Contains(why, test.want) {
				t.Errorf("reason %q, want one with %q", why, test.want)
			}
		})
	}
}

func TestAnOutputThatANestedStackLacks(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.objects["b/child.json"] = child
	equal(t, "status", f.deploy("S", strings.Replace(parent, `"Outputs.Arn"`, `"Outputs.Nope"`, 1)), "ROLLBACK_COMPLETE")
	if why := f.why("S", "After", "CREATE_FAILED"); !strings.HasPrefix(why, "Output 'Nope' not found in stack 'arn:aws:cloudformation:") {
		t.Errorf("reason: %s", why)
	}
}

func TestURLsOfTemplates(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://127.0.0.1:4566/b/k/l.json":                      "b k/l.json ",
		"https://localhost/b/k":                                  "b k ",
		"https://[::1]:1/b/k":                                    "b k ",
		"https://b.s3.eu-west-1.amazonaws.com/k":                 "b k ",
		"https://b.s3-eu-west-1.amazonaws.com/k":                 "b k ",
		"https://b.s3.amazonaws.com/k":                           "b k ",
		"https://b.s3.dualstack.us-gov-west-1.amazonaws.com/k":   "b k ",
		"https://a.b.s3.cn-north-1.amazonaws.com.cn/k":           "a.b k ",
		"https://s3.ap-northeast-1.amazonaws.com/b/k?versionId=": "b k ",
		"https://s3.amazonaws.com/b/k%20l?versionId=v1":          "b k l v1",
		"https://s3.amazonaws.com/b/k?acl":                       "the query",
		"https://s3.amazonaws.com/b":                             "must reference a valid S3 object",
		"https://example.com/b/k":                                "must be a supported URL",
		"https://s3.amazonaws.com.example.com/b/k":               "must be a supported URL",
		"https://10.0.0.1/b/k":                                   "must be a supported URL",
		"s3://b/k":                                               "must be a supported URL",
	} {
		bucket, key, version, err := objectOf(address)
		got := bucket + " " + key + " " + version
		if err != nil {
			got = err.Error()
		}
		if got != want && (err == nil || !strings.Contains(got, want)) {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	f := newFake(t)
	f.objects["b/k"], f.objects["b/k?old"] = `{"Resources":{}}`, `{"Resources":{"A":{"Type":"AWS::KMS::Key"}}}`
	f.must(home, "CreateStack", "StackName=S", "TemplateURL=https://s3.amazonaws.com/b/k?versionId=old")
}
