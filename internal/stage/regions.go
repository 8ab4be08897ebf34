package stage

import "github.com/s3seal/s3seal/internal/partition"

// Partition returns the environment's partition, such as "aws" or "aws-cn", and
// "" for a Region that isn't one.
func (e Environment) Partition() string { return e.partition().Name }

// DNSSuffix returns the suffix of the partition's DNS names, such as
// "amazonaws.com", and "" for a Region that isn't one.
func (e Environment) DNSSuffix() string { return e.partition().DNSSuffix }

func (e Environment) partition() partition.Partition {
	if !partition.HasRegion(e.Region) {
		return partition.Partition{}
	}
	return partition.Of(e.Region)
}
