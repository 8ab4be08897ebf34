package stage

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	// An ECR repository's name has no two separators beside each other, and a
	// bucket's no capitals, though the bootstrap template would accept both.
	qualifier       = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	stackName       = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,127}$`)
	iamName         = regexp.MustCompile(`^([\w+=,.@-]+/)*[\w+=,.@-]+$`)
	managedPolicy   = regexp.MustCompile(`^arn:([a-z-]+|\{partition\}):iam::(aws|\{account\}|[0-9]{12}):policy/([\w+=,.@-]+/)*[\w+=,.@-]{1,128}$`)
	bracedName      = regexp.MustCompile(`\{[^}]*\}?`)
	maxRolePolicies = 20 // of IAM's quota for a role, which is 10 unless it was raised
)

// checkBootstrap checks how the environments of the stages are prepared.
//
// Sources: the parameters of `cdk bootstrap --show-template`, and
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func (d *document) checkBootstrap(b *Bootstrap, stages []Stage) {
	const at = "bootstrap"
	if d.failed(at) {
		return
	}
	d.matches(at+".qualifier", b.Qualifier, "write 1 to 10 of a-z, 0-9 and single hyphens between them", func(s string) bool {
		return len(s) <= 10 && qualifier.MatchString(s)
	})
	d.matches(at+".stackName", b.StackName, "write a letter and up to 127 more letters, digits and hyphens", stackName.MatchString)
	for _, list := range []struct {
		path     string
		accounts []string
	}{{at + ".trust", b.Trust}, {at + ".trustForLookup", b.TrustForLookup}} {
		for i, account := range list.accounts {
			d.checkAccount(fmt.Sprintf("%s[%d]", list.path, i), account)
		}
		checkUnique(d, list.path, list.accounts)
	}
	d.checkExecutionPolicies(at+".executionPolicies", b.ExecutionPolicies, stages)
	const named = "write the policy's name, with its path if it has one, such as developers/boundary"
	if strings.HasPrefix(b.PermissionsBoundary, "arn:") {
		d.report(at+".permissionsBoundary", "permissionsBoundary %s is an ARN: %s", quote(b.PermissionsBoundary), named)
	}
	d.matches(at+".permissionsBoundary", b.PermissionsBoundary, named, iamName.MatchString)
	if on := at + ".boundaryOnAllRoles"; b.BoundaryOnAllRoles != nil && *b.BoundaryOnAllRoles && !d.has(at+".permissionsBoundary") {
		d.report(on, "boundaryOnAllRoles without permissionsBoundary has no effect: write the boundary's name, or remove the line")
	}
	d.checkTags(at+".tags", b.Tags)
	d.matches(at+".profile", b.Profile, "write a profile's name, which may hold {account} and {region}", func(s string) bool {
		return s != "" && !strings.ContainsAny(Environment{"111122223333", "eu-west-1"}.ExpandIn(s), "{}\n")
	})
	if strings.HasPrefix(b.Role, "arn:") {
		d.report(at+".role", "role %s is an ARN: write the role's name, which is the same in each account, such as OrganizationAccountAccessRole", quote(b.Role))
	}
	d.matches(at+".role", b.Role, "write the name of a role that each account has, such as OrganizationAccountAccessRole", iamName.MatchString)
}

// matches checks a text that the file has.
func (d *document) matches(path, value, instead string, ok func(string) bool) {
	if d.has(path) && !d.failed(path) && !ok(value) {
		d.report(path, "%s %s: %s", lastName(path), quote(value), instead)
	}
}

func (d *document) checkExecutionPolicies(path string, arns []string, stages []Stage) {
	if d.has(path) && !d.failed(path) && len(arns) == 0 {
		d.report(path, "executionPolicies is empty, and CloudFormation could make nothing: write the policies' ARNs, or remove the line for generated ones")
	}
	if len(arns) > maxRolePolicies {
		d.report(path, "executionPolicies has %d policies: write at most %d, the most that IAM lets a role have", len(arns), maxRolePolicies)
	}
	for i, arn := range arns {
		at := fmt.Sprintf("%s[%d]", path, i)
		if d.failed(at) {
			continue
		}
		m := managedPolicy.FindStringSubmatch(arn)
		const example = "arn:aws:iam::aws:policy/AmazonS3FullAccess or arn:aws:iam::{account}:policy/deploy"
		switch other := bracedName.FindString(strings.NewReplacer("{account}", "", "{partition}", "").Replace(arn)); {
		case other != "":
			d.report(at, "unknown placeholder %s: write {account} or {partition}", quote(other))
		case m == nil:
			d.report(at, "%s isn't the ARN of a managed policy: write one, such as %s", quote(arn), example)
		default:
			d.checkPolicyOf(at, m[1], m[2], stages)
		}
	}
	checkUnique(d, path, arns)
}

// checkPolicyOf checks that a policy can be attached to a role of every
// environment: one of another account or partition can't.
func (d *document) checkPolicyOf(path, partition, account string, stages []Stage) {
	for i := range stages {
		for _, e := range stages[i].environments() {
			switch {
			case d.environmentFailed(&stages[i], e):
			case partition != "{partition}" && partition != e.Partition():
				d.report(path, "the policy is of the partition %s, and %s of %s: write arn:{partition}:", partition, e.Region, e.Partition())
			case account != "aws" && account != "{account}" && account != e.Account:
				d.report(path, "the policy is of account %s, and can't be attached in %s: write {account} for each account's own", account, e.Account)
			}
		}
	}
}
