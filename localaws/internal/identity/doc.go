// Package identity is IAM of the local AWS: accounts, users, roles, managed
// policies and credentials, and the decision of every call by iam.
//
// [Directory] holds who exists. [Authorizer] gathers the policies of a caller,
// asks iam, words a denial as AWS does and keeps the explanation.
// [Service] is the IAM API (query protocol), and its [Service.Providers] make
// AWS::IAM::Role, AWS::IAM::Policy and AWS::IAM::ManagedPolicy.
//
// Where it differs from AWS:
//
//   - A change counts at once; in AWS it takes seconds to reach all endpoints.
//   - A resource policy that names a role admits a later role of the same
//     name. AWS keeps the unique id and does not.
//   - An account that the local AWS was not started with doesn't exist, so a
//     policy that names it is refused.
//   - Of the AWS managed policies only those of package managedpolicy exist.
//   - Groups, login profiles, identity providers and policy versions are not
//     there: their operations are refused by name.
package identity
