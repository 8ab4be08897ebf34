package conformance

import (
	"net/http"
	"strings"
	"testing"
)

// TestSeed000AsNestedStacks deploys the article's stacks as its author does: from
// a parent template, with AWS's own URLs of S3. The functions in Python are there,
// and only to invoke them is refused.
func TestSeed000AsNestedStacks(t *testing.T) {
	t.Parallel()
	s := start(t)
	e := newEndpoint(t, s, "s3", source)
	createStack(t, s, source, "templates", `{"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "templates"}}}}`)
	for key, file := range map[string]string{"buckets": "seed000", "function": "seed000-function"} {
		if a := e.send(t, "PUT", "/templates/fa-125/"+key+".yaml", nil, read(t, "testdata/stacks/"+file+".yaml")); a.status != http.StatusOK {
			t.Fatalf("PUT %s: %d %s", key, a.status, a.body)
		}
	}
	createStack(t, s, source, "fa-125", read(t, "testdata/stacks/seed000-parent.yaml"), "Parameters.member.1.ParameterKey=TemplateBucketName", "Parameters.member.1.ParameterValue=templates")
	if a := e.send(t, "HEAD", "/fa-125-sse-c", nil, ""); a.status != http.StatusOK {
		t.Errorf("HEAD of the bucket: %d", a.status)
	}
	a := newEndpoint(t, s, "lambda", source).send(t, "POST", "/2015-03-31/functions/fa-125-function1/invocations", nil, "{}")
	if a.status != http.StatusBadGateway || !strings.Contains(a.body, "fa-125-function1 has python3.14") {
		t.Errorf("invoke: %d %s", a.status, a.body)
	}
	cloudFormation(t, s, source, "DeleteStack", "StackName=fa-125")
	if status := settle(t, s, source, "fa-125"); status != "" {
		t.Errorf("the stack is %s", status)
	}
}
