package wings

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/middleware"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/reach"
	"github.com/s3seal/s3seal/internal/resource"
)

// attempt is a request of a role's to a bucket, with what it says of the
// encryption.
type attempt struct {
	action  string
	headers map[string]iam.Strings
	send    func(*s3.Client, *string) (middleware.Metadata, error)
}

// decision is what kind of action was allowed or not.
type decision struct {
	service string
	allowed bool
}

// attempts are an upload under each encryption, and a download.
func (x *trial) attempts(b *resource.Bucket) []attempt {
	put := func(e types.ServerSideEncryption, key, localKey string) attempt {
		headers := map[string]iam.Strings{}
		if e != "" {
			headers["s3:x-amz-server-side-encryption"] = iam.Strings{string(e)}
		}
		if key != "" {
			headers["s3:x-amz-server-side-encryption-aws-kms-key-id"] = iam.Strings{key}
		}
		return attempt{"s3:PutObject", headers, func(c *s3.Client, bucket *string) (middleware.Metadata, error) {
			in := &s3.PutObjectInput{Bucket: bucket, Key: aws.String(plainKey), Body: strings.NewReader("text"), ServerSideEncryption: e}
			if localKey != "" {
				in.SSEKMSKeyId = &localKey
			}
			out, err := c.PutObject(x.t.Context(), in)
			if err != nil {
				return middleware.Metadata{}, err
			}
			return out.ResultMetadata, nil
		}}
	}
	list := []attempt{
		put("", "", ""), put("AES256", "", ""), put("aws:kms", "", ""), put("aws:kms:dsse", "", ""),
		{"s3:GetObject", nil, func(c *s3.Client, bucket *string) (middleware.Metadata, error) {
			out, err := c.GetObject(x.t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: aws.String(plainKey)})
			if err != nil {
				return middleware.Metadata{}, err
			}
			return out.ResultMetadata, out.Body.Close()
		}},
	}
	if k := x.set.KeyWithARN(b.KeyARN); k != nil {
		list = append(list, put("aws:kms", k.ARN, x.names.Replace(k.ARN)))
	}
	return list
}

// compareRoles lets every role try every bucket, and holds what the policies
// decide in both wings against each other: about the object, and about the key
// that it takes, and about the use of the object as a whole.
func (x *trial) compareRoles() {
	uses := reach.Of(x.set)
	for _, r := range x.set.Roles {
		k, err := x.cloud.SessionCredentials(x.names.Replace(r.ARN), "session", time.Hour)
		if err != nil {
			x.t.Fatal(err)
		}
		for _, b := range x.set.Buckets {
			config := x.cloud.config(b.Account, b.Region)
			config.Credentials = credentials.NewStaticCredentialsProvider(k.AccessKeyID, k.SecretAccessKey, k.SessionToken)
			c := s3.NewFromConfig(config, func(o *s3.Options) { o.DisableLogOutputChecksumValidationSkipped = true })
			for _, a := range x.attempts(b) {
				metadata, err := a.send(c, x.name(b))
				x.compareUse(uses, r, b, a, err)
				id := requestID(metadata, err)
				for _, d := range x.cloud.Decisions() {
					if d.RequestID == id {
						x.compareDecision(r, b, a, d.Action, d.Resource, d.Allowed)
					}
				}
			}
		}
	}
}

func (x *trial) compareDecision(r *resource.Role, b *resource.Bucket, a attempt, action, arn string, local bool) {
	object := b.ARN + "/" + plainKey
	question := resource.Request{Caller: r.Caller(), Action: action, Resource: object, Context: map[string]iam.Strings{
		"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.3"},
	}}
	switch {
	case action == a.action:
		maps.Copy(question.Context, a.headers)
	case strings.HasPrefix(action, "kms:"):
		i := slices.IndexFunc(x.set.Keys, func(k *resource.Key) bool { return x.names.Replace(k.ARN) == arn })
		if i < 0 {
			return // aws/s3
		}
		// S3 asks on the caller's behalf, with the object's ARN or, under an S3
		// Bucket Key, the bucket's.
		if b.BucketKey {
			object = b.ARN
		}
		question.Resource = x.set.Keys[i].ARN
		maps.Copy(question.Context, map[string]iam.Strings{
			"kms:ViaService": {"s3." + b.Region + ".amazonaws.com"}, "kms:CallerAccount": {r.Account}, "aws:ViaAWSService": {"true"},
			"kms:EncryptionContext:aws:s3:arn": {object}, "kms:EncryptionContextKeys": {"aws:s3:arn"},
		})
	default:
		return
	}
	rules := x.set.Decide(question)
	if rules.Unread != nil {
		return
	}
	service, _, _ := strings.Cut(action, ":")
	x.decisions[decision{service, local}]++
	if rules.Allowed != local {
		x.t.Errorf("%s: %s by %s on %s with %v: the rules' wing says %v, the local AWS %v", x.fixture.name, action, r.LogicalID, question.Resource, question.Context, rules.Allowed, local)
	}
}

func requestID(metadata middleware.Metadata, err error) string {
	if err == nil {
		id, _ := awsmiddleware.GetRequestIDMetadata(metadata)
		return id
	}
	_, rest, _ := strings.Cut(err.Error(), "RequestID: ")
	id, _, _ := strings.Cut(rest, ",")
	return id
}
