// Package access answers, for the stacks of a stage and from their templates
// alone: who can read, write, decrypt or administer what, and which statement
// says so. It asks every principal for every operation on every resource, and
// renders the answers as a page that is reviewed with each change.
//
// The principals are derived from the policies, so that none admits somebody
// who is not asked. They are the roles, users and permission sets that the stacks
// make; everyone whom a statement names, as its principal or in a condition; and
// for each condition on whoever asks (an organization, an endpoint, an address, a
// tag) somebody who meets it, and whom a Deny spares for it. The evaluator itself
// says which values meet a condition. Somebody whom no caller can stand for, such
// as the id of a role that was deleted, is asked too: the answer is unknown.
//
// Beside them are people whom every account has or could have: its root user, an
// administrator, a user with all of S3 and none of KMS, a stranger who has all
// permissions of another account, that stranger with a role of the same name,
// and nobody (an unsigned request). A service that policies admit only for
// certain resources, such as one that delivers logs, asks for each of these, for
// another of the same account, and for one of a stranger. The stranger is what a
// policy must keep out; the administrator shows what only an explicit deny keeps
// out.
//
// The operations are a fixed set for each kind of resource, and what only
// policies speak of: another action, the objects under a prefix, a header's value.
//
// The resources are those that the stacks make, and the secrets and keys outside
// of them that roles and buckets use. The policies of these aren't known; what
// is assumed instead stands in the page. What package resource could not read
// makes an answer that rests on it unknown.
//
// A page is short because a principal has a class: a table leaves out whoever
// has the answers of its class, and names operations in groups. No answer is
// lost: all of them can be read from the page.
package access
