package stacks

import (
	"github.com/s3seal/s3seal/constructs/objectfunctions"
)

// functions attaches the put and the get function to the bucket of p.
func (b buckets) functions(id string, p objectfunctions.Props) {
	f := b.stage.Functions
	p.CodeDir, p.Architecture = b.codeDir+"/"+f.Architecture, f.Architecture
	p.MemoryMB, p.TimeoutSeconds, p.ReservedConcurrency = f.MemoryMB, f.TimeoutSeconds, f.ReservedConcurrency
	p.LogDays = b.stage.Retention.FunctionLogDays
	functions := objectfunctions.New(b.Stack, id+"Functions", p)
	output(b.Stack, id+"Put", "Uploads an object; try: "+invoke, *functions.Put.FunctionName())
	output(b.Stack, id+"Get", "Reads it back; try: "+invoke, *functions.Get.FunctionName())
}

// invoke is the line that tries a function.
const invoke = "aws lambda invoke --function-name <value> /dev/stdout"
