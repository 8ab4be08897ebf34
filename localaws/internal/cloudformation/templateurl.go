package cloudformation

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// templateOf reads the template of a request: its body, an object of the
// local S3 read with the caller's permissions, or the previous one.
func (s *Service) templateOf(c api.Call, q query, previous *template) (*template, error) {
	body, address := q.Text("TemplateBody"), q.Text("TemplateURL")
	if q.flag("UsePreviousTemplate") {
		if previous == nil {
			return nil, invalid("UsePreviousTemplate: there is no previous template")
		}
		return previous, nil
	}
	if (body == "") == (address == "") {
		return nil, invalid("Either Template URL or Template Body must be specified.")
	}
	if len(body) > maxBody {
		return nil, invalid("1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to %d", maxBody)
	}
	if address != "" {
		var err error
		if body, err = s.bodyAt(c.CalledVia("cloudformation.amazonaws.com"), address); err != nil {
			return nil, err
		}
	}
	return parseTemplate(body)
}

// bodyAt reads the template that a URL names, as the call may.
func (s *Service) bodyAt(c api.Call, address string) (string, error) {
	bucket, key, version, err := objectOf(address)
	if err != nil {
		return "", err
	}
	if s.opt.Objects == nil {
		return "", invalid("the local AWS has no S3: the template %s cannot be read", address)
	}
	b, err := s.opt.Objects.GetObject(c, bucket, key, version)
	if err != nil {
		return "", invalid("S3 error: %s: %s", address, reason(err))
	}
	if len(b) > maxObject {
		return "", invalid("Template may not exceed %d bytes in size.", maxObject)
	}
	return string(b), nil
}

// s3Host is a host name of S3: its endpoints in all Regions, with the bucket in
// front or without it.
//
// Source: AWS General Reference, s3 (endpoints); S3 user guide, VirtualHosting.
var s3Host = regexp.MustCompile(`^(?:(.+)\.)?s3(?:\.dualstack)?(?:[.-][a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com(?:\.cn)?$`)

// objectOf reads the URL of an S3 object: with the bucket in the path or in the
// host name. AWS's own host names mean the local S3, as its endpoint does;
// another host is no S3.
func objectOf(address string) (bucket, key, version string, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return "", "", "", notS3(address)
	}
	path := strings.TrimPrefix(u.Path, "/")
	ip, _ := netip.ParseAddr(u.Hostname())
	m := s3Host.FindStringSubmatch(u.Hostname())
	switch {
	case m != nil && m[1] != "":
		bucket, key = m[1], path
	case m != nil, ip.IsLoopback(), u.Hostname() == "localhost":
		bucket, key, _ = strings.Cut(path, "/")
	default:
		return "", "", "", notS3(address)
	}
	query, err := url.ParseQuery(u.RawQuery)
	version = query.Get("versionId")
	query.Del("versionId")
	if err != nil || len(query) > 0 {
		return "", "", "", invalid("the local AWS does not carry out the query of TemplateURL %s, but for versionId", address)
	}
	if bucket == "" || key == "" {
		return "", "", "", invalid("TemplateURL must reference a valid S3 object to which you have access: %s names no bucket or no key", address)
	}
	return bucket, key, version, nil
}

func notS3(address string) error {
	return invalid("TemplateURL must be a supported URL: %s is not one of an S3 object", address)
}
