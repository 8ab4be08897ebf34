// Package logs is CloudWatch Logs of the local AWS: log groups, streams and
// events, with retention. Lambda functions write to it, and people read it with
// the AWS CLI.
//
// Metrics in log lines are published, and so is what metric filters match.
//
// Not here, and refused by name: KMS keys of log groups, subscription filters,
// Insights queries, filter patterns other than terms, and of metric filters other
// than JSON. Events
// are kept until their retention ends, or as long as the server runs.
//
// Source: CloudWatch Logs API reference.
package logs
