package lambda

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

func TestPropertiesThatAreRefused(t *testing.T) {
	t.Parallel()
	other := map[string]string{"x86_64": "arm64", "arm64": "x86_64"}[hostArchitecture()]
	tests := map[string]struct{ properties, want string }{
		"unknown property":  {`{"VpcConfig":{}}`, `"VpcConfig"`},
		"layers":            {`{"Layers":["arn"]}`, `"Layers"`},
		"inline code":       {`{"Code":{"ZipFile":"x"}}`, "ZipFile can only be used with the runtimes of Node.js and Python, not with provided.al2023"},
		"two kinds of code": {`{"Runtime":"python3.13","Code":{"ZipFile":"x","S3Bucket":"assets","S3Key":"code.zip"}}`, "Please do not provide other FunctionCode parameters when providing a ZipFile."},
		"no code":           {`{"Runtime":"python3.13","Code":{}}`, "Code needs S3Bucket and S3Key"},
		"runtime":           {`{"Runtime":"python2.7"}`, `Runtime "python2.7" is not one that Lambda makes functions of: dotnet10, `},
		"architectures":     {`{"Architectures":["arm64","x86_64"]}`, "Architectures must have one value"},
		"an architecture":   {`{"Architectures":["sparc"]}`, "arm64 or x86_64"},
		"architecture":      {`{"Architectures":["` + other + `"]}`, "give it functions for " + hostArchitecture() + " (this program's own app makes them with -c architecture=host)"},
		"memory":            {`{"MemorySize":64}`, "MemorySize"},
		"timeout":           {`{"Timeout":901}`, "Timeout"},
		"reserved name":     {`{"Environment":{"Variables":{"AWS_REGION":"x"}}}`, "Reserved keys used in this request: AWS_REGION"},
		"large variables":   {`{"Environment":{"Variables":{"AB":"` + strings.Repeat("x", 4096) + `"}}}`, "4KB limit"},
		"no such role":      {`{"Role":"arn:aws:iam::111111111111:role/none"}`, "cannot be assumed by Lambda"},
		"no such code":      {`{"Code":{"S3Bucket":"assets","S3Key":"none.zip"}}`, "S3 Error Code: NoSuchKey"},
		"no such version":   {`{"Code":{"S3Bucket":"assets","S3Key":"code.zip","S3ObjectVersion":"none"}}`, "S3 Error Code: NoSuchKey"},
		"no archive":        {`{"Code":{"S3Bucket":"assets","S3Key":"text.zip"}}`, "Could not unzip"},
		"zip slip":          {`{"Code":{"S3Bucket":"assets","S3Key":"slip.zip"}}`, "leads out of its folder"},
		"absolute name":     {`{"Code":{"S3Bucket":"assets","S3Key":"absolute.zip"}}`, "leads out of its folder"},
		"link":              {`{"Code":{"S3Bucket":"assets","S3Key":"link.zip"}}`, "no file and no folder"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.objects["assets/text.zip"] = []byte("text")
			f.objects["assets/slip.zip"] = archive(map[string]entry{"../out": {"x", 0o644}})
			f.objects["assets/absolute.zip"] = archive(map[string]entry{"/out": {"x", 0o644}})
			f.objects["assets/link.zip"] = archive(map[string]entry{"bootstrap": {"/bin/sh", os.ModeSymlink | 0o777}})
			_, err := f.create(test.properties)
			if err == nil {
				t.Fatal("the function was made")
			}
			wantText(t, "error", err.Error(), test.want)
			equal(t, "functions", len(f.functions), 0)
		})
	}
}

func TestCreateAsksForTheRightsItNeeds(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"lambda:CreateFunction", "iam:PassRole"} {
		f := newFake(t)
		f.denied[action] = true
		_, err := f.create("")
		if err == nil {
			t.Fatalf("made without %s", action)
		}
		wantText(t, "error", err.Error(), action)
	}
}

func TestUpdateChangesTheFunctionInPlaceOrReplacesIt(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	r, err := f.create("")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "Ref", r.PhysicalID, "fn")
	equal(t, "Arn", r.Attributes["Arn"], "arn:aws:lambda:eu-west-1:111111111111:function:fn")
	before := f.invoke(`{}`)
	p := f.Providers()["AWS::Lambda::Function"]
	after := f.properties(`{"Environment":{"Variables":{"NEW":"1"}},"MemorySize":512}`)
	if r, err = p.Update(context.Background(), stack(), "Fn", r, f.properties(""), after); err != nil {
		t.Fatal(err)
	}
	equal(t, "Ref", r.PhysicalID, "fn")
	got := f.invoke(`{"Do":"env"}`)
	wantText(t, "environment", strings.Join(got.answer.Env, " "), "NEW=1")
	if got.answer.PID == before.answer.PID {
		t.Error("the old sandbox is still in use")
	}
	wantText(t, "configuration", f.request("GET", "/2015-03-31/functions/fn/configuration", "").body, `"MemorySize":512`)
	renamed, err := p.Update(context.Background(), stack(), "Fn", r, after, f.properties(`{"FunctionName":"other"}`))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "Ref", renamed.PhysicalID, "other")
	if err := p.Delete(context.Background(), stack(), "Fn", r); err != nil {
		t.Fatal(err)
	}
	equal(t, "deleted", f.invoke(`{}`).status, 404)
	var l struct {
		Functions []struct{ FunctionName string }
	}
	if err := json.Unmarshal([]byte(f.request("GET", "/2015-03-31/functions/", "").body), &l); err != nil || len(l.Functions) != 1 || l.Functions[0].FunctionName != "other" {
		t.Errorf("%v %v", l, err)
	}
}

