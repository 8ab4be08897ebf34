// Package api is what the services of the local AWS share: the shape of a
// service and the protocols that it speaks, the call and its caller, how a call
// is authorized, the errors that go out on the wire, and how CloudFormation
// makes a service's resources.
package api

import (
	"maps"
	"strconv"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
)

// Call is one authenticated request to a service. It is a value: a service
// that calls another one hands on a changed copy.
type Call struct {
	RequestID string
	Caller    iam.Caller
	Account   string // the caller's account; "" for anonymous
	Region    string // the Region of the endpoint, from the credential scope
	Time      time.Time
	Secure    bool // came over TLS

	// Trace collects what the log says of the call; nil: nothing is collected.
	Trace *Trace
	// Gone is closed when the client has gone away; nil for a call that a service
	// makes.
	Gone <-chan struct{}

	// Session holds the session policies of temporary credentials.
	Session []iam.Source

	// Context holds the condition keys that are known before the service
	// looks at the request and that don't follow from the fields above:
	// aws:SourceIp, aws:UserAgent, s3:TlsVersion, and for calls between
	// services those of ServiceCall and Via. A service adds its own keys in
	// Access.Context.
	Context map[string]iam.Strings
}

// Keys are the condition keys of the call: those of Context, and those that
// every request has, whoever makes it.
//
// Source: IAM user guide, reference_policies_condition-keys, "always included
// in the request context".
func (c Call) Keys() map[string]iam.Strings {
	keys := map[string]iam.Strings{
		"aws:CurrentTime":            {c.Time.UTC().Format(time.RFC3339)},
		"aws:EpochTime":              {strconv.FormatInt(c.Time.Unix(), 10)},
		conditionkey.SecureTransport: {strconv.FormatBool(c.Secure)},
		conditionkey.ViaAWSService:   {"false"},
	}
	if c.Region != "" {
		keys["aws:RequestedRegion"] = iam.Strings{c.Region}
	}
	maps.Copy(keys, c.Context)
	return keys
}

// Access is what a service asks about a call before it carries it out.
type Access struct {
	Action          string // "s3:PutObject"
	Resource        string // ARN
	ResourceAccount string // the owner of the resource

	// Context holds the keys that the service read off the request.
	Context map[string]iam.Strings

	// Policy is the resource's own policy; nil when it has none.
	Policy *iam.Source

	// PublicAccess is the bucket's Block Public Access; nil: not a bucket.
	PublicAccess *iam.PublicAccessBlock
}

// Keys are the condition keys of a call with those of the access.
func (a Access) Keys(c Call) map[string]iam.Strings {
	keys := c.Keys()
	maps.Copy(keys, a.Context)
	return keys
}

// Authorizer decides calls. Its error is an *Error with code AccessDenied
// (AccessDeniedException for JSON services) and a message as AWS words it:
// who may not do what on what, and which kind of policy denied.
type Authorizer interface {
	Authorize(Call, Access) error
}
