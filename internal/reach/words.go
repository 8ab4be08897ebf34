package reach

import (
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/resource"
)

// Under says in a sentence which encryption the objects of a bucket are under,
// when an upload asks for none.
func Under(set *resource.Set, o Object) string {
	if demandsSSEC(o.Bucket) {
		return "They are under SSE-C: to use one takes the customer's key."
	}
	name := map[string]string{"AES256": "SSE-S3", "aws:kms": "SSE-KMS", "aws:kms:dsse": "DSSE-KMS"}[o.Bucket.Algorithm]
	unknown := unknownKey(set, o.Bucket)
	switch {
	case name == "SSE-S3":
		return "They are under SSE-S3, unless an upload asks for another encryption."
	case unknown != nil:
		return "They are under " + name + "; unknown: " + unknown.Error() + "."
	case o.Bucket.KeyARN == "":
		return "They are under " + name + " with the key aws/s3."
	}
	with := ""
	if o.Bucket.BucketKey && name == "SSE-KMS" {
		with = ", an S3 Bucket Key"
	}
	return fmt.Sprintf("They are under %s with %s%s.", name, named(set, o.Bucket.KeyARN), with)
}

// String says what the copy means for who may get the objects.
func (c Copy) String() string {
	switch {
	case c.Unknown != nil:
		return "Where they are replicated to is unknown: " + c.Unknown.Error() + "."
	case c.Bucket == nil:
		return "They are replicated to bucket " + c.Name + ", which is in none of the stacks: who can get them there is unknown."
	}
	return "They are replicated to bucket " + access.ShortName(c.Bucket.LogicalID) + "@" + c.Bucket.Account + ": who can get them there can read them."
}

// String tells the way in one line.
func (p Path) String() string {
	var parts []string
	if len(p.Steps) > 0 {
		parts = append(parts, "after "+strings.Join(p.Steps, ", then "))
	}
	if len(p.By) > 0 {
		parts = append(parts, "by "+strings.Join(p.By, " and "))
	}
	if p.Unknown != nil {
		parts = append(parts, "if it is not closed by what is not known: "+strings.ReplaceAll(p.Unknown.Error(), "\n", "; "))
	}
	return strings.Join(parts, ", ")
}
