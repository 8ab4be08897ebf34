// Package s3control is S3 Control of the local AWS: Batch Replication jobs of S3
// Batch Operations, which replicate what is in a bucket already.
//
// A job lists what the bucket's rules match and its filter chooses, and replicates
// it as the rules' own role, with the leave of the job's role. Each step asks what
// its page says. Jobs run at once, beside each other.
//
// Refused by name: every other operation of a job, manifests that the caller
// writes, encryption of manifests, tags and priorities of jobs, and the rest of S3
// Control.
//
// Source: Amazon S3 user guide, batch-ops and s3-batch-replication-batch; S3
// Control API reference.
package s3control
