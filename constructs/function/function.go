// Package function says what the constructs that make Lambda functions return of
// them.
package function

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Function is a function of the scope's stack. The texts are references, which
// only a deployment resolves.
type Function struct{ Name, ARN, RoleARN string }

// IFunction is the function where the CDK wants one of its own, such as for a
// grant, under an id that the scope doesn't have.
func (f Function) IFunction(scope constructs.Construct, id string) awslambda.IFunction {
	return awslambda.Function_FromFunctionAttributes(scope, &id, &awslambda.FunctionAttributes{
		FunctionArn:     &f.ARN,
		Role:            awsiam.Role_FromRoleArn(scope, jsii.String(id+"Role"), &f.RoleARN, nil),
		SameEnvironment: jsii.Bool(true),
	})
}
