// Package access answers, for the stacks of a stage and from their templates
// alone: who can read, write, decrypt or administer what, and which statement
// says so. It asks a fixed set of questions (every principal, every operation,
// every resource) and renders the answers as a table that is reviewed with each
// change.
//
// The principals are the roles that the stacks make, everyone whom a policy
// names, and people whom every account has or could have: its root user, an
// administrator, a user with all of S3 and none of KMS, a stranger who has all
// permissions of another account, that stranger with a role of the same name,
// and nobody (an unsigned request). A service that policies admit only for
// certain resources, such as one that delivers logs, asks for each of these, for
// another of the same account, and for one of a stranger. The stranger is what a policy must keep
// out; the administrator shows what only an explicit deny keeps out.
//
// The resources are those that the stacks make, and the secrets and keys outside
// of them that roles and buckets use. The policies of these aren't known; what
// is assumed instead stands in the table. What package resource could not read
// makes an answer that rests on it unknown.
package access
