package api

import (
	"maps"
	"slices"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
)

// ServiceCall is a call that an AWS service makes itself, under its principal
// ("lambda.amazonaws.com"), from an account and Region: to assume a role, or
// to act where a resource's policy lets the service in. It comes over TLS 1.3
// from no address that a policy could name.
func ServiceCall(principal, account, region string, now time.Time) Call {
	return Call{
		RequestID: UUID(), Caller: iam.ServicePrincipal(principal), Account: account, Region: region,
		Time: now, Secure: true, Context: map[string]iam.Strings{conditionkey.TLSVersion: {"1.3"}},
	}
}

// For is the call of a service that passes on for which resource it works.
// Only some services do so, as their pages show: for the roles that S3
// replication, Lambda and CloudFormation assume no page does, so their calls go
// without, and a trust policy that demands the keys keeps them out.
//
// Source: IAM user guide, reference_policies_condition-keys, aws:SourceArn and
// aws:SourceAccount.
func (c Call) For(resourceARN, account string) Call {
	return c.with(map[string]iam.Strings{conditionkey.SourceARN: {resourceARN}, conditionkey.SourceAccount: {account}})
}

// AsSession is the call of a session of a role: what the request is stays, who
// the service was and for which resource it worked goes.
func (c Call) AsSession(roleARN, sessionName, account string) Call {
	c = c.with(nil, conditionkey.SourceARN, conditionkey.SourceAccount)
	c.Caller, c.Account, c.Session = iam.RoleSession(roleARN, sessionName), account, nil
	return c
}

// Via is the call that a service ("s3") makes in the caller's name to another
// one, in a Region. The address is then no longer that of the caller.
//
// Source: IAM user guide, reference_policies_condition-keys (aws:ViaAWSService)
// and access_forward_access_sessions; KMS developer guide, conditions-kms
// (kms:ViaService) and conditions-aws (aws:SourceIp).
func (c Call) Via(service, region string) Call {
	c.Region = region
	return c.with(map[string]iam.Strings{
		conditionkey.ViaService: {service + "." + region + ".amazonaws.com"}, conditionkey.ViaAWSService: {"true"},
	}, "aws:SourceIp")
}

// CalledVia is the call that a service ("cloudformation.amazonaws.com") makes in
// the caller's name, for the services that say so by aws:CalledVia.
//
// Source: IAM user guide, reference_policies_condition-keys, aws:CalledVia.
func (c Call) CalledVia(principal string) Call {
	via := append(slices.Clone(c.Context["aws:CalledVia"]), principal)
	return c.with(map[string]iam.Strings{
		"aws:CalledVia": via, "aws:CalledViaFirst": via[:1], "aws:CalledViaLast": {principal}, conditionkey.ViaAWSService: {"true"},
	})
}

// with is c with more condition keys and without others.
func (c Call) with(keys map[string]iam.Strings, without ...string) Call {
	context := map[string]iam.Strings{}
	maps.Copy(context, c.Context)
	maps.Copy(context, keys)
	for _, k := range without {
		delete(context, k)
	}
	c.Context = context
	return c
}
