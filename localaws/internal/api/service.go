package api

import (
	"maps"
	"net/http"
	"slices"
)

// Service answers the requests of one AWS service, in its wire protocol. The
// front door has authenticated the request: the Call says who makes it. The
// body has been read and its hash checked, except for S3's streaming uploads,
// which S3 decodes and checks itself.
//
// All services have one shape. service.go has Options, Service and New;
// operations.go the table of operations, from which the methods of Service
// come by embedding [JSONService], [QueryService], [RESTService] or
// [ProtocolService]; provider_KIND.go the [Provider] of one CloudFormation type;
// import.go what makes it an [Importer]; inprocess.go what other services call.
// Options name what a service works with, always by the same field names:
//
//	Authorizer  decides every call
//	Now         the clock
//	Principals  who exists, to check the principals of a policy
//	KMS, STS, Credentials, Objects, Functions, Logs, Parameters, Queues, Topics, Metrics
//	            the other services, as the interfaces of this package
type Service interface {
	Serve(w http.ResponseWriter, r *http.Request, c Call)
	// Operations are the names of all operations, sorted.
	Operations() []string
}

// Provisioner is a Service whose resources CloudFormation makes.
type Provisioner interface {
	// Providers makes the resources, by type ("AWS::S3::Bucket").
	Providers() map[string]Provider
}

// names are the operations of a table, sorted.
func names[T any](operations map[string]T) []string { return slices.Sorted(maps.Keys(operations)) }
