package access

import (
	"maps"

	"github.com/s3seal/s3seal/internal/iam"
)

// Operation is something that a principal may try with a resource.
type Operation struct {
	Name     string
	Action   string
	Resource string // ARN
	Context  map[string]iam.Strings

	// BlockedBy is what of the resource's settings, beside its policies,
	// refuses the operation to everybody; "" for nothing.
	BlockedBy string
}

type context = map[string]iam.Strings

// with is c with further keys; a nil value takes a key out.
func (o Operation) with(more context) Operation {
	c := maps.Clone(o.Context)
	if c == nil {
		c = context{}
	}
	for k, v := range more {
		if v == nil {
			delete(c, k)
			continue
		}
		c[k] = v
	}
	o.Context = c
	return o
}

func (o Operation) named(name string) Operation {
	o.Name = name
	return o
}

// How a request to S3 came.
var (
	overTLS   = context{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.3"}}
	overTLS12 = context{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.2"}}
	overTLS11 = context{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.1"}}
	overHTTP  = context{"aws:SecureTransport": {"false"}, "s3:TlsVersion": nil}
)
