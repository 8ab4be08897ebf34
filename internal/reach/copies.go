package reach

import (
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// Copy is a bucket that S3 replicates objects to: who can get a replica can get
// what the object holds.
type Copy struct {
	Bucket  *resource.Bucket // nil: in none of the stacks
	Name    string           // of the bucket; "" when it can't be read
	Unknown error
}

// Copies are the destinations of a bucket's replication rules. A rule that is
// disabled counts: enabled again, it replicates what is written then.
func Copies(set *resource.Set, b *resource.Bucket) []Copy {
	rules, err := b.Properties().Get("ReplicationConfiguration", "Rules").List()
	if err != nil {
		if template.IsUnknown(err) {
			return []Copy{{Unknown: err}}
		}
		return nil
	}
	var list []Copy
	for _, rule := range rules {
		arn, err := rule.Get("Destination", "Bucket").String()
		if err != nil {
			list = append(list, Copy{Unknown: err})
			continue
		}
		name := resource.ARN(arn).Resource
		list = append(list, Copy{Bucket: set.BucketNamed(name), Name: name})
	}
	return list
}
