package form

import (
	"slices"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Check holds a form to a bucket against the policy, and bounds its file. Every
// condition must hold, and every field must be in one: a field that the signer
// didn't think of is not the signer's.
//
// The page of errors has 400 InvalidPolicyDocument for a form that its policy
// doesn't let in. S3 is known to answer that to a policy that is none, and to such
// a form with the code and the words here.
//
// Source: S3 API reference, sigv4-HTTPPOSTConstructPolicy.
func (p *Policy) Check(f *Form, bucket string, now time.Time) error {
	if !now.Before(p.expiration) {
		return denied("Policy expired.")
	}
	for _, c := range p.conditions {
		value := f.Get(c.field)
		if c.field == "bucket" {
			value = bucket
		}
		if !c.holds(value) {
			return denied("Policy Condition failed: " + c.text)
		}
	}
	for _, field := range append([]Field{{Name: "bucket"}}, f.Fields...) {
		if name := strings.ToLower(field.Name); !unconditional(name) && !p.mentions(name) {
			return denied("Extra input fields: " + name)
		}
	}
	f.Limit(p.min, p.max)
	return nil
}

func unconditional(name string) bool {
	return name == "x-amz-signature" || name == "policy" || strings.HasPrefix(name, "x-ignore-")
}

func (p *Policy) mentions(name string) bool {
	return slices.ContainsFunc(p.conditions, func(c condition) bool { return c.field == name })
}

// holds: of a list of content types each must begin as the condition says.
func (c condition) holds(value string) bool {
	if !c.prefix {
		return value == c.value
	}
	values := []string{value}
	if c.field == "content-type" {
		values = strings.Split(value, ",")
	}
	for _, v := range values {
		if !strings.HasPrefix(v, c.value) {
			return false
		}
	}
	return true
}

func denied(why string) error {
	return api.Errorf(403, "AccessDenied", "Invalid according to Policy: %s", why)
}
