package bucket

import (
	"slices"

	"github.com/s3seal/s3seal/constructs/nag"
	"github.com/s3seal/s3seal/encryption"
)

// notKMS says why the default encryption is right although cdk-nag doesn't count
// it as one of KMS, by pattern.
var notKMS = map[encryption.Pattern]string{
	encryption.SSES3:   "SSE-S3 is this bucket's purpose: encryption without a key to manage or to pay for.",
	encryption.DSSEKMS: "The default is aws:kms:dsse, two layers under a customer managed KMS key, which this rule does not know.",
	encryption.SSEC:    "Every object is encrypted with a key that the caller sends (SSE-C); the bucket policy refuses all others, so the default is never used.",
}

// findings are cdk-nag's findings that do not apply to a bucket of p.
func findings(p Props) []nag.Reason {
	reasons := []nag.Reason{{
		Rules:  []string{"NIST.800.53.R5-S3BucketReplicationEnabled"},
		Reason: "Replication to another account is a pattern of its own, with its own bucket; this bucket is versioned and retained.",
	}}
	if p.Logs.ServerAccessBucket == "" {
		reasons = append(reasons, nag.Reason{
			Rules:  []string{"AwsSolutions-S1", "NIST.800.53.R5-S3BucketLoggingEnabled"},
			Reason: "Server access logs are turned off for this stage; access is audited by CloudTrail data events, which are an account's choice.",
		})
	}
	if why := notKMS[p.Encryption]; why != "" {
		reasons = append(reasons, nag.Reason{Rules: []string{"NIST.800.53.R5-S3DefaultEncryptionKMS"}, Reason: why})
	}
	return replaced(reasons, p.Accept)
}

// replaced is reasons with others for the rules that those are about.
func replaced(reasons, others []nag.Reason) []nag.Reason {
	for _, other := range others {
		for i := range reasons {
			reasons[i].Rules = slices.DeleteFunc(reasons[i].Rules, func(rule string) bool { return slices.Contains(other.Rules, rule) })
		}
	}
	return append(reasons, others...)
}
