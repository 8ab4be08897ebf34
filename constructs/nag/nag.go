// Package nag records, next to a resource, which findings of cdk-nag do not
// apply to it and why.
//
// It writes the metadata that cdk-nag reads, rather than calling cdk-nag: the
// app then does not load cdk-nag at every synth, and a reviewer sees the
// reasons in the template.
package nag

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
)

// Reason says why rules do not apply to a resource.
type Reason struct {
	Rules  []string // such as "AwsSolutions-S1"
	Reason string   // at least ten characters, true of this resource
}

// Metadata is what cdk-nag reads of the reasons in a resource's metadata, by key.
func Metadata(reasons ...Reason) map[string]any {
	rules := []any{}
	for _, r := range reasons {
		for _, id := range r.Rules {
			rules = append(rules, map[string]any{"id": id, "reason": r.Reason})
		}
	}
	return map[string]any{"cdk_nag": map[string]any{"rules_to_suppress": rules}}
}

// Accept records reasons on the resource behind a construct.
func Accept(c constructs.IConstruct, reasons ...Reason) {
	resource, ok := c.(awscdk.CfnResource)
	if !ok {
		resource = c.Node().DefaultChild().(awscdk.CfnResource)
	}
	for key, value := range Metadata(reasons...) {
		resource.AddMetadata(&key, value)
	}
}
