package access

import (
	"maps"
	"slices"

	"github.com/s3seal/s3seal/iam"
)

// Operation is something that a principal may try with a resource.
type Operation struct {
	Name     string
	Action   string
	Resource string // ARN
	Context  map[string]iam.Strings

	// BlockedBy is what of the resource's settings, beside its policies,
	// refuses the operation to everybody; "" for nothing.
	BlockedBy string

	// Assumed is the policy that a resource outside the stacks is taken to
	// have; nil: none.
	Assumed *iam.Source
}

type context = map[string]iam.Strings

// with is c with further keys; a nil value takes a key out.
func (o Operation) with(more context) Operation {
	c := maps.Clone(o.Context)
	if c == nil {
		c = context{}
	}
	for k, v := range more {
		if v == nil {
			delete(c, k)
			continue
		}
		c[k] = v
	}
	o.Context = c
	return o
}

// Operation is any action on the resource, or on an object of it: arn is the one
// that the request is about.
func (r Resource) Operation(action, arn string, keys map[string]iam.Strings) Operation {
	return Operation{Name: action, Action: action, Resource: arn, Context: keys, Assumed: r.Assumed}.blocked(r.bucket)
}

// OfObjects says whether the tables ask about an action for the objects of a
// bucket, and not for the bucket itself.
func (r Resource) OfObjects(action string) bool {
	return r.bucket != nil && slices.ContainsFunc(r.Operations, func(o Operation) bool { return o.Action == action && o.Resource != r.ARN })
}

func (o Operation) named(name string) Operation {
	o.Name = name
	return o
}

// How a request to S3 came.
var (
	overTLS   = context{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.3"}}
	overTLS12 = context{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.2"}}
	overTLS11 = context{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.1"}}
	overHTTP  = context{"aws:SecureTransport": {"false"}, "s3:TlsVersion": nil}
)

// What can be tried with the resources whose requests need no condition keys.

func secretOperations(arn string) []Operation {
	return simple(arn, "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue",
		"secretsmanager:UpdateSecretVersionStage", "secretsmanager:DeleteSecret")
}

func roleOperations(arn string) []Operation { return simple(arn, "sts:AssumeRole") }

func logGroupOperations(arn string) []Operation {
	return simple(arn, "logs:CreateLogStream", "logs:PutLogEvents", "logs:GetLogEvents", "logs:DeleteLogGroup")
}

func stackOperations(arn string) []Operation {
	return simple(arn, "cloudformation:DescribeStacks", "cloudformation:UpdateStack")
}

func simple(arn string, actions ...string) []Operation {
	var list []Operation
	for _, a := range actions {
		list = append(list, Operation{Name: a, Action: a, Resource: arn})
	}
	return list
}
