package s3

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// source is the object that a copy reads.
type source struct {
	bucket *bucket
	*reading
	named bool // the request names a version
	keys  [][]byte
}

// openSource finds the object of x-amz-copy-source and has the policies decide
// reading it. The caller closes it.
//
// Source: S3 API reference, API_CopyObject.
func (s *Service) openSource(rq *request) (*source, error) {
	text := strings.TrimPrefix(rq.header("x-amz-copy-source"), "/")
	path, version, named := strings.Cut(text, "?versionId=")
	path, err := url.PathUnescape(path)
	name, key, _ := strings.Cut(path, "/")
	switch {
	case strings.HasPrefix(text, "arn:"):
		return nil, fault.NotImplemented("x-amz-copy-source with an ARN")
	case err != nil || !utf8.ValidString(path):
		return nil, invalidSource("encoding")
	case name == "":
		return nil, invalidSource("bucket name")
	case key == "":
		return nil, invalidSource("object key")
	}
	if err := checkKey(key); err != nil {
		return nil, err
	}
	if named {
		if err := checkVersionID(version, "x-amz-copy-source"); err != nil {
			return nil, err
		}
	}
	customer, err := rq.customerKey(sse.HeaderCopyCustomer)
	if err != nil {
		return nil, err
	}
	b, err := s.find(name)
	if err != nil {
		return nil, err
	}
	if want := rq.header("x-amz-source-expected-bucket-owner"); want != "" && want != b.account {
		return nil, fault.AccessDenied()
	}
	v := b.read(key, version)
	src := &source{bucket: b, reading: v, named: named}
	if err := s.openSourceVersion(rq, src, key, version, customer); err != nil {
		v.close()
		return nil, err
	}
	return src, nil
}

// invalidSource has the words that S3 has; the value is really the name.
func invalidSource(what string) error {
	return fault.InvalidArgument("Invalid copy source "+what, "x-amz-copy-source", "x-amz-copy-source")
}

func (s *Service) openSourceVersion(rq *request, src *source, key, version string, customer *sse.CustomerKey) error {
	action, keys := "s3:GetObject", map[string]iam.Strings{}
	if src.named {
		action = "s3:GetObjectVersion"
		keys["s3:VersionId"] = iam.Strings{version}
	}
	if src.reading != nil {
		maps.Copy(keys, existingTagKeys(src.tags))
	}
	if err := s.authorize(rq, src.bucket, action, key, keys); err != nil {
		return err
	}
	if src.reading == nil || src.marker {
		if err := s.mayList(rq, src.bucket); err != nil {
			return err
		}
		switch {
		case src.reading != nil && src.named:
			return fault.InvalidRequest("The source of a copy request may not specifically refer to a delete marker by version id.")
		case src.named:
			return fault.NoSuchVersion(key, version)
		}
		return fault.NoSuchKey(key)
	}
	err := rq.unchanged(src.reading, "x-amz-copy-source-", http.StatusPreconditionFailed)
	if err != nil {
		return err
	}
	src.keys, err = s.keys.DataKeys(rq.Call, src.bucket.sse(), &src.encryption, customer)
	return err
}
