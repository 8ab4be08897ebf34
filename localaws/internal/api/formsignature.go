package api

import "context"

// FormSignature is what the fields of an HTML form say of the signature of its
// policy.
//
// Source: S3 API reference, sigv4-HTTPPOSTForms.
type FormSignature struct {
	Policy     string // as it came, in Base64: what is signed
	Algorithm  string
	Credential string
	Date       string
	Token      string
	Signature  string
}

// FormAuthenticator checks the signature of a form that came with a call, and
// gives the call of whoever signed it. Its error is an *Error.
type FormAuthenticator func(Call, FormSignature) (Call, error)

type formKey struct{}

// WithFormAuthenticator returns a context that carries f. The front door knows the
// access keys, and only S3 can read a form.
func WithFormAuthenticator(ctx context.Context, f FormAuthenticator) context.Context {
	return context.WithValue(ctx, formKey{}, f)
}

// AuthenticateForm checks a form that came with the request whose context ctx is.
// A request that didn't come through the front door has no form.
func AuthenticateForm(ctx context.Context, c Call, s FormSignature) (Call, error) {
	f, ok := ctx.Value(formKey{}).(FormAuthenticator)
	if !ok {
		return c, Errorf(403, "AccessDenied", "Access Denied")
	}
	return f(c, s)
}
