package s3

import (
	"maps"
	"net/url"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// authorize decides one action of a request on a bucket (key "") or object.
// keys holds condition keys beyond those that the front door gives every
// request, such as s3:signatureversion.
func (s *Service) authorize(rq *request, b *bucket, action, key string, keys map[string]iam.Strings) error {
	return s.decide(rq.Call, b, action, key, keys)
}

func (s *Service) decide(c api.Call, b *bucket, action, key string, keys map[string]iam.Strings) error {
	c.Region = b.region // that of the bucket's endpoint, wherever the caller works
	cfg := b.settings()
	a := api.Access{
		Action: action, Resource: b.arn(key), ResourceAccount: b.account,
		Context: keys, PublicAccess: cfg.PublicAccess.ForIAM(),
	}
	if cfg.Policy != nil {
		a.Policy = &cfg.Policy.Source
	}
	return s.opt.Authorizer.Authorize(c, a)
}

// writeHeaders are the headers that are condition keys of s3:PutObject.
var writeHeaders = map[string]string{
	sse.Header:                  conditionkey.Encryption,
	sse.HeaderKMSKeyID:          conditionkey.KMSKeyID,
	sse.HeaderCustomerAlgorithm: conditionkey.CustomerAlgorithm,
	"x-amz-acl":                 conditionkey.ACL,
	"x-amz-storage-class":       "s3:x-amz-storage-class",
	"x-amz-copy-source":         "s3:x-amz-copy-source",
	"x-amz-metadata-directive":  "s3:x-amz-metadata-directive",
	"If-Match":                  "s3:if-match",
	"If-None-Match":             "s3:if-none-match",
}

// writeKeys are the condition keys of a request that writes an object. creates
// says whether it makes an object or only a piece of one.
//
// Source: service authorization reference, list_amazons3, s3:PutObject; S3
// user guide, conditional-writes-enforce.
func (rq *request) writeKeys(creates bool) map[string]iam.Strings {
	keys := map[string]iam.Strings{"s3:ObjectCreationOperation": {"false"}}
	if creates {
		keys["s3:ObjectCreationOperation"] = iam.Strings{"true"}
	}
	for header, key := range writeHeaders {
		if !rq.has(header) {
			continue
		}
		value := rq.header(header)
		if header == "x-amz-copy-source" {
			// Policies name "bucket/key", however the client wrote it.
			if plain, err := url.PathUnescape(value); err == nil {
				value = plain
			}
			value = strings.TrimPrefix(value, "/")
		}
		keys[key] = iam.Strings{value}
	}
	return keys
}

// authorizeWrite decides s3:PutObject, and s3:PutObjectTagging if the request
// sets tags with the object.
func (s *Service) authorizeWrite(rq *request, b *bucket, creates bool, tags []configuration.Tag) error {
	keys := rq.writeKeys(creates)
	maps.Copy(keys, requestTagKeys(tags))
	if err := s.authorize(rq, b, "s3:PutObject", rq.Key, keys); err != nil {
		return err
	}
	if rq.has("x-amz-tagging") && len(tags) > 0 {
		return s.authorize(rq, b, "s3:PutObjectTagging", rq.Key, keys)
	}
	return nil
}

// authorizeRead decides an action on a version that exists or not: without
// s3:ListBucket, nobody learns that it doesn't. keys holds further condition
// keys.
//
// Source: S3 API reference, API_GetObject, Permissions.
func (s *Service) authorizeRead(rq *request, b *bucket, action string, v *reading, keys map[string]iam.Strings) error {
	keys = maps.Clone(keys)
	if keys == nil {
		keys = map[string]iam.Strings{}
	}
	if id := rq.query.Get("versionId"); id != "" {
		keys["s3:VersionId"] = iam.Strings{id}
		action = versioned[action]
	}
	if v != nil {
		maps.Copy(keys, existingTagKeys(v.tags))
	}
	if err := s.authorize(rq, b, action, rq.Key, keys); err != nil {
		return err
	}
	return s.mayLearn(rq, b, v)
}

// mayLearn refuses to tell that a version doesn't exist to whoever may not list
// the bucket.
func (s *Service) mayLearn(rq *request, b *bucket, v *reading) error {
	if v != nil && (!v.marker || rq.query.Get("versionId") != "") {
		return nil
	}
	return s.mayList(rq, b)
}

// mayList refuses whoever may not list the bucket, and says no more than that.
func (s *Service) mayList(rq *request, b *bucket) error {
	err := s.authorize(rq, b, "s3:ListBucket", "", nil)
	if isDenied(err) {
		return fault.AccessDenied()
	}
	return err
}

// versioned are the actions that replace others when the request
// names a version.
var versioned = map[string]string{
	"s3:GetObject":           "s3:GetObjectVersion",
	"s3:GetObjectAcl":        "s3:GetObjectVersionAcl",
	"s3:PutObjectAcl":        "s3:PutObjectVersionAcl",
	"s3:GetObjectTagging":    "s3:GetObjectVersionTagging",
	"s3:PutObjectTagging":    "s3:PutObjectVersionTagging",
	"s3:DeleteObjectTagging": "s3:DeleteObjectVersionTagging",
	"s3:DeleteObject":        "s3:DeleteObjectVersion",
	"s3:GetObjectAttributes": "s3:GetObjectVersionAttributes",
}

// admit decides the action of an operation; "" is none. The owner's root user
// may read, write and delete the bucket policy even if the policy denies it;
// otherwise a policy could lock everyone out for good.
//
// Source: S3 API reference, API_DeleteBucketPolicy.
func (s *Service) admit(rq *request, b *bucket, action string) error {
	root := rq.Call.Account == b.account && strings.HasSuffix(rq.Call.Caller.PrincipalARN(), ":root")
	if action == "" || (root && strings.HasSuffix(action, "BucketPolicy")) {
		return nil
	}
	return s.authorize(rq, b, action, rq.Key, nil)
}

// blocked refuses SSE-C where the bucket blocks it. It is asked after the
// policies.
//
// Source: S3 user guide, blocking-unblocking-s3-c-encryption-gpb.
func (rq *request) blocked(w sse.Wish, b *bucket, c *configuration.Bucket) error {
	if w.Mode == sse.C && c.Encryption.BlocksCustomerKeys() {
		return blockedCustomerKey(rq.Call, b.arn(rq.Key))
	}
	return nil
}

func blockedCustomerKey(c api.Call, resource string) error {
	return api.Errorf(403, "AccessDenied", "User: %s is not authorized to perform: s3:PutObject on resource: %q because this bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C). Please specify a different server-side encryption type.",
		c.Caller.String(), resource)
}
