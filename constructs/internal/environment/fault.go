package environment

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/internal/bucketname"
)

// KeyFault says why a prop's text is no ARN of a KMS key of the environment, or
// "". Without an account, a key of any account will do. What is a token isn't
// looked into, but for an alias.
//
// S3 accepts a key of the bucket's Region only. It doesn't check the key of a
// replication rule, and an alias or a bare id there means a key of the account
// that asks, under which the replicas would be unreadable where they are.
// Sources: AmazonS3/latest/userguide/UsingKMSEncryption.html,
// replication-config-for-kms-objects.html.
func (e Environment) KeyFault(prop, keyARN string) string {
	account := e.Account
	if account == "" {
		account = "<account>"
	}
	want := fmt.Sprintf("write the ARN of a key there, arn:%s:kms:%s:%s:key/<id>", e.Partition, e.Region, account)
	if keyARN == "" {
		return "no " + prop + ": " + want
	}
	isToken := IsToken(keyARN)
	key, err := arn.Parse(keyARN)
	switch {
	case strings.Contains(keyARN, "alias/") || !isToken && (err != nil || key.Service != "kms" || !strings.HasPrefix(key.Resource, "key/")):
		return fmt.Sprintf("%s %q is not a key's ARN, and S3 looks up an alias or an id in the account that calls: %s", prop, keyARN, want)
	case isToken || IsToken(e.Region):
		return ""
	case key.Partition != e.Partition || key.Region != e.Region || e.Account != "" && key.AccountID != e.Account:
		return fmt.Sprintf("%s %q is of another account or Region than the bucket's: %s", prop, keyARN, want)
	}
	return ""
}

// ConstructFault is KeyFault for a construct with that ARN. An alias and a key of
// another stack can have an ARN that is a token.
func (e Environment) ConstructFault(prop string, key any, keyARN string) string {
	fault := e.KeyFault(prop, keyARN)
	if fault != "" || !IsToken(keyARN) {
		return fault
	}
	in := ""
	switch key := key.(type) {
	case awskms.IAlias:
		return prop + " is an alias, which S3 looks for in the account that asks: give the key itself"
	case interface{ Region() string }:
		in = key.Region()
	case awskms.IKey:
		in = *key.Env().Region
	}
	if in != e.Region && in != "" && !IsToken(in) && !IsToken(e.Region) {
		return fmt.Sprintf("%s is in Region %s: give a key of the bucket's Region, %s", prop, in, e.Region)
	}
	return ""
}

var principal = regexp.MustCompile(`^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/[\w+=,.@/-]+$`)

// PrincipalFault says which of a prop's texts is no ARN of a role or user, or "".
// One with a wildcard would admit whom nobody has reviewed, and "*" everybody.
// Source: IAM/latest/UserGuide/reference_identifiers.html.
func PrincipalFault(prop string, arns []string) string {
	for i, arn := range arns {
		if !IsToken(arn) && !principal.MatchString(arn) {
			return fmt.Sprintf("%s[%d] %q is no ARN of a role or user: write one, such as arn:aws:iam::111122223333:role/name", prop, i, arn)
		}
	}
	return ""
}

// NameFault says why a prop's text is no bucket's name, or "". An empty one and a
// token are not looked into.
func NameFault(prop, name string) string {
	if name == "" || IsToken(name) {
		return ""
	}
	if wrong, instead := bucketname.Fault(name); wrong != "" {
		return fmt.Sprintf("%s %q %s: %s", prop, name, wrong, instead)
	}
	return ""
}