func TestAGeneratedNameFits(t *testing.T) {
	t.Parallel()
	name := api.GeneratedName(api.StackContext{StackName: strings.Repeat("S", 100)}, strings.Repeat("L", 100), 64)
	if !nameForm.MatchString(name) {
		t.Error(name)
	}
}

func TestPermissionIsAStatementOfTheFunctionsPolicy(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate("")
	p := f.Providers()["AWS::Lambda::Permission"]
	r, err := p.Create(context.Background(), stack(), "P", json.RawMessage(`{"Action":"lambda:InvokeFunction","FunctionName":"arn:aws:lambda:eu-west-1:111111111111:function:fn",
		"Principal":"secretsmanager.amazonaws.com","SourceAccount":"111111111111","SourceArn":"arn:aws:secretsmanager:eu-west-1:111111111111:secret:s"}`))
	if err != nil {
		t.Fatal(err)
	}
	f.asked = nil
	f.invoke(`{}`)
	s := f.asked[0].Policy.Document.Statement[0]
	equal(t, "principal", s.Principal.Service[0], "secretsmanager.amazonaws.com")
	equal(t, "account", s.Condition["StringEquals"]["AWS:SourceAccount"][0], account)
	equal(t, "source", s.Condition["ArnLike"]["AWS:SourceArn"][0], "arn:aws:secretsmanager:eu-west-1:111111111111:secret:s")
	wantText(t, "GetPolicy", f.request("GET", "/2015-03-31/functions/fn/policy", "").body, "secretsmanager.amazonaws.com")
	if err := p.Delete(context.Background(), stack(), "P", r); err != nil {
		t.Fatal(err)
	}
	equal(t, "GetPolicy", f.request("GET", "/2015-03-31/functions/fn/policy", "").status, 404)
	for in, want := range map[string]string{
		`{"Action":"lambda:InvokeFunction","FunctionName":"none","Principal":"s3.amazonaws.com"}`:                            "Function not found",
		`{"Action":"lambda:InvokeFunction","FunctionName":"fn","Principal":"nobody"}`:                                        "principal was invalid",
		`{"Action":"s3:GetObject","FunctionName":"fn","Principal":"s3.amazonaws.com"}`:                                       "(lambda:[*]|lambda:[a-zA-Z]+|[*])",
		`{"Action":"lambda:InvokeFunction","FunctionName":"fn","Principal":"arn:aws:iam::111111111111:user/none"}`:           "The provided principal was invalid. Please check the principal and try again.",
		`{"Action":"lambda:InvokeFunction","FunctionName":"fn","Principal":"s3.amazonaws.com","FunctionUrlAuthType":"NONE"}`: "FunctionUrlAuthType",
	} {
		_, err := p.Create(context.Background(), stack(), "P", json.RawMessage(in))
		if err == nil {
			t.Fatalf("%s was made", in)
		}
		wantText(t, in, err.Error(), want)
	}
	for _, right := range []string{
		`"Action":"*","Principal":"111111111111"`, `"Action":"lambda:*","Principal":"arn:aws:iam::111111111111:user/some"`,
		`"Action":"lambda:InvokeFunction","Principal":"alexa-appkit.amazon.com"`,
	} {
		if _, err := p.Create(context.Background(), stack(), "P", json.RawMessage(`{"FunctionName":"fn",`+right+`}`)); err != nil {
			t.Errorf("%s: %v", right, err)
		}
	}
}

func TestNamesOfFunctions(t *testing.T) {
	t.Parallel()
	c := api.Call{Account: account, Region: region}
	for name, want := range map[string]string{
		"fn":                       functionARN(region, account, "fn"),
		"fn:$LATEST":               functionARN(region, account, "fn"),
		"222222222222:function:fn": functionARN(region, "222222222222", "fn"),
		"arn:aws:lambda:us-east-1:222222222222:function:fn":         functionARN("us-east-1", "222222222222", "fn"),
		"arn:aws:lambda:us-east-1:222222222222:function:fn:$LATEST": functionARN("us-east-1", "222222222222", "fn"),
	} {
		got, _, err := resolve(c, name)
		if err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, want)
		}
	}
	for _, name := range []string{"", "fn:1", "a:b:c:d"} {
		if got, _, err := resolve(c, name); err == nil {
			t.Errorf("%q: %s", name, got)
		}
	}
}

func TestCheckRefusesBeforeAnythingIsMade(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c, ok := f.Providers()["AWS::Lambda::Function"].(api.Checker)
	if !ok {
		t.Fatal("the provider checks nothing")
	}
	if err := c.Check(f.properties(`{"Role":"{{changeSet:KNOWN_AFTER_APPLY}}","FunctionName":"{{changeSet:KNOWN_AFTER_APPLY}}"}`)); err != nil {
		t.Errorf("values that are not known yet: %v", err)
	}
	err := c.Check(f.properties(`{"VpcConfig":{}}`))
	if err == nil {
		t.Fatal("an unknown property passed")
	}
	wantText(t, "error", err.Error(), `"VpcConfig"`)
}
