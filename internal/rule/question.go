package rule

import (
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// Condition keys that an upload sets from its headers.
const (
	algorithmKey         = "s3:x-amz-server-side-encryption"
	kmsKeyKey            = "s3:x-amz-server-side-encryption-aws-kms-key-id"
	customerAlgorithmKey = "s3:x-amz-server-side-encryption-customer-algorithm"
)

// stranger is an account that no policy means: a request from it that a policy
// admits is one that anybody can make.
const stranger = "999999999999"

type context = map[string]iam.Strings

// with is a context with further keys.
func with(contexts ...context) context {
	all := context{}
	for _, c := range contexts {
		maps.Copy(all, c)
	}
	return all
}

var (
	overTLS  = context{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.3"}}
	overHTTP = context{"aws:SecureTransport": {"false"}}
)

// who is somebody who asks, with every permission that an own account can give.
type who struct {
	name   string
	caller iam.Caller
}

// everybody stands for all callers: one of each kind and origin.
func everybody(partition, account string) []who {
	prefix := "arn:" + partition + ":iam::"
	return []who{
		{"an administrator of the account", iam.RoleSession(prefix+account+":role/administrator", "session")},
		{"the account's root user", iam.AccountRoot(prefix + account + ":root")},
		{"a user of the account", iam.User(prefix + account + ":user/administrator")},
		{"a role of another account", iam.RoleSession(prefix+stranger+":role/administrator", "session")},
		{"an AWS service", iam.ServicePrincipal("s3.amazonaws.com")},
		{"nobody", iam.Anonymous()},
	}
}

// ask decides a request of w.
func (d *deployment) ask(w who, action, arn string, c context) iam.Decision {
	return d.set.Decide(resource.Request{Caller: w.caller, Action: action, Resource: arn, Context: c, Identity: everything})
}

// askWithout decides a request of w as if the bucket's policy had no Deny
// statement that spares anybody: with NotPrincipal, or under a condition on
// another key than those given. The callers asked about are six; a statement
// that spares a role or a network that is none of theirs closes nothing.
func (d *deployment) askWithout(b *resource.Bucket, w who, action, arn string, c context, keys ...string) iam.Decision {
	closed := iam.Source{Name: b.Policy.Name, Document: b.Policy.Document}
	closed.Document.Statement = slices.DeleteFunc(slices.Clone(closed.Document.Statement), func(s iam.Statement) bool {
		return s.Effect == iam.Deny && (s.NotPrincipal != nil || conditionBeside(s.Condition, keys))
	})
	return d.set.Decide(resource.Request{
		Caller: w.caller, Action: action, Resource: arn, Context: c, Identity: everything, Policy: &closed,
	})
}

// conditionBeside says whether a condition is on any other key.
func conditionBeside(c iam.Condition, keys []string) bool {
	for _, of := range c {
		for k := range of {
			if !slices.ContainsFunc(keys, func(key string) bool { return strings.EqualFold(key, k) }) {
				return true
			}
		}
	}
	return false
}

var everything = []iam.Source{{
	Name: "own IAM policy",
	Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Action: iam.Strings{"*"}, Resource: iam.Strings{"*"},
	}}},
}}

// explain is a decision in one line.
func explain(d iam.Decision) string { return oneLine(d.Explain()) }

// conditionOn says whether a condition is about a key; their names match in any
// case.
func conditionOn(c iam.Condition, key string) bool {
	for _, keys := range c {
		for k := range keys {
			if strings.EqualFold(k, key) {
				return true
			}
		}
	}
	return false
}

// arnPart is one of the six parts of an ARN, from 0; "" if there is none.
func arnPart(arn string, i int) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" {
		return ""
	}
	return parts[i]
}

// s3Endpoint is the value of kms:ViaService for S3 where the stack is.
func s3Endpoint(s *template.Stack) (string, error) {
	suffix, err := s.Resolve(map[string]any{"Ref": "AWS::URLSuffix"}, "AWS::URLSuffix")
	if err != nil {
		return "", err
	}
	return "s3." + s.Region + "." + suffix.(string), nil
}
