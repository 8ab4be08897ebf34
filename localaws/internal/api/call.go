// Package api is what the services of the local AWS share: the call and its
// caller, how a call is authorized, the errors that go out on the wire, and
// how CloudFormation makes a service's resources.
package api

import (
	"time"

	"github.com/s3seal/s3seal/iam"
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

	// Session holds the session policies of temporary credentials.
	Session []iam.Source

	// Context holds the condition keys that are known before the service
	// looks at the request: aws:SecureTransport, aws:SourceIp,
	// aws:CurrentTime, s3:TlsVersion, and for calls between services
	// kms:ViaService, aws:CalledVia, aws:ViaAWSService, aws:SourceArn,
	// aws:SourceAccount. A service adds its own keys in Access.Context.
	Context map[string]iam.Strings
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

// Authorizer decides calls. Its error is an *Error with code AccessDenied
// (AccessDeniedException for JSON services) and a message as AWS words it:
// who may not do what on what, and which kind of policy denied.
type Authorizer interface {
	Authorize(Call, Access) error
}
