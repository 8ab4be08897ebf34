package stage

import (
	"slices"

	"github.com/s3seal/s3seal/encryption"
)

// replicated are the encryptions that a replicated bucket can have.
var replicated = []encryption.Pattern{encryption.SSEKMSCMK, encryption.SSEKMSAWSManaged}

// replicaClasses are the storage classes that replicas can have, from the
// readily read to the archived. S3's API knows more, which are of other kinds of
// storage (OUTPOSTS, SNOW, EXPRESS_ONEZONE, FSX_OPENZFS, ...); CloudFormation
// accepts these.
// Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-replicationdestination.html,
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Destination.html,
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
var replicaClasses = []string{
	"STANDARD", "INTELLIGENT_TIERING", "STANDARD_IA", "ONEZONE_IA", "REDUCED_REDUNDANCY", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE",
}

// checkReplica checks the replica environment against the source, and the key.
func (d *document) checkReplica(s *Stage) {
	path, r := fieldPath(s, "replica"), s.Replica
	d.checkEnvironment(path, r.Environment)
	if at := path + ".sourceEncryption"; d.has(at) && !d.failed(at) && !slices.Contains(replicated, r.SourceEncryption) {
		d.report(at, "sourceEncryption %s isn't one that is replicated here: write %s", quote(string(r.SourceEncryption)), oneOf(replicated))
	}
	if at := path + ".storageClass"; d.has(at) && !d.failed(at) && !slices.Contains(replicaClasses, r.StorageClass) {
		d.report(at, "storageClass %s isn't one that S3 replicates to: write %s", quote(r.StorageClass), oneOf(replicaClasses))
	}
	if d.environmentFailed(s, r.Environment) || d.environmentFailed(s, s.Source) {
		return
	}
	if r.Account == s.Source.Account {
		d.report(path+".account", "account %s is the source's too, and replication here is to another account, which keeps its copy when the source account is lost: write another account's id", quote(r.Account))
		return
	}
	// S3 replicates within a partition only: accounts, keys and ARNs of one
	// mean nothing in another.
	if r.Partition() != s.Source.Partition() {
		d.report(path+".region", "Region %s is of the partition %s, and the source's %s of %s, between which nothing can be replicated: write a Region of %s",
			r.Region, r.Partition(), s.Source.Region, s.Source.Partition(), s.Source.Partition())
		return
	}
	if r.Existing {
		d.required(path+".replicaBucket", "write the name of the bucket that exists, such as replicaBucket: acme-replicas")
		if at := path + ".kmsKeyArn"; !d.has(at) {
			d.report(at, "kmsKeyArn is missing: write the ARN of the key of the bucket that exists, which a replication rule must name")
		}
	}
	if at := path + ".kmsKeyArn"; d.has(at) {
		d.checkKey(at, r.KMSKeyARN, r.Environment,
			"whose policy lets no other account use it, so that the replication role couldn't encrypt under it",
			"which S3 looks up in the account that calls, here the source, without checking it: the replicas would be unreadable in their own account",
			"S3 accepts only a key of the replica bucket's own Region, and the replica account could not read under another's key")
	}
	if at := path + ".readers"; d.has(at) && d.has(path+".kmsKeyArn") {
		d.report(at, "readers has no effect with kmsKeyArn, whose policy is not made here: remove it, and admit the readers in that key's own policy")
		return
	}
	d.checkPrincipals(path+".readers", r.Readers, r.Partition(), []string{r.Account},
		"readers are of the replica account, whose key and bucket they read")
}

// checkStages checks what the stages must not share.
func (d *document) checkStages(stages []Stage) {
	prefixes, buckets, names := map[[2]string]string{}, map[[2]string]string{}, map[[4]string]string{}
	for i := range stages {
		s := &stages[i]
		d.checkPrefixShared(s, prefixes)
		d.checkBucketShared(s, buckets)
		d.checkNamesShared(s, names)
	}
}

// checkPrefixShared reports a prefix that another stage has in one of the
// stage's accounts: the stages' roles would have the same names. A role's name
// is unique in its account, whatever the Region, so the Regions don't matter.
func (d *document) checkPrefixShared(s *Stage, seen map[[2]string]string) {
	path := fieldPath(s, "prefix")
	if d.failed(path) {
		return
	}
	for _, account := range s.Accounts() {
		key := [2]string{s.Prefix, account}
		first, ok := seen[key]
		switch {
		case !accountID.MatchString(account):
		case !ok:
			seen[key] = path
		case first != path:
			d.report(path, "prefix %s is also that of %s, in account %s, whose role names it begins in every Region: write another prefix for one of them",
				quote(s.Prefix), d.stageAt(first), account)
		}
	}
}

// checkBucketShared reports a bucket name that another bucket of the file has.
// Bucket names are unique in a partition, not only in an account.
func (d *document) checkBucketShared(s *Stage, seen map[[2]string]string) {
	check := func(path, name string, e Environment) {
		if name == "" || d.failed(path) || d.namesFailed(s, e) {
			return
		}
		key := [2]string{name, e.Partition()}
		if first, ok := seen[key]; ok {
			d.report(path, "bucket name %s is also that of %s (%s): write another name for one of them", quote(name), first, d.where(d.nearest(first)))
			return
		}
		seen[key] = path
	}
	for p, o := range s.bucketOptions() {
		check(o.nameOfBucket(s, p), *o.name, s.Source)
	}
	if r := s.Replica; r != nil {
		check(fieldPath(s, "replica.sourceBucket"), r.SourceBucket, s.Source)
		check(fieldPath(s, "replica.replicaBucket"), r.ReplicaBucket, r.Environment)
	}
	for _, l := range s.logBuckets() {
		check(fieldPath(s, l.field), l.name, l.Environment)
	}
}

// stageAt returns "stages.dev (stages.yaml:4:13)" for a field of a stage.
func (d *document) stageAt(path string) string {
	return parent(path) + " (" + d.where(path) + ")"
}
