// Package outputs shows people values after a deployment.
package outputs

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/s3seal/s3seal/constructs/internal/resource"
)

// Output is one value, such as a bucket's name.
type Output struct{ ID, Description, Value string }

// New makes outputs of the scope's stack.
func New(scope constructs.Construct, outputs ...Output) {
	var list []any
	for _, o := range outputs {
		list = append(list, map[string]any{
			"id": o.ID, "props": &awscdk.CfnOutputProps{Description: &o.Description, Value: &o.Value},
		})
	}
	resource.MakeOutputs(scope, list)
}
