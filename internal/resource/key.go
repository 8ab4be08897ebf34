package resource

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// Key is a customer managed KMS key. Its name is the key's id.
type Key struct{ guarded }

func (s *Set) addKey(r *template.Resource) error {
	p, err := place(r)
	if err == nil {
		k := &Key{guarded{placed: p}}
		s.Keys = append(s.Keys, k)
		s.keys[k.ARN] = k
		s.guard(&k.guarded, k.ARN, "key "+k.LogicalID)
	}
	return err
}

// KeyWithARN is the key of an ARN, or nil.
func (s *Set) KeyWithARN(arn string) *Key { return s.keys[arn] }

// DefaultKeyPolicy is what KMS gives to a key that is made without a policy: the
// account's IAM policies decide, and nobody else is let in.
// Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func DefaultKeyPolicy(keyARN string) iam.Source {
	key := ARN(keyARN)
	root := iam.Strings{arn.ARN{Partition: key.Partition, Service: "iam", AccountID: key.AccountID, Resource: "root"}.String()}
	return iam.Source{
		Name: "KMS's default policy of key " + keyARN[strings.LastIndexByte(keyARN, '/')+1:],
		Document: iam.Document{Version: iam.Version, ID: "key-default-1", Statement: []iam.Statement{{
			Sid: "Enable IAM User Permissions", Effect: iam.Allow,
			Principal: &iam.Principal{AWS: root}, Action: iam.Strings{"kms:*"}, Resource: iam.Strings{"*"},
		}}},
	}
}

// alias is an alias of a key, where it is.
type alias struct{ account, region, name string }

func (s *Set) addAlias(r *template.Resource) error {
	name, err := r.Properties().Get("AliasName").String()
	if err == nil {
		s.aliases[alias{r.Stack().Account, r.Stack().Region, name}] = r.Properties().Get("TargetKeyId")
	}
	return err
}

// KeyARN is the ARN of the key that a bucket, or what writes into it, names by
// ARN, id or alias: S3 looks an id and an alias up in the account and Region.
// The key aws/s3 has none that is known.
func (s *Set) KeyARN(written string, b *Bucket) (string, error) {
	name := AliasName(written)
	switch {
	case name == "" && ARN(written).Service == "kms":
		return written, nil
	case name == "":
		return arn.ARN{
			Partition: ARN(b.ARN).Partition, Service: "kms", Region: b.Region, AccountID: b.Account, Resource: "key/" + written,
		}.String(), nil
	}
	at := alias{b.Account, b.Region, name}
	if given := ARN(written); given.Service == "kms" {
		at = alias{given.AccountID, given.Region, name}
	}
	if target, ok := s.aliases[at]; ok {
		if id, err := target.String(); err != nil {
			return "", err
		} else if AliasName(id) == "" { // KMS has no alias of an alias
			return s.KeyARN(id, b)
		}
	}
	return "", fmt.Errorf("which key %s is: it is in none of the stacks", written)
}

// AWSManaged says whether a key, as it is written, is S3's own, aws/s3.
func AWSManaged(written string) bool { return written == "" || AliasName(written) == "alias/aws/s3" }

func (s *Set) readDefaultKeys() {
	for _, b := range s.Buckets {
		if AWSManaged(b.Key) {
			continue
		}
		var err error
		if b.KeyARN, err = s.KeyARN(b.Key, b); err != nil {
			s.unread(b.Resource, err)
		}
	}
}

// AliasName is the alias that a key id or ARN names, "alias/..."; "" for none.
func AliasName(key string) string {
	if part := ARN(key).Resource; part != "" {
		key = part
	}
	if strings.HasPrefix(key, "alias/") {
		return key
	}
	return ""
}

// ARN is an ARN in its parts, all of them empty for what is none.
func ARN(text string) arn.ARN {
	parts, _ := arn.Parse(text)
	return parts
}
