package policy

import "github.com/s3seal/s3seal/iam"

// Repair is what a Batch Replication job works on, as far as its role's policy
// needs to know it.
type Repair struct {
	SourceBucketARN string
	ReportARN       string // of the report's objects: "<bucket ARN>/<prefix>/*"; "" for no report
}

// RepairTrust lets S3 Batch Operations assume the role. No AWS page says that it
// sends aws:SourceAccount or aws:SourceArn; a condition on them could stop every
// job, so there is none.
// Source: AmazonS3/latest/userguide/s3-batch-replication-policies.html.
func RepairTrust() iam.Statement {
	return iam.Statement{
		Sid:       "BatchOperations",
		Effect:    iam.Allow,
		Principal: service("batchoperations.s3.amazonaws.com"),
		Action:    iam.Strings{"sts:AssumeRole"},
	}
}

// Run is what the job may do: S3 lists the bucket's objects for it, and replicates
// each with the role of the replication rule. The list isn't kept, so the role
// reads and writes none.
// Source: AmazonS3/latest/userguide/s3-batch-replication-policies.html, "Policy if
// using and storing an Amazon S3 generated manifest".
func (r Repair) Run() []iam.Statement {
	statements := []iam.Statement{
		{
			Sid:      "InitiateReplication",
			Effect:   iam.Allow,
			Action:   iam.Strings{"s3:InitiateReplication"},
			Resource: iam.Strings{r.SourceBucketARN + "/*"},
		},
		{
			Sid:      "ListWhatIsEligible",
			Effect:   iam.Allow,
			Action:   iam.Strings{"s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"},
			Resource: iam.Strings{r.SourceBucketARN},
		},
	}
	if r.ReportARN != "" {
		statements = append(statements, iam.Statement{
			Sid:      "WriteReport",
			Effect:   iam.Allow,
			Action:   iam.Strings{"s3:PutObject"},
			Resource: iam.Strings{r.ReportARN},
		})
	}
	return statements
}
