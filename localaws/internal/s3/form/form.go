// Package form reads the HTML forms with which browsers upload objects, and
// holds them against their policies.
//
//	f, err := form.Read(r)
//	p, err := form.ParsePolicy(f.Get("policy"))
//	err = p.Check(f, bucket, now)
//	io.Copy(w, f) // the file
package form

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// maxFields is the longest that all before the file may be, with boundaries.
//
// Source: S3 API reference, sigv4-HTTPPOSTForms.
const maxFields = 20 << 10

// readAhead is what the reader of the parts may have read beyond them.
const readAhead = 8 << 10

// Field is one field of a form.
type Field struct{ Name, Value string }

// Form is a form up to its file, which Read gives. Fields behind the file, such as
// that of the button, count for nothing.
type Form struct {
	Fields []Field

	body     *bounded
	parts    *multipart.Reader
	file     *multipart.Part
	min, max int64 // bounds of the file
	got      int64
}

// Read reads the fields of a form. Two with one name are refused: a policy would
// be held against one, and the other used.
func Read(r *http.Request) (*Form, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || parameters["boundary"] == "" {
		return nil, api.Errorf(412, "PreconditionFailed", "Bucket POST must be of the enclosure-type multipart/form-data")
	}
	body := &bounded{in: r.Body, left: maxFields + readAhead}
	f := &Form{body: body, parts: multipart.NewReader(body, parameters["boundary"]), max: unbounded}
	for {
		part, err := f.parts.NextRawPart()
		if err != nil {
			return nil, malformed(err)
		}
		if strings.EqualFold(part.FormName(), "file") {
			body.left = -1
			f.file = part
			f.expand(part.FileName())
			return f, nil
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, malformed(err)
		}
		if _, twice := f.Lookup(part.FormName()); twice {
			return nil, api.Errorf(400, "InvalidArgument", "The form has the field %q twice", part.FormName())
		}
		f.Fields = append(f.Fields, Field{part.FormName(), string(value)})
	}
}

// Lookup finds a field; case doesn't matter.
func (f *Form) Lookup(name string) (string, bool) {
	for _, field := range f.Fields {
		if strings.EqualFold(field.Name, name) {
			return field.Value, true
		}
	}
	return "", false
}

// Get is the value of a field; "" if there is none.
func (f *Form) Get(name string) string {
	value, _ := f.Lookup(name)
	return value
}

// expand puts the name of the file where fields ask for it. Of a path only the
// last element counts.
//
// Source: S3 API reference, sigv4-HTTPPOSTForms.
func (f *Form) expand(name string) {
	if name = path.Base(strings.ReplaceAll(name, `\`, "/")); name == "." || name == "/" {
		name = ""
	}
	for i := range f.Fields {
		f.Fields[i].Value = strings.ReplaceAll(f.Fields[i].Value, "${filename}", name)
	}
}

// Limit bounds the size of the file. One that is too large is refused as soon as
// that shows.
func (f *Form) Limit(least, most int64) { f.min, f.max = least, most }

// Read reads the file.
func (f *Form) Read(p []byte) (int, error) {
	n, err := f.file.Read(p)
	f.got += int64(n)
	switch {
	case f.got > f.max:
		return n, api.Errorf(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
	case err != nil && !errors.Is(err, io.EOF):
		return n, malformed(err)
	case err != nil && f.got < f.min:
		return n, api.Errorf(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
	case err != nil:
		return n, f.end()
	}
	return n, nil
}

// end reads what is behind the file: nothing, or fields, but no other file.
func (f *Form) end() error {
	f.body.left = maxFields + readAhead
	for {
		part, err := f.parts.NextRawPart()
		switch {
		case errors.Is(err, io.EOF):
			return io.EOF
		case err != nil:
			return malformed(err)
		case strings.EqualFold(part.FormName(), "file"):
			return malformed(io.EOF)
		}
	}
}

var errTooLong = api.Errorf(400, "MaxPostPreDataLengthExceeded", "Your POST request fields preceding the upload file were too large.")

func malformed(err error) error {
	if errors.Is(err, errTooLong) {
		return errTooLong
	}
	if errors.Is(err, io.EOF) {
		return api.Errorf(400, "IncorrectNumberOfFilesInPostRequest", "POST requires exactly one file upload per request.")
	}
	return api.Errorf(400, "MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.")
}

// bounded refuses to read more than is left; -1 is no bound.
type bounded struct {
	in   io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return b.in.Read(p)
	}
	if b.left == 0 {
		return 0, errTooLong
	}
	n, err := b.in.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
