// Package objectfunctions attaches Lambda functions to a bucket, one for each
// verb: put, which uploads an object under the bucket's encryption, get, which
// reads one back, and more. docs/functions-verbs.md has their events and answers.
package objectfunctions

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/function"
	"github.com/s3seal/s3seal/constructs/internal/environment"
	lambda "github.com/s3seal/s3seal/constructs/internal/function"
	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/constructs/key"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// Props says what functions to make.
type Props struct {
	// Bucket is where the objects are. Required.
	Bucket bucket.Reference

	// Encryption is the bucket's pattern. Required.
	Encryption encryption.Pattern

	// Key is the bucket's customer managed key. Required with the patterns
	// that have one.
	Key key.Reference

	// BucketKey says whether the bucket has an S3 Bucket Key under Key.
	// Default: false.
	BucketKey bool

	// KeyRingARN is the secret with the keys of SSE-C, whose whole ARN ends in
	// six characters that Secrets Manager adds. Required with sse-c.
	KeyRingARN string

	// KeyRingKeyARN is the customer managed key of that secret. Default: none,
	// the account's key aws/secretsmanager.
	KeyRingKeyARN string

	// Verbs are what functions to make, each once. Default: put and get.
	Verbs []policy.Verb

	// CodeDir holds the built functions, such as put/bootstrap and
	// get/bootstrap: for each verb, GOOS=linux GOARCH=arm64 CGO_ENABLED=0 go build
	// -o CODEDIR/put/bootstrap github.com/s3seal/s3seal/lambda/put. Required.
	CodeDir string

	// Architecture is "arm64" or "x86_64", and must be what CodeDir was built
	// for. Required.
	Architecture string

	// MemoryMB is each function's memory in MiB, 128-10240. Default: 256.
	MemoryMB int

	// TimeoutSeconds is each function's timeout, 3-900. Default: 30.
	// Source: lambda/latest/dg/gettingstarted-limits.html.
	TimeoutSeconds int

	// LogDays is how long logs are kept, in days; a value that CloudWatch Logs
	// accepts. Default: 365.
	// Source: AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html.
	LogDays int

	// ReservedConcurrency caps how many copies of each function run at once.
	// Default: nil, the account's pool.
	ReservedConcurrency *int

	// Queue gives the put function a queue, whose messages are its events.
	// Default: false.
	Queue bool

	// PutIfMatch lets the put function accept ifMatch. It may then read all
	// objects. Default: false.
	PutIfMatch bool

	// Metrics lets the functions write CloudWatch metrics into their logs.
	// Default: false.
	Metrics bool

	// Tracing lets Lambda send traces of the functions to AWS X-Ray. Default:
	// false.
	Tracing bool

	// FunctionName, RoleName and QueueName return the name of what does something:
	// "put" and the other verbs, "ingest", or of the queue of dead letters,
	// "put-dead-letters". Default, for "" too: CloudFormation makes it up.
	FunctionName, RoleName, QueueName func(does string) string
}

// named is the name by one of those.
func named(by func(does string) string, does string) string {
	if by == nil {
		return ""
	}
	return by(does)
}

// ObjectKey is the object that the functions use when an event names none.
const ObjectKey = "test-object"

// putURLSeconds is how long a presigned URL may be good for that uploads under
// SSE-C. It is under the key that was the primary when it was signed, which can't
// retire before that time.
const putURLSeconds = 3600

// Functions are the functions by their verbs.
type Functions struct {
	Of       map[policy.Verb]function.Function
	PutQueue *Queue // of put; nil without Queue
}

// New makes the functions, each with a role and a log group of its own. It
// panics, as constructs do, on a prop that is missing.
func New(scope constructs.Construct, id string, p Props) Functions {
	if p.Verbs == nil {
		p.Verbs = []policy.Verb{policy.VerbPut, policy.VerbGet}
	}
	p = p.withDefaults()
	at := environment.Of(scope)
	refusal.Check("functions", scope, id, p.faults()...)
	objects, variables := p.objects(at), p.variables()
	made := Functions{Of: map[policy.Verb]function.Function{}}
	for _, v := range p.Verbs {
		variables, statements := variables, objects.Allow(v)
		if v == policy.VerbPut && p.Queue {
			queue := p.newQueue(scope, id+"/Put", "put")
			variables = maps.Clone(variables)
			variables["QUEUE_ARN"] = &queue.ARN
			statements = append(statements, policy.ConsumeQueue(queue.ARN))
			made.PutQueue = &queue
		}
		if v == policy.VerbPresign && p.Encryption.Traits().Key == encryption.CustomerProvided {
			variables = maps.Clone(variables)
			variables["PUT_URL_SECONDS"] = jsii.String(strconv.Itoa(putURLSeconds))
		}
		made.Of[v] = p.function(scope, id+"/"+ID(v), string(v), variables, statements)
	}
	if made.PutQueue != nil {
		feed(scope, id+"/PutMessages", made.Of[policy.VerbPut], *made.PutQueue, &awslambda.CfnEventSourceMappingProps{}, p.ReservedConcurrency)
	}
	return made
}

