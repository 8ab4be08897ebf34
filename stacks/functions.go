package stacks

import (
	"github.com/s3seal/s3seal/constructs/objectfunctions"
	"github.com/s3seal/s3seal/constructs/rotation"
)

// functions attaches the put and the get function to the bucket of p.
func (b buckets) functions(id string, p objectfunctions.Props) {
	f := b.stage.Functions
	p.CodeDir, p.Architecture = b.codeDir+"/"+f.Architecture, f.Architecture
	p.MemoryMB, p.TimeoutSeconds, p.ReservedConcurrency = f.MemoryMB, f.TimeoutSeconds, f.ReservedConcurrency
	p.LogDays = b.stage.Retention.FunctionLogDays
	p.Queue, p.Metrics, p.Tracing = f.Queue, f.Metrics, f.Tracing
	functions := objectfunctions.New(b.Stack, id+"Functions", p)
	output(b.Stack, id+"Put", "Uploads an object; try: "+invoke, *functions.Put.FunctionName())
	output(b.Stack, id+"Get", "Reads it back; try: "+invoke, *functions.Get.FunctionName())
	if q := functions.PutQueue; q != nil {
		output(b.Stack, id+"PutQueue", "Queue of the put function's events; try: aws sqs send-message --message-body '{}' --queue-url <value>", q.URL)
		output(b.Stack, id+"PutDeadLetters", "Events that failed; try: aws sqs receive-message --queue-url <value>", q.DeadLetterURL)
	}
}

// rotation rotates the key ring of p.
func (b buckets) rotation(id string, everyDays int, p objectfunctions.Props) {
	f := b.stage.Functions
	made := rotation.New(b.Stack, id+"Rotation", rotation.Props{
		KeyRingARN: p.KeyRingARN, KeyRingKeyARN: p.KeyRingKeyARN, Bucket: p.Bucket, EveryDays: everyDays,
		CodeDir: b.codeDir + "/" + f.Architecture, Architecture: f.Architecture, LogDays: b.stage.Retention.FunctionLogDays,
	})
	output(b.Stack, id+"Rotate", "Rotates the key ring; try: aws secretsmanager rotate-secret --secret-id <"+id+"KeyRingArn>", *made.FunctionName())
}

// invoke is the line that tries a function.
const invoke = "aws lambda invoke --function-name <value> /dev/stdout"
