// Package environment says in which account and Region a construct is.
package environment

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/policy"
)

// Environment is an account and a Region, with what their partition says: plain
// values where the stack has an environment of its own, tokens where it may be
// deployed anywhere.
type Environment struct {
	Account, Region, Partition, DNSSuffix string
}

// last is the scope that was asked about last, and its environment, which never
// changes: most constructs of a stack stand in one scope. The scope is compared
// and nothing else, so it may be of a kernel that has ended.
var last struct {
	scope constructs.Construct
	at    Environment
}

// Of is the environment of a scope's stack. It calls the CDK's kernel once or
// twice, and more often only for a stack without an environment: each call costs
// as much as making a resource.
func Of(scope constructs.Construct) Environment {
	if scope == nil {
		panic("a construct has no scope: give it its stack")
	}
	if scope != last.scope {
		last.at = of(scope)
		last.scope = scope
	}
	return last.at
}

func of(scope constructs.Construct) Environment {
	stack, ok := scope.(awscdk.Stack)
	if !ok {
		stack = awscdk.Stack_Of(scope)
	}
	account, region, _ := strings.Cut(strings.TrimPrefix(*stack.Environment(), "aws://"), "/")
	e := Named(account, region)
	if account == "unknown-account" {
		e.Account = *stack.Account()
	}
	if region == "unknown-region" {
		e.Region, e.Partition, e.DNSSuffix = *stack.Region(), *stack.Partition(), *stack.UrlSuffix()
	}
	return e
}

// Named is the environment of an account and a Region that are known.
func Named(account, region string) Environment {
	in := partition.Of(region)
	return Environment{Account: account, Region: region, Partition: in.Name, DNSSuffix: in.DNSSuffix}
}

// Known reports whether the account and the Region are plain values.
func (e Environment) Known() bool { return !IsToken(e.Account) && !IsToken(e.Region) }

// IsToken reports whether a text is, or holds, a token of the CDK's: what only a
// deployment knows. The CDK's own function would be a call to its kernel.
func IsToken(s string) bool { return strings.Contains(s, "${Token[") }

// BucketARN is the ARN of a bucket of a name in the partition.
func (e Environment) BucketARN(name string) string { return policy.BucketARN(e.Partition, name) }

// ViaService is the value of kms:ViaService for a service in the Region.
// Source: kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service.
func (e Environment) ViaService(service string) string {
	return service + "." + e.Region + "." + e.DNSSuffix
}
