package policy

import "github.com/s3seal/s3seal/iam"

// Key is a customer managed key for one bucket, by whom its policy admits.
type Key struct {
	Account, AccountRootARN string // of the key
	BucketARN               string
	ViaService              string // S3's kms:ViaService in the key's Region

	Administrators, Users, Readers, Services []string

	AccountWideThroughS3 bool
	NoAccountAccess      bool // the account's IAM policies admit nobody

	Further []iam.Statement
}

// Statements are those of the key's policy.
func (k Key) Statements() []iam.Statement {
	var list []iam.Statement
	if !k.NoAccountAccess {
		list = append(list, AccountAccess(k.AccountRootARN))
	}
	if len(k.Administrators) > 0 {
		list = append(list, KeyAdministrators(k.Administrators))
	}
	if len(k.Users) > 0 {
		list = append(list, KeyUsers(k.Users, k.BucketARN, k.ViaService))
	}
	if len(k.Services) > 0 {
		list = append(list, KeyServices(k.Services, k.Account, k.BucketARN, k.ViaService))
	}
	if k.AccountWideThroughS3 {
		list = append(list, KeyAccountWideThroughS3(k.Account, k.ViaService))
	}
	list = append(list, k.Further...)
	if len(k.Readers) > 0 {
		list = append(list, KeyReaders(k.Readers, k.BucketARN, k.ViaService))
	}
	return list
}
