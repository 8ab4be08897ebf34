package wings

import (
	"crypto/md5"
	"encoding/base64"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/resource"
)

// replicate sends the bucket an object under SSE-S3 by replication from another
// bucket of its account, and gives that bucket's name.
func (x *trial) replicate(b *resource.Bucket) (source string) {
	source = "outside-source-of-" + strings.ToLower(b.LogicalID)
	from := outside{map[string]home{source: homeOf(b.Stack())}, nil}
	if role := roleOf(b.Account); !x.cloud.PrincipalExists(role) {
		from.roles = map[string]bool{role: true}
	}
	from.make(x.t, x.cloud)
	c, ctx := x.client(b.Account, b.Region), x.t.Context()
	_, err := c.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket: x.name(b), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	if err == nil {
		_, err = c.PutBucketReplication(ctx, &s3.PutBucketReplicationInput{Bucket: &source, ReplicationConfiguration: &types.ReplicationConfiguration{
			Role: aws.String(roleOf(b.Account)),
			Rules: []types.ReplicationRule{{
				Status: types.ReplicationRuleStatusEnabled, Prefix: aws.String(""), Destination: &types.Destination{Bucket: aws.String("arn:aws:s3:::" + *x.name(b))},
			}},
		}})
	}
	if err == nil {
		_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: &source, Key: aws.String(plainKey), Body: strings.NewReader("text")})
	}
	if err != nil {
		x.t.Fatal(err)
	}
	return source
}

// replicas looks at the replication of what was uploaded.
func (x *trial) replicas(b *resource.Bucket) {
	for _, rule := range listOf(b.Properties().Get("ReplicationConfiguration", "Rules")) {
		arn, err := rule.Get("Destination", "Bucket").String()
		if err != nil {
			continue
		}
		if status, err := rule.Get("Status").String(); err != nil || status != "Enabled" {
			continue
		}
		to := x.set.BucketNamed(strings.TrimPrefix(arn, "arn:aws:s3:::"))
		for key, a := range map[string]aspect{plainKey: replicating, ssecKey: ssecReplicas} {
			at, why := placeOf(b), x.replicated(b, *x.name(b), key)
			if why == notThere {
				continue
			}
			if to != nil {
				if why == "" {
					in := head(x.name(to), key)
					if _, err := x.client(to.Account, to.Region).HeadObject(x.t.Context(), in); err != nil {
						why = "the replica cannot be read: " + err.Error()
					}
				}
				if a == ssecReplicas {
					at = placeOf(to)
				}
			}
			x.result.add(at, a, why)
		}
	}
}

const notThere = "there is no such object"

// replicated says why an object of a bucket is not replicated. The bucket is
// b, or one beside it.
func (x *trial) replicated(b *resource.Bucket, name, key string) string {
	out, err := x.client(b.Account, b.Region).HeadObject(x.t.Context(), head(&name, key))
	switch {
	case err != nil:
		return notThere
	case out.ReplicationStatus != types.ReplicationStatusCompleted:
		return "the replication status is " + string(out.ReplicationStatus)
	}
	return ""
}

func head(bucket *string, key string) *s3.HeadObjectInput {
	in := &s3.HeadObjectInput{Bucket: bucket, Key: &key}
	if key == ssecKey {
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = customerHeaders()
	}
	return in
}

// customerHeaders are those of SSE-C.
func customerHeaders() (algorithm, key, md5Sum *string) {
	sum := md5.Sum(customerKey)
	encode := base64.StdEncoding.EncodeToString
	return aws.String("AES256"), aws.String(encode(customerKey)), aws.String(encode(sum[:]))
}
