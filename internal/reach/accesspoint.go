package reach

import (
	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/resource"
)

// throughAccessPoints are a request to a bucket, as it comes through each of its
// access points, whose policies may admit somebody whom the bucket's own admits
// for no other way.
//
// Source: AmazonS3/latest/userguide/access-points-policies.html.
func throughAccessPoints(set *resource.Set, o Object, direct access.Operation) []access.Operation {
	var list []access.Operation
	for _, a := range set.AccessPoints {
		if a.Bucket != o.Bucket.Name || a.BucketAccount != o.Bucket.Account {
			continue
		}
		direct.Name = "access point " + access.ShortName(a.LogicalID)
		direct.Resource = a.ARN + "/object/" + o.Key
		list = append(list, direct)
	}
	return list
}
