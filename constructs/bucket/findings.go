package bucket

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"

	"github.com/s3seal/s3seal/constructs/nag"
)

// findings are cdk-nag's findings that do not apply to a bucket of p.
func findings(p Props) []nag.Reason {
	e := p.Encryption
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
	switch {
	case e.customer:
		reasons = append(reasons, nag.Reason{
			Rules:  []string{"NIST.800.53.R5-S3DefaultEncryptionKMS"},
			Reason: "Every object is encrypted with a key that the caller sends (SSE-C); the bucket policy refuses all others, so the default is never used.",
		})
	case e.kind == awss3.BucketEncryption_S3_MANAGED:
		reasons = append(reasons, nag.Reason{
			Rules:  []string{"NIST.800.53.R5-S3DefaultEncryptionKMS"},
			Reason: "SSE-S3 is this bucket's purpose: encryption without a key to manage or to pay for.",
		})
	case e.kind == awss3.BucketEncryption_DSSE:
		reasons = append(reasons, nag.Reason{
			Rules:  []string{"NIST.800.53.R5-S3DefaultEncryptionKMS"},
			Reason: "The default is aws:kms:dsse, two layers under a customer managed KMS key, which this rule does not know.",
		})
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
