// Package resource makes a resource in one call to the CDK's kernel. The CDK's own
// classes need about eight: one for each constant, removal policy, metadata,
// dependency and attribute, and a call costs as much as the kernel's own work.
//
// Module is the other side of it, a jsii module of our own, which the kernel loads
// as it loads the CDK.
package resource

import (
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/nag"
	"github.com/s3seal/s3seal/iam"
)

// Resource says what to make.
type Resource struct {
	// Class is one of the CDK's classes for a resource of CloudFormation's, with
	// its submodule, such as "aws_s3.CfnBucket".
	Class string

	// Props is a pointer to the props of the class.
	Props any

	// Retain keeps the resource when its stack is deleted, or another replaces it.
	// Only a first deployment that fails removes it, since its name would be in
	// the way of the next one.
	Retain bool

	// Accept holds reasons for findings of cdk-nag.
	Accept []nag.Reason

	// LogicalID replaces the CDK's. Default: of the path.
	LogicalID string

	// After are the paths of what must exist before, below the same scope.
	After []string

	// Code is the folder of a function's code, for its prop of that name.
	Code string
}

// Make makes the resource at a path below the scope, ids with "/" between them, and
// returns attributes of it: "ref", or those that Fn::GetAtt has, such as "attrArn".
func Make(scope constructs.Construct, path string, r Resource, attributes ...string) []string {
	initialize()
	spec := map[string]any{
		"class": r.Class, "path": ids(path), "props": r.Props, "retain": r.Retain, "logicalId": r.LogicalID, "code": r.Code,
		"after": paths(r.After), "attributes": attributes,
	}
	if r.Accept != nil {
		spec["metadata"] = nag.Metadata(r.Accept...)
	}
	var values []*string
	invoke("make", []any{scope, spec}, &values)
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = *v
	}
	return texts
}

// MakeKey makes a key that rotates, at a path below the scope, and returns its ARN.
// It stays, as what is retained does, and is of the class that the CDK's own grants
// extend.
func MakeKey(scope constructs.Construct, path, description string, document iam.Document, rotationDays int) string {
	initialize()
	var arn *string
	invoke("makeKey", []any{scope, ids(path), map[string]any{
		"description": description, "policy": document.Map(), "rotationDays": rotationDays,
	}}, &arn)
	return *arn
}

// MakeBucketPolicy gives the bucket at a path below the scope, whose resource is
// its child "Resource", a policy, its child "Policy". Both stay with each other: a
// retained bucket without it would accept what the policy refuses.
func MakeBucketPolicy(scope constructs.Construct, path string, document iam.Document, after ...string) {
	initialize()
	invokeVoid("makePolicy", []any{scope, path, document.Map(), paths(after)})
}

// MakeOutputs makes outputs of CloudFormation's: each has an id and the props.
func MakeOutputs(scope constructs.Construct, outputs []any) {
	initialize()
	invokeVoid("makeOutputs", []any{scope, outputs})
}

// Acknowledged are the rules of a plugin that constructs of an app acknowledge: a
// JSON object of shard.Acknowledgement, by rule.
func Acknowledged(app constructs.IConstruct, plugin string) string {
	initialize()
	var found *string
	invoke("acknowledged", []any{app, plugin}, &found)
	return *found
}

// Find is the construct at a path below the scope. It costs two calls an id.
func Find(scope constructs.IConstruct, path string) constructs.IConstruct {
	for _, id := range ids(path) {
		scope = scope.Node().FindChild(jsii.String(id))
	}
	return scope
}

func ids(path string) []string { return strings.Split(path, "/") }

func paths(list []string) (split [][]string) {
	for _, path := range list {
		split = append(split, ids(path))
	}
	return split
}
