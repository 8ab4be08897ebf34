package lambda

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"testing"
)

// A function of a runtime that is not here is made with all that belongs to it,
// also for the architecture that this machine does not have. Only its code does
// not run, and it says so.
func TestAFunctionOfAnotherRuntimeIsMadeAndNotRun(t *testing.T) {
	t.Parallel()
	for _, of := range []string{
		`{"Runtime":"python3.8","Architectures":["arm64"],"Handler":"index.lambda_handler","Code":{"ZipFile":"def lambda_handler(event, context): return 1"}}`,
		`{"Runtime":"nodejs24.x","Architectures":["x86_64"],"Handler":"index.handler"}`,
	} {
		f := newFake(t)
		var want struct {
			Runtime       string
			Architectures []string
		}
		if err := json.Unmarshal([]byte(of), &want); err != nil {
			t.Fatal(err)
		}
		r, err := f.create(of)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "Ref", r.PhysicalID, "fn")
		configuration := f.request("GET", "/2015-03-31/functions/fn/configuration", "").body
		wantText(t, "configuration", configuration, `"Runtime":"`+want.Runtime+`"`)
		wantText(t, "configuration", configuration, `"Architectures":["`+want.Architectures[0]+`"]`)
		for kind, status := range map[string]int{"RequestResponse": 502, "Event": 502, "DryRun": 204} {
			got := f.invoke(`{}`, "X-Amz-Invocation-Type: "+kind)
			equal(t, kind, got.status, status)
			if status != 204 {
				equal(t, kind, got.header.Get("X-Amzn-Errortype"), "InvalidRuntimeException")
				wantText(t, kind, got.body, "the local AWS runs functions of the runtime provided.al2023 only; fn has "+want.Runtime)
			}
		}
		f.denied["lambda:InvokeFunction"] = true
		equal(t, "who may not invoke it", f.invoke(`{}`).status, 403)
	}
}

// Source: CloudFormation template reference, aws-properties-lambda-function-code.
func TestInlineCodeIsZippedAsIndex(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for runtime, name := range map[string]string{"python3.14": "index.py", "nodejs22.x": "index.js"} {
		text := "the code of " + runtime
		p := properties{Runtime: runtime}
		p.Code.ZipFile = &text
		b, err := f.archive(stack(), p)
		if err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil || len(z.File) != 1 || z.File[0].Name != name {
			t.Fatalf("%v, %v", z, err)
		}
		file, err := z.File[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(file)
		equal(t, name, string(got), text)
	}
}

// An update to another runtime keeps the name, and new inline code is new code.
func TestAnUpdateOfInlineCode(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	with := func(code string) json.RawMessage {
		return f.properties(`{"Runtime":"python3.14","Code":{"ZipFile":"` + code + `"}}`)
	}
	p := f.Providers()["AWS::Lambda::Function"]
	r, err := p.Create(context.Background(), stack(), "Fn", with("one"))
	if err != nil {
		t.Fatal(err)
	}
	before := f.request("GET", "/2015-03-31/functions/fn/configuration", "").body
	if _, err = p.Update(context.Background(), stack(), "Fn", r, with("one"), with("two")); err != nil {
		t.Fatal(err)
	}
	hash := func(body string) (c struct{ CodeSha256 string }) {
		if err := json.Unmarshal([]byte(body), &c); err != nil {
			t.Fatal(err)
		}
		return c
	}
	after := f.request("GET", "/2015-03-31/functions/fn/configuration", "").body
	if hash(before) == hash(after) {
		t.Errorf("the code is the same after an update: %s", after)
	}
	if _, err = p.Update(context.Background(), stack(), "Fn", r, with("two"), f.properties("")); err != nil {
		t.Fatal(err)
	}
	equal(t, "invoked after a change of the runtime", f.invoke(`{}`).status, 200)
}
