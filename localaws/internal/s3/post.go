package s3

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/document"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/form"
	"github.com/s3seal/s3seal/localaws/internal/s3/payload"
)

// postObject stores the file of an HTML form. Whoever signed the form's policy is
// the caller; without a policy it is anonymous. Then it is a PutObject, whose
// headers are the fields.
//
// Source: S3 API reference, RESTObjectPOST and sigv4-HTTPPOSTForms.
func (s *Service) postObject(rq *request, _ *bucket) error {
	if _, signed := api.SignatureOf(rq.Request.Context()); signed {
		return fault.NotImplemented("a form in a request that is signed itself")
	}
	f, err := form.Read(rq.Request)
	if err != nil {
		return err
	}
	if rq.Key = f.Get("key"); rq.Key == "" {
		return fault.InvalidArgument("Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.", "key", "")
	}
	if err := rq.checkURI(); err != nil { // of the key, which came in no URI
		return err
	}
	if err := rq.admitForm(f); err != nil {
		return err
	}
	h, err := formHeaders(rq.Request.Header, f)
	if err != nil {
		return err
	}
	rq.Request = rq.Request.WithContext(rq.Request.Context())
	rq.Request.Header = h
	if err := rq.knows(""); err != nil {
		return err
	}
	b, err := s.bucket(rq)
	if err != nil {
		return err
	}
	c := b.settings()
	w, v, err := s.newVersion(rq, b, &c, true)
	if err != nil {
		return err
	}
	err = s.store(rq, b, w, v, func(keys [][]byte) error {
		in, err := payload.OpenFile(f, h, payload.Options{MD5: v.encryption.Mode.HashedETag()})
		if err != nil {
			return err
		}
		return s.receive(in, v, keys)
	})
	if err != nil {
		return err
	}
	v.checksum.Headers(rq.w.Header())
	return rq.posted(f, v)
}

// admitForm checks the signature and the policy of a form that has one.
func (rq *request) admitForm(f *form.Form) error {
	if _, ok := f.Lookup("AWSAccessKeyId"); ok {
		return fault.InvalidRequest("The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")
	}
	needed := []string{"policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"}
	anonymous := true
	missing := ""
	for _, name := range needed {
		if _, ok := f.Lookup(name); ok {
			anonymous = false
		} else if missing == "" {
			missing = name
		}
	}
	if anonymous {
		return nil
	}
	if missing != "" {
		return fault.InvalidArgument("Bucket POST must contain a field named '"+missing+"'.  If it is specified, please check the order of the fields.", missing, "")
	}
	c, err := api.AuthenticateForm(rq.Request.Context(), rq.Call, api.FormSignature{
		Policy: f.Get("policy"), Algorithm: f.Get("x-amz-algorithm"), Credential: f.Get("x-amz-credential"),
		Date: f.Get("x-amz-date"), Token: f.Get("x-amz-security-token"), Signature: f.Get("x-amz-signature"),
	})
	if err != nil {
		return err
	}
	p, err := form.ParsePolicy(f.Get("policy"))
	if err != nil {
		return err
	}
	rq.Call = c
	return p.Check(f, rq.Bucket, c.Time)
}

// formHeaders are the headers of the PutObject that a form stands for. Fields that
// are no header are left to the form.
func formHeaders(browser http.Header, f *form.Form) (http.Header, error) {
	h := http.Header{}
	for _, name := range []string{"User-Agent", "Referer", "Origin"} { // those of the browser
		if value := browser.Get(name); value != "" {
			h.Set(name, value)
		}
	}
	for _, field := range f.Fields {
		switch name := strings.ToLower(field.Name); name {
		case "acl":
			h.Set("x-amz-acl", field.Value)
		case "cache-control", "content-type", "content-disposition", "content-encoding", "content-md5", "expires":
			h.Set(name, field.Value)
		case "tagging":
			var t configuration.Tagging
			if err := document.Decode([]byte(field.Value), "Tagging", &t); err != nil {
				return nil, err
			}
			if err := configuration.CheckTags(t.Tags, 10); err != nil {
				return nil, err
			}
			tags := url.Values{}
			for _, tag := range t.Tags {
				tags.Set(tag.Key, tag.Value)
			}
			h.Set("x-amz-tagging", tags.Encode())
		case "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-security-token", "x-amz-signature":
		default:
			if strings.HasPrefix(name, "x-amz-") {
				h.Set(name, field.Value)
			}
		}
	}
	return h, nil
}

type postResponse struct {
	XMLName  xml.Name `xml:"PostResponse"`
	Location string
	Bucket   string
	Key      keyText
	ETag     string
}

// posted answers as the form asks: a redirection, an empty document or a small one.
func (rq *request) posted(f *form.Form, v *version) error {
	location := "/" + rq.Bucket + "/" + (&url.URL{Path: rq.Key}).EscapedPath()
	h := rq.w.Header()
	h.Set("ETag", quote(v.etag))
	h.Set("Location", location)
	target, ok := f.Lookup("success_action_redirect")
	if !ok {
		target = f.Get("redirect") // its old name
	}
	if u, err := url.Parse(target); err == nil && target != "" && u.Host != "" {
		query := "bucket=" + url.QueryEscape(rq.Bucket) + "&key=" + url.QueryEscape(rq.Key) + "&etag=" + url.QueryEscape(quote(v.etag))
		if u.RawQuery != "" {
			query = u.RawQuery + "&" + query
		}
		u.RawQuery = query
		h.Set("Location", u.String())
		return rq.done(http.StatusSeeOther)
	}
	switch f.Get("success_action_status") {
	case "200":
		return rq.done(http.StatusOK)
	case "201":
		return rq.answer(http.StatusCreated, postResponse{Location: location, Bucket: rq.Bucket, Key: keyText(rq.Key), ETag: quote(v.etag)})
	}
	return rq.done(http.StatusNoContent)
}
