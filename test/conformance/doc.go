// Package conformance holds the local AWS against clients and answers that
// this program did not write: transcripts of real AWS, the AWS CLI, boto3, the
// CDK CLI, the AWS SDK for Go, and, where one runs, another S3. It also runs
// what the pages of docs/ about encryption show, against the example stages.
//
// The tests of this package need nothing but Go; those that drive the CDK CLI
// are skipped when node_modules lacks it. The tests that need Python have the
// build tag conformance and are run by `make conformance`. The long form of the
// stress test is `make stress`:
//
//	go test -race -run TestStress ./test/conformance -stress.for 30s -stress.operations 0
package conformance
