// Package logs is CloudWatch Logs of the local AWS: log groups, streams and
// events, with retention. Lambda functions write to it, and people read it with
// the AWS CLI.
//
// Not here, and refused by name: KMS keys of log groups, subscription and
// metric filters, Insights queries, filter patterns other than terms. Events
// are kept until their retention ends, or as long as the server runs.
//
// Source: CloudWatch Logs API reference.
package logs
