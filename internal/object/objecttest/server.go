// Package objecttest runs a local AWS for tests of the put and get functions,
// behind a front that counts their calls and lets a test break them.
package objecttest

import (
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/s3seal/s3seal/localaws"
)

// A Server is the front of a local AWS.
type Server struct {
	URL       string     // https
	CAFile    string     // PEM; verifies URL
	SecretARN string     // of the key ring
	Admin     aws.Config // of the administrator's calls, past the front

	// Under the lock: Fault, if set, is asked before each call, by its API name
	// such as "PutObject", and nil lets the call pass; Calls counts the calls by
	// that name; Headers are those of the last call of each name.
	sync.Mutex
	Fault   func(operation string) *Fault
	Calls   map[string]int
	Headers map[string]http.Header

	cloud *localaws.Server
	proxy *httputil.ReverseProxy
	users int // that NewUser made
}

// A Fault is what goes wrong with one call.
type Fault struct {
	Status        int
	Code, Message string
	Lost          bool // do what was asked, and then break the connection
	Cut           bool // do what was asked, and break the connection within the answer's body
	Hang          bool // answer nothing until the client gives up
}

// NewServer starts a server that the test's end stops, with the bucket Bucket
// and a secret with the text ring.
func NewServer(t testing.TB, ring string) *Server {
	t.Helper()
	const account = "111122223333"
	cloud, err := localaws.Start(localaws.Options{Accounts: []string{account}})
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{
		cloud:   cloud,
		Admin:   cloud.Config(cloud.Credentials(account)),
		Calls:   map[string]int{},
		Headers: map[string]http.Header{},
		proxy: &httputil.ReverseProxy{Transport: cloud.HTTPClient().Transport, Rewrite: func(r *httputil.ProxyRequest) {
			// The header Host stays: the signature covers it.
			r.Out.URL.Scheme, r.Out.URL.Host = "https", strings.TrimPrefix(cloud.URL(), "https://")
		}},
	}
	front := httptest.NewTLSServer(s)
	s.URL = front.URL
	s.CAFile = filepath.Join(t.TempDir(), "ca.pem")
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw})
	if err := os.WriteFile(s.CAFile, ca, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		front.Close()
		if err := cloud.Close(); err != nil {
			t.Error(err)
		}
	})
	s.setUp(t, ring)
	return s
}

// Environment returns the variables with which a function calls the server.
func (s *Server) Environment(t testing.TB) map[string]string {
	return s.environment(t, s.URL, s.CAFile)
}

// DirectEnvironment returns those with which it calls the local AWS past the
// front, which takes time.
func (s *Server) DirectEnvironment(t testing.TB) map[string]string {
	return s.environment(t, s.cloud.URL(), s.cloud.CAFile())
}

func (s *Server) environment(t testing.TB, url, ca string) map[string]string {
	t.Helper()
	keys, err := s.Admin.Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"AWS_ENDPOINT_URL_S3":              url,
		"AWS_ENDPOINT_URL_SECRETS_MANAGER": url,
		"AWS_CA_BUNDLE":                    ca,
		"AWS_REGION":                       s.Admin.Region,
		"AWS_ACCESS_KEY_ID":                keys.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY":            keys.SecretAccessKey,
	}
}

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation := operationOf(r)
	s.Lock()
	s.Calls[operation]++
	s.Headers[operation] = r.Header.Clone()
	var fault *Fault
	if s.Fault != nil {
		fault = s.Fault(operation)
	}
	s.Unlock()
	switch {
	case fault == nil:
		s.proxy.ServeHTTP(w, r)
	case fault.Hang:
		// Only a request that is read to its end learns that the client left.
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		panic(http.ErrAbortHandler) // or an empty 200 would be sent, which a slow client may still read
	case fault.Lost:
		s.proxy.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case fault.Cut:
		answer := httptest.NewRecorder()
		s.proxy.ServeHTTP(answer, r)
		maps.Copy(w.Header(), answer.Header())
		body := answer.Body.Bytes()
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(answer.Code)
		w.Write(body[:len(body)/2])
		http.NewResponseController(w).Flush() // or the client would not even see the status
		panic(http.ErrAbortHandler)
	default:
		form := "<Error><Code>%s</Code><Message>%s</Message></Error>"
		if r.Header.Get("X-Amz-Target") != "" {
			form = `{"__type":"%s","message":"%s"}`
		}
		w.WriteHeader(fault.Status)
		fmt.Fprintf(w, form, fault.Code, fault.Message)
	}
}

func operationOf(r *http.Request) string {
	if _, name, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "."); ok {
		return name
	}
	switch query := r.URL.Query(); {
	case query.Has("tagging"):
		return "GetObjectTagging"
	case query.Has("encryption"):
		return "GetBucketEncryption"
	case query.Has("versions"):
		return "ListObjectVersions"
	case query.Has("list-type"):
		return "ListObjectsV2"
	case query.Has("uploads") && r.Method == http.MethodPost:
		return "CreateMultipartUpload"
	case r.Header.Get("X-Amz-Copy-Source") != "":
		return "CopyObject"
	case query.Has("uploadId") && r.Method == http.MethodPut:
		return "UploadPart"
	case r.Method == http.MethodPut:
		return "PutObject"
	case r.Method == http.MethodDelete:
		return "DeleteObject"
	case r.Method == http.MethodHead:
		return "HeadObject"
	}
	return "GetObject"
}
