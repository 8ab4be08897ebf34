package demo

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// functions invokes each bucket's put and then its get.
func (p *stageplay) functions(ctx context.Context) {
	p.scene("The functions, real Go binaries, put and get under each bucket's encryption")
	for _, f := range []struct{ id, encryption string }{
		{"SseS3", "sse-s3"},
		{"SseKmsAwsManaged", "sse-kms"},
		{"SseKmsCmk", "sse-kms"},
		{"DsseKms", "dsse-kms"},
		{"SseC", "sse-c"},
	} {
		p.step("aws lambda invoke --function-name "+p.output("buckets", f.id+"Put"),
			p.invoke(ctx, p.output("buckets", f.id+"Put"), "encryption"), "ok "+f.encryption)
		p.step("aws lambda invoke --function-name "+p.output("buckets", f.id+"Get"),
			p.invoke(ctx, p.output("buckets", f.id+"Get"), "body"), "ok s3seal!")
	}
	p.step("aws lambda invoke … --payload '{\"key\":\"missing\"}'",
		p.invokeWith(ctx, p.output("buckets", "SseCGet"), `{"key":"missing"}`, "body"), "Unhandled S3Seal.ObjectNotFound")
}

func (p *stageplay) invoke(ctx context.Context, function, member string) string {
	return p.invokeWith(ctx, function, "{}", member)
}

// invokeWith is a member of the function's answer, or its error's type.
func (p *stageplay) invokeWith(ctx context.Context, function, payload, member string) string {
	out, err := p.administrator.lambda.Invoke(ctx, &lambda.InvokeInput{FunctionName: &function, Payload: []byte(payload)})
	if err != nil {
		return outcome(err)
	}
	var answer map[string]any
	if err := json.Unmarshal(out.Payload, &answer); err != nil {
		return fmt.Sprintf("not JSON: %s", out.Payload)
	}
	if out.FunctionError != nil {
		return fmt.Sprintf("%s %v: %v", *out.FunctionError, answer["errorType"], answer["errorMessage"])
	}
	return fmt.Sprintf("ok %v", answer[member])
}
