package stacks

import (
	"github.com/s3seal/s3seal/constructs/alarms"
	"github.com/s3seal/s3seal/constructs/objectfunctions"
	"github.com/s3seal/s3seal/constructs/rotation"
	"github.com/s3seal/s3seal/constructs/sweep"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/policy"
)

// configured sets what stages.yaml says of all functions.
func (b buckets) configured(p objectfunctions.Props) objectfunctions.Props {
	f := b.stage.Functions
	p.Verbs, p.CodeDir, p.Architecture = f.Verbs, b.codeDir+"/"+f.Architecture, f.Architecture
	p.MemoryMB, p.TimeoutSeconds, p.ReservedConcurrency = f.MemoryMB, f.TimeoutSeconds, f.ReservedConcurrency
	p.LogDays = b.stage.Retention.FunctionLogDays
	p.Queue, p.PutIfMatch, p.Metrics, p.Tracing = f.Queue, f.PutIfMatch, f.Metrics, f.Tracing
	of := p.Encryption
	p.FunctionName = func(does string) string { return b.stage.FunctionName(stage.Purpose(of, does)) }
	p.RoleName = func(does string) string { return b.stage.RoleName(stage.Purpose(of, does)) }
	p.QueueName = func(does string) string { return b.stage.QueueName(stage.Purpose(of, does)) }
	return p
}

// functions attaches the stage's functions to the bucket of p.
func (b buckets) functions(id string, p objectfunctions.Props) {
	functions := objectfunctions.New(b.Stack, id+"Functions", b.configured(p))
	for _, v := range b.stage.Functions.Verbs {
		name := functions.Of[v].Name
		b.watch(id+objectfunctions.ID(v), name, p, string(v))
		b.output(id+objectfunctions.ID(v), does[v], name)
	}
	if q := functions.PutQueue; q != nil {
		b.watched.DeadLetters = append(b.watched.DeadLetters, alarms.Queue{ID: id + "Put", Name: q.DeadLetterName})
		b.output(id+"PutQueue", "Queue of the put function's events; try: aws sqs send-message --message-body '{}' --queue-url <value>", q.URL)
		b.output(id+"PutDeadLetters", "Events that failed; try: aws sqs receive-message --queue-url <value>", q.DeadLetterURL)
	}
}

// ingest copies new objects of other buckets into the bucket of p.
func (b buckets) ingest(id string, p objectfunctions.Props, from []stage.IngestSource) {
	p = b.configured(p)
	var sources []objectfunctions.IngestSource
	for _, s := range from {
		sources = append(sources, objectfunctions.IngestSource(s))
	}
	made := objectfunctions.NewIngest(b.Stack, id+"Ingest", p, sources...)
	b.watch(id+"Ingest", made.Function.Name, p, "ingest")
	b.watched.DeadLetters = append(b.watched.DeadLetters, alarms.Queue{ID: id + "Ingest", Name: made.Queue.DeadLetterName})
	b.output(id+"IngestQueueArn", "Queue for the notifications s3:ObjectCreated:* of "+sources[0].Bucket+" and the others of ingestFrom", made.Queue.ARN)
	b.output(id+"IngestDeadLetters", "Notifications that failed; try: aws sqs receive-message --queue-url <value>", made.Queue.DeadLetterURL)
}

// watch has alarms on a function of the bucket of p, if the stage has any.
func (b buckets) watch(id, name string, p objectfunctions.Props, verb string) {
	f := alarms.Function{ID: id, Name: name}
	if b.stage.Functions.Metrics {
		f.Bucket, f.Verb = *p.Bucket.BucketName(), verb
	}
	b.watched.Functions = append(b.watched.Functions, f)
}

// rotation rotates the key ring of p.
func (b buckets) rotation(id string, everyDays int, p objectfunctions.Props) {
	f := b.stage.Functions
	purpose := stage.Purpose(p.Encryption, stage.DoesRotate)
	made := rotation.New(b.Stack, id+"Rotation", rotation.Props{
		FunctionName: b.stage.FunctionName(purpose), RoleName: b.stage.RoleName(purpose),
		KeyRingARN: p.KeyRingARN, KeyRingKeyARN: p.KeyRingKeyARN, Bucket: p.Bucket, EveryDays: everyDays,
		CodeDir: b.codeDir + "/" + f.Architecture, Architecture: f.Architecture, LogDays: b.stage.Retention.FunctionLogDays,
		Metrics: f.Metrics || b.stage.Alarms != nil, Tracing: f.Tracing,
	})
	b.watched.BucketName, b.watched.RotateFunction = *p.Bucket.BucketName(), made.Name
	b.output(id+"Rotate", "Rotates the key ring; try: aws secretsmanager rotate-secret --secret-id <"+id+"KeyRingArn>", made.Name)
}

// sweep makes what moves objects to the primary key of p.
func (b buckets) sweep(id string, engine stage.SweepEngine, p objectfunctions.Props) {
	f := b.stage.Functions
	purpose := stage.Purpose(p.Encryption, stage.DoesSweep)
	made := sweep.New(b.Stack, id+"Sweeper", sweep.Props{
		FunctionName: b.stage.FunctionName(purpose), RoleName: b.stage.RoleName(purpose),
		MachineRoleName: b.stage.RoleName(stage.Purpose(p.Encryption, stage.DoesSweepMachine)),
		Bucket:          p.Bucket, KeyRingARN: p.KeyRingARN, KeyRingKeyARN: p.KeyRingKeyARN, Map: engine == stage.SweepMap,
		CodeDir: b.codeDir + "/" + f.Architecture, Architecture: f.Architecture, LogDays: b.stage.Retention.FunctionLogDays,
		Metrics: f.Metrics || b.stage.Alarms != nil, Tracing: f.Tracing,
	})
	b.watched.BucketName, b.watched.SweepFunction = *p.Bucket.BucketName(), made.Function.Name
	b.watched.Functions = append(b.watched.Functions, alarms.Function{ID: id + "Sweep", Name: b.watched.SweepFunction})
	b.output(id+"Sweep", "Moves objects to the primary key; try: "+invoke, made.Function.Name)
	if made.MachineARN != "" {
		b.output(id+"SweepMachine", "Moves millions of them; try: aws stepfunctions start-execution --state-machine-arn <value>", made.MachineARN)
	}
}

// The lines that try a function.
const (
	invoke     = "aws lambda invoke --function-name <value> /dev/stdout"
	invokeWith = "aws lambda invoke --function-name <value> --cli-binary-format raw-in-base64-out /dev/stdout --payload "
)

// does says what each function does, and how to try it.
var does = map[policy.Verb]string{
	policy.VerbPut:     "Uploads an object; try: " + invoke,
	policy.VerbGet:     "Reads it back; try: " + invoke,
	policy.VerbHead:    "Says what an object is, without its body; try: " + invoke,
	policy.VerbList:    "Lists objects; try: " + invoke,
	policy.VerbDelete:  "Puts a delete marker on an object; try: " + invokeWith + `'{"key":"test-object"}'`,
	policy.VerbCopy:    "Copies an object and encrypts it anew; try: " + invokeWith + `'{"from":{"key":"test-object"},"key":"copy"}'`,
	policy.VerbPresign: "Signs a URL to upload or read an object; try: " + invoke,
	policy.VerbStream:  "Streams an object of any size to InvokeWithResponseStream; a small one: " + invoke,
}
