// Package resource is what stacks deploy, taken together: buckets, access points,
// keys, secrets, functions, roles, users and groups with everything that grants or
// limits as concrete documents, in whatever account they are, so that a request
// from one account to another can be decided from the templates alone.
//
//	set := resource.Read(assembly.Stacks)
//	decision := set.Decide(resource.Request{
//		Caller:   iam.ServicePrincipal("logging.s3.amazonaws.com"),
//		Action:   "s3:PutObject",
//		Resource: bucket.ARN + "/log",
//	})
//
// What can grant or limit is of two kinds. There is no third: a decision never
// rests on something in silence.
//
// # What is read
//
//   - of a caller: the policies inside of roles, users and groups; AWS::IAM::Policy,
//     ManagedPolicy, RolePolicy, UserPolicy and GroupPolicy; managed policies by ARN,
//     of the stacks and, where package managedpolicy has their text, of AWS;
//     permissions boundaries; memberships of groups; permission sets of IAM Identity
//     Center, which are roles in the accounts to which they are assigned
//   - of a resource: the policies of buckets, access points, keys and their replicas,
//     secrets and functions (AWS::Lambda::Permission, ResourcePolicy), the trust of
//     roles; the canned ACL of a bucket, Object Ownership and Block Public Access
//   - of an organization: SCPs and RCPs that stacks attach to accounts, and those
//     that [Set.Limit] is given
//   - nested stacks whose templates are beside those that hold them
//   - the policy that a stack gives a bucket which no stack makes; the rest of such
//     a bucket is unread
//
// # What is named as unread
//
// It makes the answers that it can change unknown, with itself as the reason:
//
//   - whatever a template doesn't tell: a parameter without a value, an attribute
//     that AWS chooses, a condition, a macro
//   - managed policies whose text isn't known, and those of service-linked roles
//   - nested stacks elsewhere, stack sets, provisioned products, modules, custom
//     resources, and types that aren't of AWS, for what they are handed and, where
//     they deploy a template, for whatever has a name that they may write
//   - the ACLs of objects; a bucket's ACL for Amazon EC2
//   - S3 Access Grants, S3 Files, Lake Formation and shares of AWS RAM, for what
//     they open
//   - multi-Region access points, and those of Object Lambda and directory buckets
//   - the policies of other services' resources, which unmodelled lists
//   - the policies of VPC endpoints, for requests that come through one
//   - SCPs and RCPs of a root or a unit, whose accounts no template tells
//
// What only limits leaves a denial certain.
//
// All other types of AWS grant nothing by themselves: what a service does, it does as
// a principal that a policy admits, or as a role that trusts it. So do
// AWS::IAM::InstanceProfile, OIDCProvider and SAMLProvider.
//
// Session policies, such as those of a Roles Anywhere profile or a Transfer user, are
// of one way to come by a session: give them with the question.
//
// What isn't in templates isn't there: grants of KMS, Block Public Access of a whole
// account, policies that somebody attaches by hand.
package resource
