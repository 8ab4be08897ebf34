package rule

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

var replicationPermissionRules = []Rule{
	{
		ID:       "replication-permission",
		Severity: Error,
		Reason:   "The replication role lacks a permission, in its own policies or in those of the destination: objects aren't replicated, and S3 accepts the configuration all the same.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html",
		Fix:      "Allow the action in the role's policy and, of another account's bucket or key, in its policy too.",
		check:    eachReplication((*checker).checkPermissions),
	},
	{
		ID:       "replication-role-untrusting",
		Severity: Error,
		Reason:   "S3 replicates by assuming the role; without its trust nothing is replicated.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html",
		Fix:      "Let the service s3.amazonaws.com assume the role in its AssumeRolePolicyDocument.",
		check:    eachReplication((*checker).checkTrust),
	},
}

var errRoleElsewhere = errors.New("the policies of the replication role: it is in none of the stacks")

// replicationRole is the role of the rule's bucket, if it is in the stacks.
func (c *checker) replicationRole(r replication) *resource.Role {
	arn, known := c.text(r.bucket, r.bucket.Properties().Get("ReplicationConfiguration", "Role"))
	if !known {
		return nil
	}
	if role := c.set.RoleWithARN(arn); role != nil {
		return role
	}
	c.unknown(r.bucket, "", cmp.Or(c.set.LeftOut(arn), errRoleElsewhere))
	return nil
}

// need is a request that replication makes. Leave for the action instead, if
// there is one, will do as well.
type need struct {
	action, arn string
	context     context
	severity    Severity
	instead     string
}

func (c *checker) checkPermissions(r replication) {
	role := c.replicationRole(r)
	if role == nil {
		return
	}
	source, why := c.bucket(r.bucket)
	if source == nil {
		c.unknown(r.bucket, "", why)
		return
	}
	needs, known := c.sourceNeeds(r, source)
	if !known {
		return
	}
	if r.destination == nil && !c.takeElsewhere(&r, source) {
		return
	}
	more, known := c.destinationNeeds(r, source)
	if !known {
		return
	}
	needs = append(needs, more...)
	missing := map[string]bool{} // actions; a request with other headers would say the same again
	for _, n := range needs {
		if !missing[n.action] {
			missing[n.action] = !c.checkNeed(r, role, n)
		}
	}
}

// takeElsewhere gives a rule a destination that is in none of the stacks: what
// the role's own policies deny is denied whatever the destination's allow. Where
// the rule doesn't say of which account it is, it may be the source's, and
// admit the role by itself.
func (c *checker) takeElsewhere(r *replication, source *resource.Bucket) bool {
	arn, err := r.value.Get("Destination", "Bucket").String()
	account, known := c.text(r.bucket, r.value.Get("Destination", "Account"))
	key, keyKnown := c.text(r.bucket, r.value.Get("Destination", "EncryptionConfiguration", "ReplicaKmsKeyID"))
	if err != nil || !known || !keyKnown || resource.ARN(arn).Service != "s3" {
		c.unknown(r.bucket, r.value.Path(), r.whyNot)
		return false
	}
	r.destination = resource.Elsewhere(arn, cmp.Or(account, source.Account), resource.ARN(key).Region)
	// No other setting asks for less.
	r.destination.Ownership = "BucketOwnerEnforced"
	return true
}

// checkNeed says whether the role may make the request, as far as is known.
func (c *checker) checkNeed(r replication, role *resource.Role, n need) bool {
	request := resource.Request{Caller: role.Caller(), Resource: n.arn, Context: n.context}
	switch {
	case resource.ARN(n.arn).Service == "kms":
		request.Elsewhere = c.keyDoubt(n.arn)
	case r.whyNot != nil && strings.HasPrefix(n.arn, r.destination.ARN):
		request.Account, request.Elsewhere = r.destination.Account, r.whyNot
	}
	decide := func(action string) resource.Decision {
		request.Action = action
		return c.set.Decide(request)
	}
	switch d := decide(n.action); {
	case !d.Allowed && n.instead != "" && decide(n.instead).Allowed:
	case len(d.Unread) > 0:
		for _, u := range d.Unread {
			c.unknown(r.bucket, r.value.Path(), u.Err)
		}
	case !d.Allowed:
		c.findAs(n.severity, r.bucket, r.value.Path(), "%s", explain(d))
		return false
	}
	return true
}

// keyDoubt says why a key's policy isn't known; nil when it is.
func (d *deployment) keyDoubt(arn string) error {
	if k := d.set.KeyWithARN(arn); k != nil {
		return resource.Why(k.Unread)
	}
	return cmp.Or(d.set.LeftOut(arn), fmt.Errorf("the policy of key %s: it is in none of the stacks", arn))
}

// sourceNeeds are the requests to the source bucket and its key.
func (c *checker) sourceNeeds(r replication, source *resource.Bucket) ([]need, bool) {
	object, known := c.replicatedObject(r)
	if !known {
		return nil, false
	}
	kms, known := c.kmsObjects(r)
	if !known {
		return nil, false
	}
	instead := "" // of leave to read any object
	if !kms {
		// "the s3:GetObjectVersion action allows replication of unencrypted and
		// SSE-S3-encrypted objects": replication-config-for-kms-objects.html.
		instead = "s3:GetObjectVersion"
	}
	needs := []need{
		{action: "s3:GetReplicationConfiguration", arn: source.ARN, severity: Error},
		{action: "s3:ListBucket", arn: source.ARN, severity: Error},
		{action: "s3:GetObjectVersionForReplication", arn: source.ARN + object, severity: Error, instead: instead},
		{action: "s3:GetObjectVersionAcl", arn: source.ARN + object, severity: Error},
		// Without it, S3 "replicates the objects, but not the object tags":
		// setting-repl-config-perm-overview.html.
		{action: "s3:GetObjectVersionTagging", arn: source.ARN + object, severity: Warning},
	}
	for i := range needs {
		needs[i].context = question.OverTLS
	}
	// The key aws/s3 admits the account's principals through S3 by itself.
	if !kms || resource.AWSManaged(source.Key) {
		return needs, true
	}
	key, err := c.set.KeyARN(source.Key, source)
	if err != nil {
		c.unknown(r.bucket, "", err)
		return nil, false
	}
	return append(needs, need{action: "kms:Decrypt", arn: key, context: question.ThroughS3(source, source.BucketKey, object), severity: Error}), true
}

