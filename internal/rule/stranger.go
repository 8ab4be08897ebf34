package rule

import (
	"cmp"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// closedToStrangers says whether the policy's own Deny statements keep everybody
// out whom no statement means: what one statement opens, another one may close.
func closedToStrangers(p *resource.Policy, s iam.Statement) bool {
	policy := iam.Source{Document: iam.Document{Version: iam.Version, Statement: firm(p)}}
	account := cmp.Or(p.Resource.Stack().Account, someAccount)
	if len(policy.Document.Statement) == 0 || len(s.Action) == 0 || len(s.Resource) == 0 {
		return false
	}
	concrete := strings.NewReplacer("*", "x", "?", "x")
	for _, ask := range strangers(s) {
		for _, action := range s.Action {
			for _, arn := range s.Resource {
				ask.Action, ask.Resource, ask.ResourceAccount = concrete.Replace(action), concrete.Replace(arn), account
				if !iam.Evaluate(ask, iam.Policies{Identity: everything, Resource: &policy}).Explicit {
					return false
				}
			}
		}
	}
	return true
}

// someAccount stands for that of a stack for any account. No statement that can
// be read without it names it.
const someAccount = "000000000000"

// strangers ask as those whom nobody means: of another account, as nobody, by
// the name that a condition wants, or as a service that acts for another account.
func strangers(s iam.Statement) []iam.Request {
	const partition = "aws"
	var list []iam.Request
	for _, v := range demanded(s.Condition, conditionkey.PrincipalARN) {
		if _, name, ok := strings.Cut(resource.ARN(v).Resource, "/"); ok {
			list = append(list, iam.Request{Caller: question.Role(partition, question.Stranger, strings.ReplaceAll(name, "*", "x"))})
		}
	}
	if admitsAll(s) && len(list) == 0 {
		list = append(list, iam.Request{Caller: question.Administrator(partition, question.Stranger)}, iam.Request{Caller: iam.Anonymous()})
	}
	if s.Principal != nil {
		for _, service := range s.Principal.Service {
			list = append(list, iam.Request{Caller: iam.ServicePrincipal(service), Context: context{conditionkey.SourceAccount: {question.Stranger}}})
		}
	}
	return list
}

// demanded are the values one of which a request must have for a key.
func demanded(c iam.Condition, key string) (values []string) {
	for operator, keys := range c {
		if strings.Contains(operator, "Not") || strings.HasSuffix(operator, "IfExists") || strings.HasPrefix(operator, "ForAllValues") || operator == "Null" {
			continue
		}
		for k, list := range keys {
			if strings.EqualFold(k, key) {
				values = append(values, list...)
			}
		}
	}
	return values
}

// firm are the Deny statements that hold whatever a caller writes into a
// request: without conditions, or with such on what a caller can't choose.
func firm(p *resource.Policy) []iam.Statement {
	var list []iam.Statement
	for _, s := range p.Statements {
		if s.Effect == iam.Deny && !conditionBeside(s.Condition, notChosen) {
			list = append(list, s.Statement)
		}
	}
	return list
}

// notChosen are the condition keys that AWS fills in about the caller, its
// account and its network.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var notChosen = []string{
	conditionkey.PrincipalARN, conditionkey.PrincipalAccount, conditionkey.PrincipalIsAWSService, "aws:PrincipalOrgID", "aws:PrincipalOrgPaths",
	"aws:PrincipalServiceName", "aws:PrincipalType", "aws:userid",
	conditionkey.SourceAccount, conditionkey.SourceARN, "aws:SourceOrgID", "aws:SourceOrgPaths",
	"aws:SourceIp", "aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn", "aws:VpcSourceIp", conditionkey.CallerAccount,
}
