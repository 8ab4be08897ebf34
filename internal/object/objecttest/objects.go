package objecttest

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// A version is one version of an object.
type version struct {
	id, etag, contentType string
	body                  []byte
	key                   string // SSE-C: the base64 of the key, "" for none
	sse, kmsKey           string
	metadata              http.Header
	tags                  url.Values
}

const customer = "X-Amz-Server-Side-Encryption-Customer-"

// Retag replaces the tags of an object's current version; path is
// "/bucket/key".
func (s *Server) Retag(path string, tags url.Values) {
	s.Lock()
	defer s.Unlock()
	versions := s.objects[path]
	versions[len(versions)-1].tags = tags
}

// Tags returns the tags of an object's current version.
func (s *Server) Tags(path string) url.Values {
	s.Lock()
	defer s.Unlock()
	versions := s.objects[path]
	return versions[len(versions)-1].tags
}

func (s *Server) put(w http.ResponseWriter, r *http.Request) {
	key, ok := customerKey(w, r)
	if !ok {
		return
	}
	if key != "" && s.BlockSSEC {
		refuse(w, r, http.StatusForbidden, "AccessDenied", "Access Denied")
		return
	}
	if r.Header.Get("If-None-Match") == "*" && len(s.objects[r.URL.Path]) > 0 {
		refuse(w, r, http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
		return
	}
	body, err := readUpload(r)
	if err != nil {
		refuse(w, r, http.StatusBadRequest, "IncompleteBody", err.Error())
		return
	}
	tags, err := url.ParseQuery(r.Header.Get("X-Amz-Tagging"))
	if err != nil {
		refuse(w, r, http.StatusBadRequest, "InvalidArgument", "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters")
		return
	}
	v := &version{
		id:          fmt.Sprintf("v%d", len(s.objects[r.URL.Path])+1),
		contentType: r.Header.Get("Content-Type"),
		body:        body,
		key:         key,
		sse:         r.Header.Get("X-Amz-Server-Side-Encryption"),
		kmsKey:      r.Header.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"),
		metadata:    http.Header{},
		tags:        tags,
	}
	v.etag = fmt.Sprintf(`"%x"`, md5.Sum([]byte(r.URL.Path+v.id)))
	for name, values := range r.Header {
		if strings.HasPrefix(name, "X-Amz-Meta-") {
			v.metadata[name] = values
		}
	}
	switch {
	case v.key != "":
	case v.sse == "" && s.DefaultKMSKey != "":
		v.sse, v.kmsKey = "aws:kms", s.DefaultKMSKey
	case v.sse == "":
		v.sse = "AES256"
	case strings.HasPrefix(v.sse, "aws:kms") && v.kmsKey == "":
		v.kmsKey = "arn:aws:kms:eu-central-1:111122223333:key/aws-s3"
	}
	s.objects[r.URL.Path] = append(s.objects[r.URL.Path], v)
	v.describe(w.Header())
	w.WriteHeader(http.StatusOK)
}

func (s *Server) get(w http.ResponseWriter, r *http.Request) {
	v := s.find(w, r)
	if v == nil {
		return
	}
	key, ok := customerKey(w, r)
	switch {
	case !ok:
		return
	case key == "" && v.key != "":
		refuse(w, r, http.StatusBadRequest, "InvalidRequest", "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.")
		return
	case key != "" && v.key == "":
		refuse(w, r, http.StatusBadRequest, "InvalidRequest", "The encryption parameters are not applicable to this object.")
		return
	case key != v.key && s.WrongKeyStatus == http.StatusForbidden:
		refuse(w, r, http.StatusForbidden, "AccessDenied", "Access Denied")
		return
	case key != v.key:
		refuse(w, r, http.StatusBadRequest, "InvalidRequest", "The provided encryption parameters did not match the ones used originally.")
		return
	case r.Header.Get("X-Amz-Server-Side-Encryption") != "":
		refuse(w, r, http.StatusBadRequest, "InvalidArgument", "x-amz-server-side-encryption header is not supported for this operation.")
		return
	}
	v.describe(w.Header())
	for name, values := range v.metadata {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", v.contentType)
	body, status := v.body, http.StatusOK
	if first, last, ok := byteRange(r.Header.Get("Range"), len(v.body)); ok {
		if first >= len(v.body) {
			refuse(w, r, http.StatusRequestedRangeNotSatisfiable, "InvalidRange", "The requested range is not satisfiable")
			return
		}
		body, status = v.body[first:last+1], http.StatusPartialContent
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, len(v.body)))
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}

func (s *Server) tagging(w http.ResponseWriter, r *http.Request) {
	v := s.find(w, r)
	if v == nil {
		return
	}
	var b strings.Builder
	for name := range v.tags {
		fmt.Fprintf(&b, "<Tag><Key>%s</Key><Value>%s</Value></Tag>", name, v.tags.Get(name))
	}
	fmt.Fprintf(w, "<Tagging><TagSet>%s</TagSet></Tagging>", b.String())
}

// find returns the version that the request names, or refuses the request.
func (s *Server) find(w http.ResponseWriter, r *http.Request) *version {
	versions := s.objects[r.URL.Path]
	if len(versions) == 0 {
		refuse(w, r, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
		return nil
	}
	id := r.URL.Query().Get("versionId")
	for _, v := range versions {
		if v.id == id {
			return v
		}
	}
	if id != "" {
		refuse(w, r, http.StatusBadRequest, "InvalidArgument", "Invalid version id specified")
		return nil
	}
	return versions[len(versions)-1]
}

// customerKey checks the three headers of SSE-C, which are there together or
// not at all. It returns the key in base64, "" for none.
func customerKey(w http.ResponseWriter, r *http.Request) (string, bool) {
	algorithm, key, sum := r.Header.Get(customer+"Algorithm"), r.Header.Get(customer+"Key"), r.Header.Get(customer+"Key-Md5")
	if algorithm == "" && key == "" && sum == "" {
		return "", true
	}
	raw, err := base64.StdEncoding.DecodeString(key)
	want := md5.Sum(raw)
	switch {
	case algorithm != "AES256":
		refuse(w, r, http.StatusBadRequest, "InvalidEncryptionAlgorithmError", "The encryption request you specified is not valid. Supported value: AES256.")
	case err != nil || len(raw) != 32:
		refuse(w, r, http.StatusBadRequest, "InvalidArgument", "The secret key was invalid for the specified algorithm.")
	case sum != base64.StdEncoding.EncodeToString(want[:]):
		refuse(w, r, http.StatusBadRequest, "InvalidArgument", "The calculated MD5 hash of the key did not match the hash that was provided.")
	default:
		return key, true
	}
	return "", false
}

func (v *version) describe(h http.Header) {
	h.Set("Etag", v.etag)
	h.Set("X-Amz-Version-Id", v.id)
	if v.key != "" {
		raw, _ := base64.StdEncoding.DecodeString(v.key)
		sum := md5.Sum(raw)
		h.Set(customer+"Algorithm", "AES256")
		h.Set(customer+"Key-Md5", base64.StdEncoding.EncodeToString(sum[:]))
		return
	}
	h.Set("X-Amz-Server-Side-Encryption", v.sse)
	if v.kmsKey != "" {
		h.Set("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", v.kmsKey)
	}
}

// readUpload reads the body, out of the chunks in which the SDK sends it to
// carry a checksum after it.
func readUpload(r *http.Request) ([]byte, error) {
	if !strings.Contains(r.Header.Get("Content-Encoding"), "aws-chunked") {
		return io.ReadAll(r.Body)
	}
	in := bufio.NewReader(r.Body)
	var body bytes.Buffer
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		size, err := strconv.ParseInt(strings.TrimSpace(line), 16, 64)
		if err != nil {
			return nil, err
		}
		if size == 0 {
			io.Copy(io.Discard, in)
			return body.Bytes(), nil
		}
		if _, err := io.CopyN(&body, in, size); err != nil {
			return nil, err
		}
		if _, err := in.Discard(len("\r\n")); err != nil {
			return nil, err
		}
	}
}

// byteRange reads "bytes=first-last" and "bytes=first-", the forms that the
// tests use.
func byteRange(header string, size int) (first, last int, ok bool) {
	spec, ok := strings.CutPrefix(header, "bytes=")
	if !ok {
		return 0, 0, false
	}
	from, to, _ := strings.Cut(spec, "-")
	first, _ = strconv.Atoi(from)
	last, err := strconv.Atoi(to)
	if err != nil || last >= size {
		last = size - 1
	}
	return first, last, true
}

// refuse answers as S3 does: an XML document, and nothing to a HEAD.
func refuse(w http.ResponseWriter, r *http.Request, status int, code, message string) {
	w.Header().Set("X-Amz-Request-Id", "REQUESTID")
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Del("Content-Length")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		xml.NewEncoder(w).Encode(struct {
			XMLName       xml.Name `xml:"Error"`
			Code, Message string
		}{Code: code, Message: message})
	}
}

// Append makes an object's current version longer, as no put of the functions
// could.
func (s *Server) Append(path string, more []byte) {
	s.Lock()
	defer s.Unlock()
	versions := s.objects[path]
	v := versions[len(versions)-1]
	v.body = append(v.body, more...)
}
