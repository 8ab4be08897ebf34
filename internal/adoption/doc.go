// Package adoption says what a person must do by hand for buckets and keys that a
// stage names and doesn't make: a template gives nothing to a bucket or a key that
// isn't among its resources, but for the bucket's policy.
//
// It asks nobody: what is there already, a person compares.
package adoption

import (
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/policy"
)

// Adopted is what a stage says of a bucket, or of the key of one, that exists.
type Adopted struct {
	Pattern     encryption.Pattern // or "replicas"
	Environment stage.Environment
	Bucket      string // its name
	KeyARN      string // of the key that exists; "" without

	Settings  []Setting    // of the bucket, if it exists
	Policy    iam.Document // of the bucket, if neither it nor its policy is the stage's
	KeyPolicy iam.Document // of the key, if it exists
}

// Of returns what a stage names and doesn't make, in the order of the patterns.
func Of(s *stage.Stage) []Adopted {
	var list []Adopted
	for _, p := range s.Patterns {
		o := s.Bucket(p)
		a := Adopted{Pattern: p, Environment: s.Source, Bucket: o.Name}
		if o.CMK != nil {
			a.KeyARN = o.CMK.KMSKeyARN
		}
		if o.Existing == nil && a.KeyARN == "" {
			continue
		}
		bucketARN := policy.BucketARN(s.Source.Partition(), o.Name)
		if o.Existing != nil {
			a.Settings = settings(s, p, o)
			if !*o.Existing.Policy {
				a.Policy = policy.Document(append(policy.Bucket{
					ARN: bucketARN, Partition: s.Source.Partition(), Region: s.Source.Region, Account: s.Source.Account, Encryption: p, KeyARN: a.KeyARN,
				}.Statements(o.MinimumTLS), stage.Denials(p, o.Require, bucketARN)...)...)
			}
		}
		if a.KeyARN != "" {
			a.KeyPolicy = policy.Document(policy.Key{
				Account: s.Source.Account, AccountRootARN: policy.AccountRootARN(s.Source.Partition(), s.Source.Account),
				BucketARN: bucketARN, ViaService: "s3." + s.Source.Region + "." + s.Source.DNSSuffix(),
				Administrators: s.Key.Administrators, Users: s.Key.Users, Services: s.Key.Services, AccountWideThroughS3: s.Key.AccountWideThroughS3,
			}.Statements()...)
		}
		list = append(list, a)
	}
	if r := s.Replica; r != nil && r.KMSKeyARN != "" {
		list = append(list, replicas(s, r))
	}
	return list
}

// replicas are what the replicas of a stage need, of a bucket or of its key alone.
func replicas(s *stage.Stage, r *stage.Replica) Adopted {
	statements := policy.Replication{
		RoleARN:           "arn:" + s.Source.Partition() + ":iam::" + s.Source.Account + ":role/" + s.ReplicationRoleName(),
		SourceAccountRoot: policy.AccountRootARN(s.Source.Partition(), s.Source.Account),
		ReplicaBucketARN:  policy.BucketARN(r.Partition(), r.ReplicaBucket),
		ReplicaKeyARN:     r.KMSKeyARN,
		ReplicaViaService: "s3." + r.Region + "." + r.DNSSuffix(),
		DeleteMarkers:     r.DeleteMarkers,
	}
	a := Adopted{
		Pattern: "replicas", Environment: r.Environment, Bucket: r.ReplicaBucket, KeyARN: r.KMSKeyARN,
		KeyPolicy: policy.Document(statements.EncryptReplicas()),
	}
	if r.Existing {
		a.Settings = []Setting{versioning("S3 replicates only into a bucket with versions. They can't be turned off again, only suspended.")}
		a.Policy = policy.Document(append([]iam.Statement{
			statements.AdmitReplicas(), policy.OnlyThisKey(statements.ReplicaBucketARN, r.KMSKeyARN),
		}, statements.OnlyReadableReplicas()...)...)
	}
	return a
}
