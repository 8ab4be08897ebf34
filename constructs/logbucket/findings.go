package logbucket

import (
	"slices"

	"github.com/s3seal/s3seal/constructs/nag"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/logdelivery"
)

// findings are cdk-nag's findings that do not apply to a log bucket for another
// reason than to other buckets.
func (p Props) findings() []nag.Reason {
	var reasons []nag.Reason
	if p.receives(logdelivery.S3ServerAccess) {
		reasons = append(reasons, nag.Reason{
			Rules:  []string{"AwsSolutions-S1", "NIST.800.53.R5-S3BucketLoggingEnabled"},
			Reason: "S3 would log each delivery of a server access log, and deliver that log in turn, without end.",
		})
	}
	if p.Encryption == encryption.SSES3 {
		reasons = append(reasons, nag.Reason{
			Rules:  []string{"NIST.800.53.R5-S3DefaultEncryptionKMS"},
			Reason: "Logs arrive here that their services deliver readably to a bucket under SSE-S3, and some to no other.",
		})
	}
	return reasons
}

func (p Props) receives(s logdelivery.Source) bool {
	return slices.ContainsFunc(p.Deliveries, func(d logdelivery.Delivery) bool { return d.Source == s })
}
