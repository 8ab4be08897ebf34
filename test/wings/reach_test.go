package wings

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/reach"
	"github.com/s3seal/s3seal/internal/resource"
)

// compareUse holds what came of a role's upload or download, all of its requests
// together, against what package reach says of who can use an object.
func (x *trial) compareUse(m *reach.Map, r *resource.Role, b *resource.Bucket, a attempt, err error) {
	use := map[string]reach.Use{"s3:GetObject": reach.Get, "s3:PutObject": reach.Put}[a.action]
	var refused smithy.APIError
	local := err == nil
	switch {
	case use == reach.Get && !x.underDefault(b):
		return // it is the bucket's default that reach tells of
	case err != nil && (!errors.As(err, &refused) || refused.ErrorCode() != "AccessDenied"):
		return // not for want of a permission
	}
	o := reach.Object{Bucket: b, Key: plainKey, Headers: maps.Clone(a.headers)}
	if o.Headers == nil {
		o.Headers = question.Context{} // asks for no encryption, not even where SSE-C is demanded
	}
	answer := m.Ask(access.Principal{Caller: r.Caller()}, o, use)
	if answer.Path.Unknown != nil {
		return
	}
	able := answer.Reaches && len(answer.Path.Steps) == 0
	x.decisions[decision{string(use), local}]++
	if able != local {
		x.t.Errorf("%s: %s by %s of an object in %s with %v: reach says %v, the local AWS %v: %v",
			x.fixture.name, use, r.LogicalID, b.LogicalID, a.headers, able, local, err)
	}
}

// underDefault says whether the object is there, under the bucket's default
// encryption and no other.
func (x *trial) underDefault(b *resource.Bucket) bool {
	name, key := x.name(b), plainKey
	out, err := s3.NewFromConfig(x.cloud.config(b.Account, b.Region)).HeadObject(context.WithoutCancel(x.t.Context()), &s3.HeadObjectInput{Bucket: name, Key: &key})
	if err != nil || string(out.ServerSideEncryption) != b.Algorithm {
		return false
	}
	own := out.SSEKMSKeyId != nil && slices.ContainsFunc(x.set.Keys, func(k *resource.Key) bool {
		return k.ARN == b.KeyARN && x.names.Replace(k.ARN) == *out.SSEKMSKeyId
	})
	return own == (b.KeyARN != "")
}