// destinationNeeds are the requests to the destination bucket and its key.
func (c *checker) destinationNeeds(r replication, source *resource.Bucket) ([]need, bool) {
	object, known := c.replicatedObject(r)
	kms, alsoKnown := c.kmsObjects(r)
	key, keyKnown := c.text(r.bucket, r.value.Get("Destination", "EncryptionConfiguration", "ReplicaKmsKeyID"))
	markers, markersKnown := c.text(r.bucket, r.value.Get("DeleteMarkerReplication", "Status"))
	translated, translatedKnown := c.exists(r.bucket, r.value.Get("Destination", "AccessControlTranslation"))
	if !known || !alsoKnown || !keyKnown || !markersKnown || !translatedKnown {
		return nil, false
	}
	d := r.destination
	headers := context{conditionkey.Encryption: {source.Algorithm}}
	if resource.AliasName(key) != "" && resource.ARN(key).Service == "kms" && !resource.AWSManaged(key) {
		// Whose account an alias is looked up in, and whether the request has
		// the alias or the key, no page says: it is taken at its word.
		arn, err := c.set.KeyARN(key, d)
		if err != nil {
			c.unknown(r.bucket, r.value.Path(), err)
			return nil, false
		}
		key = arn
	}
	if kms && key != "" {
		algorithm := source.Algorithm
		if algorithm == "AES256" {
			algorithm = "aws:kms"
		}
		headers = question.UnderKey(algorithm, key)
	}
	if c.demandsSSEC(source) {
		headers = question.SSEC
	}
	var needs []need
	ask := func(severity Severity, action, arn string, context context) {
		needs = append(needs, need{action: action, arn: arn, context: context, severity: severity})
	}
	objects := d.ARN + object
	ask(Error, "s3:ReplicateObject", objects, question.With(question.OverTLS, headers))

	// The parts of a large object and changes of tags are authorized as this
	// action too. That such a request carries no header of the encryption is
	// the S3 API's reading, and no page on replication's.
	ask(Warning, "s3:ReplicateObject", objects, question.OverTLS)
	// The user guide says that s3:ReplicateObject covers tags; AWS's support
	// says that tagged objects need this one on both sides.
	ask(Warning, "s3:ReplicateTags", objects, question.OverTLS)
	switch markers {
	case "Enabled":
		ask(Error, "s3:ReplicateDelete", objects, question.OverTLS)
	case "":
		// A rule without a Filter replicates delete markers unasked; without
		// leave to, objects are replicated all the same.
		ask(Warning, "s3:ReplicateDelete", objects, question.OverTLS)
	}
	switch owner := d.Ownership; {
	case !translated || owner == "BucketOwnerEnforced":
	case owner == "": // enforced on buckets made since April 2023
		ask(Warning, "s3:ObjectOwnerOverrideToBucketOwner", objects, question.OverTLS)
	default:
		ask(Error, "s3:ObjectOwnerOverrideToBucketOwner", objects, question.OverTLS)
	}
	if !kms || resource.ARN(key).Service != "kms" || resource.AWSManaged(key) {
		return needs, true
	}
	// A replica keeps the source's choice of an S3 Bucket Key.
	through := question.ThroughS3(d, source.BucketKey, object)
	ask(Error, "kms:Encrypt", key, through)
	if source.BucketKey {
		ask(Error, "kms:GenerateDataKey", key, through)
		ask(Error, "kms:Decrypt", key, through)
	}
	return needs, true
}

// replicatedObject is "/" and the key of an object that the rule is about.
func (c *checker) replicatedObject(r replication) (string, bool) {
	for _, path := range [][]string{{"Filter", "Prefix"}, {"Filter", "And", "Prefix"}, {"Prefix"}} {
		prefix, known := c.text(r.bucket, r.value.Get(path...))
		if !known || prefix != "" {
			return "/" + prefix + "object", known
		}
	}
	return "/object", true
}

// checkTrust asks without aws:SourceAccount and aws:SourceArn: no AWS page says
// that S3 sends them when it replicates.
func (c *checker) checkTrust(r replication) {
	role := c.replicationRole(r)
	if role == nil {
		return
	}
	source, err := r.bucket.Att("Arn")
	if err != nil {
		c.unknown(r.bucket, "", err)
		return
	}
	assume := func(more context) resource.Decision {
		return c.set.Decide(resource.Request{Caller: iam.ServicePrincipal("s3.amazonaws.com"), Action: "sts:AssumeRole", Resource: role.ARN, Context: more})
	}
	d := assume(nil)
	switch sent := assume(context{conditionkey.SourceAccount: {role.Account}, conditionkey.SourceARN: {source}}); {
	case d.Allowed:
	case sent.Allowed:
		c.findAs(Warning, role.Resource, trustPath(role.Resource), "the trust depends on a condition that no AWS page says S3 meets when it replicates: %s", explain(d))
	default:
		c.find(role.Resource, trustPath(role.Resource), "%s", explain(d))
	}
}

func trustPath(r *template.Resource) string { return r.Path() + ".Properties.AssumeRolePolicyDocument" }
