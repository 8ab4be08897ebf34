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

func (s *Service) opCreateAccessKey(c api.Call, f *api.Form) (any, error) {
	name, err := keyOwner(c, f)
	if err != nil {
		return nil, err
	}
	var out struct{ AccessKey accessKeyShape }
	err = s.with(c, "CreateAccessKey", "User", name, nil, func(_ *account, e *entity) error {
		if len(s.opt.Directory.keysOf(e)) >= maxKeys {
			return tooLarge("Cannot exceed quota for AccessKeysPerUser: %d", maxKeys)
		}
		k := s.opt.Directory.addKey(e)
		out.AccessKey = k.shape(e)
		out.AccessKey.SecretAccessKey = k.secret
		return nil
	})
	return out, err
}

func (s *Service) opListAccessKeys(c api.Call, f *api.Form) (any, error) {
	f.Text("MaxItems")
	name, err := keyOwner(c, f)
	if err != nil {
		return nil, err
	}
	var out struct {
		AccessKeyMetadata []accessKeyShape `xml:"AccessKeyMetadata>member"`
		IsTruncated       bool
	}
	err = s.with(c, "ListAccessKeys", "User", name, nil, func(_ *account, e *entity) error {
		for _, k := range s.opt.Directory.keysOf(e) {
			out.AccessKeyMetadata = append(out.AccessKeyMetadata, k.shape(e))
		}
		return nil
	})
	return out, err
}

func (s *Service) opDeleteAccessKey(c api.Call, f *api.Form) (any, error) {
	id := f.Text("AccessKeyId")
	name, err := keyOwner(c, f)
	if err != nil {
		return nil, err
	}
	return nil, s.with(c, "DeleteAccessKey", "User", name, nil, func(_ *account, e *entity) error {
		if k := s.opt.Directory.keys[id]; k == nil || k.ownerID != e.id {
			return noSuchEntity("The Access Key with id %s cannot be found.", id)
		}
		delete(s.opt.Directory.keys, id)
		return nil
	})
}

// keyOwner is the user that the request names, or else the caller.
func keyOwner(c api.Call, f *api.Form) (string, error) {
	name := f.Text("UserName")
	if err := f.Done(); err != nil {
		return "", err
	}
	if name != "" {
		return name, nil
	}
	if c.Caller.RoleARN() != "" {
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