// ID is the id of a verb's function in its construct.
func ID(v policy.Verb) string { return strings.ToUpper(string(v[:1])) + string(v[1:]) }

func (p Props) withDefaults() Props {
	p.MemoryMB = cmp.Or(p.MemoryMB, 256)
	p.TimeoutSeconds = cmp.Or(p.TimeoutSeconds, 30)
	p.LogDays = cmp.Or(p.LogDays, 365)
	return p
}

// objects is the bucket as the functions' policies need to know it.
func (p Props) objects(at environment.Environment) policy.Objects {
	o := policy.Objects{
		BucketARN:  *p.Bucket.BucketArn(),
		ViaService: at.ViaService("s3"),
		BucketKey:  p.BucketKey,
		PutIfMatch: p.PutIfMatch,
		SecretARN:  p.KeyRingARN, SecretKeyARN: p.KeyRingKeyARN, SecretViaService: at.ViaService("secretsmanager"),
	}
	if p.Key != nil {
		o.KMSKeyARN = *p.Key.KeyArn()
	}
	return o
}

// variables are the environment that all functions have.
func (p Props) variables() map[string]*string {
	v := map[string]*string{
		"BUCKET_NAME": p.Bucket.BucketName(),
		"OBJECT_KEY":  jsii.String(ObjectKey),
		"ENCRYPTION":  jsii.String(string(p.Encryption)),
	}
	if p.Key != nil {
		v["KMS_KEY_ARN"] = p.Key.KeyArn()
	}
	if p.KeyRingARN != "" {
		v["SECRET_ARN"] = &p.KeyRingARN
	}
	return v
}

// faults says which props are missing or contradict the encryption.
func (p Props) faults() []string {
	faults := []string{
		refusal.Missing("CodeDir", p.CodeDir, "the folder of the built functions"),
		refusal.OneOf("Architecture", p.Architecture, "arm64", "x86_64"),
		refusal.OneOf("Encryption", p.Encryption, encryption.Patterns()...),
		refusal.Range("MemoryMB", p.MemoryMB, 128, 10240),
		refusal.Range("TimeoutSeconds", p.TimeoutSeconds, 3, 900),
	}
	for i, v := range p.Verbs {
		faults = append(faults, refusal.OneOf(fmt.Sprintf("Verbs[%d]", i), v, policy.Verbs()...))
		if slices.Contains(p.Verbs[:i], v) {
			faults = append(faults, fmt.Sprintf("Verbs[%d] %s comes twice: remove one", i, v))
		}
	}
	if p.Queue && p.Verbs != nil && !slices.Contains(p.Verbs, policy.VerbPut) {
		faults = append(faults, "Queue without the verb put, whose events its messages are: add it to Verbs, or leave Queue out")
	}
	if p.PutIfMatch && p.Verbs != nil && !slices.Contains(p.Verbs, policy.VerbPut) {
		faults = append(faults, "PutIfMatch without the verb put: add it to Verbs, or leave PutIfMatch out")
	}
	if p.Bucket == nil {
		faults = append(faults, "no Bucket: set it to the bucket of the objects")
	}
	switch key := p.Encryption.Traits().Key; {
	case (key == encryption.CustomerManaged) != (p.Key != nil):
		faults = append(faults, fmt.Sprintf("Encryption %s with Key set: %t: set Key with the patterns that use a customer managed key, and only with them", p.Encryption, p.Key != nil))
	case (key == encryption.CustomerProvided) != (p.KeyRingARN != ""):
		faults = append(faults, fmt.Sprintf("Encryption %s with KeyRingARN %q: set it with sse-c, and only with it", p.Encryption, p.KeyRingARN))
	}
	return faults
}

func (p Props) function(scope constructs.Construct, id, dir string, variables map[string]*string, statements []iam.Statement) function.Function {
	return lambda.New(scope, id, lambda.Props{
		Name: named(p.FunctionName, dir), RoleName: named(p.RoleName, dir),
		Code: p.CodeDir + "/" + dir, Architecture: p.Architecture, MemoryMB: p.MemoryMB, TimeoutSeconds: p.TimeoutSeconds,
		LogDays: p.LogDays, ReservedConcurrency: p.ReservedConcurrency, Variables: variables,
		Policy: "Objects", Statements: statements, Metrics: p.Metrics, Tracing: p.Tracing,
		Wildcards:     "The wildcard stands for the objects of one bucket, and for the streams of one log group.",
		Unreserved:    "Reserved concurrency is the stage's choice (functions.reservedConcurrency); a default would take from the account's pool.",
		NoDeadLetters: "The functions are invoked synchronously and answer their caller with a typed error; nothing invokes them asynchronously.",
	})
}
