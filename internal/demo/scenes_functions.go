package demo

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/s3seal/s3seal/encryption"
)

// functions invokes each bucket's put and then its get.
func (p *stageplay) functions(ctx context.Context) {
	p.scene("The functions put and get under each bucket's encryption",
		"They are the Go programs that would run in Lambda, each with the role of its own.")
	for _, pattern := range encryption.Patterns() {
		t := pattern.Traits()
		put, get := p.output("buckets", t.ID+"Put"), p.output("buckets", t.ID+"Get")
		p.step("aws lambda invoke --function-name "+put, p.invoke(ctx, put, "{}", "encryption"), "ok "+t.Object)
		p.step("aws lambda invoke --function-name "+get, p.invoke(ctx, get, "{}", "body"), "ok s3seal!")
	}
	p.step("… --payload '{\"key\":\"missing\"}'",
		p.invoke(ctx, p.output("buckets", "SseCGet"), `{"key":"missing"}`, "body"), "Unhandled S3Seal.ObjectNotFound")
}

// invoke is a member of the function's answer, or its error's type.
func (p *stageplay) invoke(ctx context.Context, function, payload, member string) string {
	var answer map[string]any
	if got := p.answer(ctx, function, payload, &answer); got != "ok" {
		return got
	}
	return fmt.Sprintf("ok %v", answer[member])
}

// answer decodes the function's answer, and says "ok", or the error's type.
func (p *stageplay) answer(ctx context.Context, function, payload string, answer any) string {
	out, err := p.administrator.lambda.Invoke(ctx, &lambda.InvokeInput{FunctionName: &function, Payload: []byte(payload)})
	if err != nil {
		return outcome(err)
	}
	var failure struct{ ErrorType, ErrorMessage string }
	if out.FunctionError != nil {
		answer = &failure
	}
	if err := json.Unmarshal(out.Payload, answer); err != nil {
		return fmt.Sprintf("not JSON: %s", out.Payload)
	}
	if out.FunctionError != nil {
		return fmt.Sprintf("%s %s: %s", *out.FunctionError, failure.ErrorType, failure.ErrorMessage)
	}
	return "ok"
}
