// Package handler tells what CloudFormation calls, with the permissions of a
// stack's role, to make, read, change and delete a resource of a type.
//
//	kind := handler.Of("AWS::S3::Bucket")
//	calls := kind.Calls(handler.Create, func(path string) bool { ... })
//
// Two things are known of each type:
//
//   - handlers.txt: the lists that AWS publishes in the schema of the type, of
//     what the handler of each operation may call. generate.py (make handlers)
//     writes it.
//   - kinds, in a file for each service: for which property a call is made, on
//     which resource, and what is never granted, and why. Without a word here a
//     call is made always, on the resource itself.
//
// A list doesn't say when a handler makes a call, and most handlers aren't
// public. So a call is bound to a property only if its service's page says that it
// sets, or removes, what that property says. What a page leaves open is called
// always: a role without it fails a deployment for a reason that nobody sees in the
// template, and one with it has a right on what the role makes anyway.
//
// CloudFormation calls the read handler when it needs to know of a resource during
// an update; the pages don't say of a creation. It is counted there too.
//
// Source: CloudFormation CLI user guide, resource-type-test-contract and
// resource-type-schema (handlers).
package handler
