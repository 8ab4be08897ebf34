package stage

import (
	"fmt"

	"github.com/s3seal/s3seal/encryption"
)

// Existing is a bucket of the source environment that is there already. The stage
// makes its functions, and its policy, and no bucket and no key; what a template
// can't give a bucket that it doesn't make, "s3seal adopt" prints.
type Existing struct {
	// Name is the bucket's name. It may hold {prefix}, {account} and {region}, and
	// be of any namespace. Required.
	Name string `yaml:"name" jsonschema:"pattern=^[a-z0-9{}-]+$"`

	// Policy gives the bucket the policy that a bucket of the stage has.
	// CloudFormation refuses to where the bucket has a policy already: import that,
	// as docs/adoption.md shows, or write false. Default: true.
	Policy *bool `yaml:"policy,omitempty"`
}

// checkExisting checks what is said of a bucket that exists, and of its key.
func (d *document) checkExisting(s *Stage, p encryption.Pattern, o bucketOption) {
	path := fieldPath(s, "buckets."+string(p))
	at, key := path+".existing", path+".kmsKeyArn"
	if o.cmk != nil && d.has(key) && !d.environmentFailed(s, s.Source) {
		d.checkKey(key, o.cmk.KMSKeyARN, s.Source,
			"whose policy can't be changed, and which sse-kms-aws-managed is for",
			"and the policies of the bucket and its functions have to name the key itself",
			"S3 accepts only a key of the bucket's own Region, and the stage's key is of its own account")
		if d.has(path + ".rotationDays") {
			d.report(path+".rotationDays", "rotationDays has no effect with kmsKeyArn, whose rotation is its own: remove it")
		}
	}
	if *o.existing == nil || d.failed(at) {
		return
	}
	if name := path + ".name"; d.has(name) {
		d.report(name, "name beside existing, which has the bucket's name: remove it")
	}
	d.required(at+".name", "write the bucket's name, such as name: acme-data")
	if o.cmk != nil && !d.has(key) {
		d.report(key, "kmsKeyArn is missing: write the ARN of the key under which the bucket's objects are")
	}
	if *(*o.existing).Policy || d.failed(at+".policy") {
		return
	}
	for _, field := range []string{"minimumTLS", "require"} {
		if d.has(path + "." + field) {
			d.report(path+"."+field, "%s has no effect with existing.policy: false, as it is of the bucket's policy: remove it", field)
		}
	}
}

// nameOfBucket is the field of the name of a pattern's bucket.
func (o bucketOption) nameOfBucket(s *Stage, p encryption.Pattern) string {
	field := "name"
	if *o.existing != nil {
		field = "existing.name"
	}
	return fieldPath(s, fmt.Sprintf("buckets.%s.%s", p, field))
}
