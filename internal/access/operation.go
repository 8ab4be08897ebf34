package access

import (
	"slices"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/question"
)

// Operation is something that a principal may try with a resource.
type Operation struct {
	Name     string
	Action   string
	Resource string // ARN
	Context  question.Context

	// BlockedBy is what of the resource's settings, beside its policies,
	// refuses the operation to everybody; "" for nothing.
	BlockedBy string

	// Assumed is the policy that a resource outside the stacks is taken to
	// have; nil: none.
	Assumed *iam.Source

	further bool // only policies speak of it

	// beside is the access levels of the actions for which this one stands, in
	// words: see askBeside. "" for an operation that stands for itself.
	beside string
}

// called is what stands in a name for the action.
func (o Operation) called() string {
	if o.beside != "" {
		return o.Name
	}
	return o.Action
}

// with is o with further condition keys.
func (o Operation) with(more question.Context) Operation {
	o.Context = question.With(o.Context, more)
	return o
}

// over is o as it comes in another way.
func (o Operation) over(way question.Context) Operation {
	o.Context = way
	return o
}

// Operation is any action on the resource, or on an object of it: arn is the one
// that the request is about.
func (r Resource) Operation(action, arn string, keys question.Context) Operation {
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

// What can be tried with the resources whose requests need no condition keys.

func secretOperations(arn string) []Operation {
	return simple(arn, "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue",
		"secretsmanager:UpdateSecretVersionStage", "secretsmanager:DeleteSecret")
}

func roleOperations(arn string) []Operation { return simple(arn, "sts:AssumeRole") }

func functionOperations(arn string) []Operation {
	return simple(arn, "lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:UpdateFunctionCode")
}

// accessPointOperations are on the objects behind it, and on its bucket.
func accessPointOperations(arn string) []Operation {
	var list []Operation
	for _, o := range append(simple(arn+"/object/object", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"), simple(arn, "s3:ListBucket")...) {
		list = append(list, o.over(question.OverTLS))
	}
	return list
}

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
