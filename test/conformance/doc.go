// Package conformance holds the local AWS against clients and answers that
// this program did not write: transcripts of real AWS, the AWS CLI, boto3, the
// CDK CLI, the AWS SDK for Go, and, where one runs, another S3. It also runs
// what the pages of docs/ about encryption show, against the example stages, and
// does what docs/local-walk.md, docs/rotation.md and CONTRIBUTING.md say.
//
// What needs nothing but Go runs with all other tests. The tests that drive the
// CDK CLI, which take a minute each, and those that need Python have the build
// tag conformance, and `make conformance` runs them. The long form of the stress
// test is `make stress`.
package conformance
