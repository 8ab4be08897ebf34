package configuration

import (
	"encoding/xml"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// CORS says which pages of other origins may call the bucket from a browser. It
// grants nothing: the policies decide as ever.
type CORS struct {
	XMLName xml.Name   `xml:"CORSConfiguration" json:"-"`
	Rules   []CORSRule `xml:"CORSRule" json:"CorsRules"`
}

// CORSRule is one rule. CloudFormation names three of its members otherwise.
type CORSRule struct {
	ID             string   `xml:",omitempty" json:"Id"`
	AllowedOrigins []string `xml:"AllowedOrigin"`
	AllowedMethods []string `xml:"AllowedMethod"`
	AllowedHeaders []string `xml:"AllowedHeader"`
	ExposeHeaders  []string `xml:"ExposeHeader" json:"ExposedHeaders"`
	MaxAgeSeconds  *int     `xml:",omitempty" json:"MaxAge"`
}

// Match is the first rule for a request of an origin with a method and, of a
// preflight, the headers that are to follow; nil if there is none.
//
// Source: S3 user guide, cors, "How does Amazon S3 evaluate the CORS
// configuration on a bucket?".
func (c *CORS) Match(origin, method string, headers []string) *CORSRule {
	if c == nil {
		return nil
	}
	for i := range c.Rules {
		if r := &c.Rules[i]; r.origin(origin) && slices.Contains(r.AllowedMethods, method) && r.allows(headers) {
			return r
		}
	}
	return nil
}

// AnyOrigin says whether the rule is for every origin: the answer then names
// none.
func (r *CORSRule) AnyOrigin() bool { return slices.Contains(r.AllowedOrigins, "*") }

func (r *CORSRule) origin(origin string) bool {
	return slices.ContainsFunc(r.AllowedOrigins, func(pattern string) bool { return matchesOneStar(pattern, origin) })
}

func (r *CORSRule) allows(headers []string) bool {
	for _, h := range headers {
		if !slices.ContainsFunc(r.AllowedHeaders, func(pattern string) bool {
			return matchesOneStar(strings.ToLower(pattern), strings.ToLower(h))
		}) {
			return false
		}
	}
	return true
}

// matchesOneStar matches a pattern with at most one "*".
func matchesOneStar(pattern, s string) bool {
	before, behind, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == s
	}
	return len(s) >= len(before)+len(behind) && strings.HasPrefix(s, before) && strings.HasSuffix(s, behind)
}

var corsMethods = []string{"GET", "PUT", "HEAD", "POST", "DELETE"}

// Apply implements Setting, also of a property that is not there.
//
// Source: S3 API reference, API_PutBucketCors and API_CORSRule; S3 user guide,
// ManageCorsUsing. The pages have the limits; the words are S3's.
func (c *CORS) Apply(b *Bucket) error {
	b.CORS = c
	if c == nil {
		return nil
	}
	if n := len(c.Rules); n == 0 || n > 100 {
		return fault.MalformedXML("a CORS configuration has 1 to 100 rules, this one has %d", n)
	}
	for _, r := range c.Rules {
		if err := r.check(); err != nil {
			return err
		}
	}
	return nil
}

func (r *CORSRule) check() error {
	switch {
	case len(r.AllowedOrigins) == 0:
		return fault.MalformedXML("a CORS rule has no AllowedOrigin")
	case len(r.AllowedMethods) == 0:
		return fault.MalformedXML("a CORS rule has no AllowedMethod")
	case len(r.ID) > 255:
		return fault.InvalidRequest("The ID of a CORS rule can not be longer than 255 characters")
	}
	for _, m := range r.AllowedMethods {
		if !slices.Contains(corsMethods, m) {
			return fault.InvalidRequest("Found unsupported HTTP method in CORS config. Unsupported method is %s", m)
		}
	}
	for name, patterns := range map[string][]string{"AllowedOrigin": r.AllowedOrigins, "AllowedHeader": r.AllowedHeaders} {
		for _, p := range patterns {
			if strings.Count(p, "*") > 1 {
				return fault.InvalidRequest("%s %q can not have more than one wildcard.", name, p)
			}
		}
	}
	for _, h := range r.ExposeHeaders {
		if strings.Contains(h, "*") {
			return fault.InvalidRequest("ExposeHeader %q contains wildcard. We currently do not support wildcard for ExposeHeader.", h)
		}
	}
	return nil
}
