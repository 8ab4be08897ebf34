package identity

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type accessKeyShape struct {
	UserName, AccessKeyId, Status string
	SecretAccessKey               string `xml:",omitempty"`
	CreateDate                    string
}

// maxKeys is the quota of access keys of a user.
//
// Source: IAM user guide, reference_iam-quotas.
const maxKeys = 2

type accessKeyInput struct{ UserName string } // "": the caller

func (s *Service) createAccessKey(c api.Call, in accessKeyInput) (any, error) {
	var out struct{ AccessKey accessKeyShape }
	return &out, s.withKeys(c, "CreateAccessKey", in.UserName, func(e *entity) error {
		if len(s.opt.Directory.keysOf(e)) >= maxKeys {
			return tooLarge("Cannot exceed quota for AccessKeysPerUser: %d", maxKeys)
		}
		k := s.opt.Directory.addKey(e)
		out.AccessKey = k.shape(e)
		out.AccessKey.SecretAccessKey = k.secret
		return nil
	})
}

func (s *Service) listAccessKeys(c api.Call, in struct{ UserName, MaxItems string }) (any, error) {
	var out struct {
		AccessKeyMetadata []accessKeyShape `xml:"AccessKeyMetadata>member"`
		IsTruncated       bool
	}
	return &out, s.withKeys(c, "ListAccessKeys", in.UserName, func(e *entity) error {
		for _, k := range s.opt.Directory.keysOf(e) {
			out.AccessKeyMetadata = append(out.AccessKeyMetadata, k.shape(e))
		}
		return nil
	})
}

func (s *Service) deleteAccessKey(c api.Call, in struct{ UserName, AccessKeyId string }) (any, error) {
	return nil, s.withKeys(c, "DeleteAccessKey", in.UserName, func(e *entity) error {
		if k := s.opt.Directory.keys[in.AccessKeyId]; k == nil || k.ownerID != e.id {
			return noSuchEntity("The Access Key with id %s cannot be found.", in.AccessKeyId)
		}
		delete(s.opt.Directory.keys, in.AccessKeyId)
		return nil
	})
}

// withKeys is with for the user that the request names, or else the caller.
func (s *Service) withKeys(c api.Call, action, name string, f func(*entity) error) error {
	name, err := userOr(c, name)
	if err != nil {
		return err
	}
	return s.with(c, action, "User", name, nil, func(_ *account, e *entity) error { return f(e) })
}

// userOr is the user that a request names, or else the caller.
func userOr(c api.Call, name string) (string, error) {
	switch {
	case name != "":
		return name, nil
	case c.Caller.RoleARN() != "":
		return "", invalid("Must specify userName when calling with non-User credentials")
	}
	return sessionName(c.Caller), nil
}

// keysOf are the long-term keys of a user, the oldest first. The caller holds
// the lock.
func (d *Directory) keysOf(e *entity) []*key {
	var list []*key
	for _, k := range d.keys {
		if k.ownerID == e.id && k.token == "" {
			list = append(list, k)
		}
	}
	slices.SortFunc(list, func(a, b *key) int {
		if o := a.created.Compare(b.created); o != 0 {
			return o
		}
		return strings.Compare(a.id, b.id)
	})
	return list
}

func (k *key) shape(e *entity) accessKeyShape {
	return accessKeyShape{UserName: e.name, AccessKeyId: k.id, Status: "Active", CreateDate: timestamp(k.created)}
}
