package policy

import "github.com/s3seal/s3seal/iam"

// SendTraces lets a function send its traces to X-Ray. Neither action has a
// resource that could be named.
// Source: lambda/latest/dg/services-xray.html, "Execution role permissions".
func SendTraces() iam.Statement {
	return iam.Statement{
		Sid:      "SendTraces",
		Effect:   iam.Allow,
		Action:   iam.Strings{"xray:PutTelemetryRecords", "xray:PutTraceSegments"},
		Resource: iam.Strings{"*"},
	}
}
