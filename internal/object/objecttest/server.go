// Package objecttest serves the calls of Amazon S3 and AWS Secrets Manager that
// the put and get functions make, for tests. It holds to the rules of SSE-C: no
// key, a wrong key, and a key whose MD5 does not fit are refused, tags are
// readable without the key, and a bucket can block SSE-C. It checks neither
// signatures nor rights; a test injects denials and other faults with Fault.
//
// Errors are those of S3, where known:
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
package objecttest

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A Server is S3 with any number of buckets, and a Secrets Manager with one
// secret, behind one TLS listener on the loopback interface. Its fields may be
// changed between requests, under Lock.
type Server struct {
	URL string

	sync.Mutex

	// Secret is the text of the secret. Missing makes its ARN unknown.
	Secret  string
	Missing bool

	// BlockSSEC is the bucket's BlockedEncryptionTypes: SSE-C.
	BlockSSEC bool

	// WrongKeyStatus is what a wrong key is answered: 403 or 400. Sources
	// disagree on which of them S3 answers.
	WrongKeyStatus int

	// DefaultKMSKey, when set, makes aws:kms with this key the default.
	DefaultKMSKey string

	// Fault, when set, is asked before each call, by its API name, such as
	// "PutObject". A nil answer lets the call pass.
	Fault func(operation string) *Fault

	// Calls counts the calls by their API name.
	Calls map[string]int

	// Headers holds the headers of the last call of each name.
	Headers map[string]http.Header

	objects map[string][]*version // by "/bucket/key", the current version last
	server  *httptest.Server
}

// A Fault is what goes wrong with one call.
type Fault struct {
	Status        int
	Code, Message string

	// Lost does what was asked, and then breaks the connection.
	Lost bool

	// Hang answers nothing until the client gives up.
	Hang bool
}

// NewServer starts a server that the test's end stops.
func NewServer(t testing.TB) *Server {
	s := &Server{
		WrongKeyStatus: http.StatusForbidden,
		Calls:          map[string]int{},
		Headers:        map[string]http.Header{},
		objects:        map[string][]*version{},
	}
	s.server = httptest.NewTLSServer(s)
	s.URL = s.server.URL
	t.Cleanup(s.server.Close)
	return s
}

// Roots returns the certificates that verify the server.
func (s *Server) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.server.Certificate())
	return pool
}

// Environ returns the environment of a process that uses the server, in the
// form of os.Environ.
func (s *Server) Environ(t testing.TB) []string {
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.server.Certificate().Raw})
	if err := os.WriteFile(bundle, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{
		"AWS_ENDPOINT_URL_S3=" + s.URL,
		"AWS_ENDPOINT_URL_SECRETS_MANAGER=" + s.URL,
		"AWS_CA_BUNDLE=" + bundle,
		"AWS_REGION=eu-central-1",
		"AWS_ACCESS_KEY_ID=AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY=example",
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
		s.serve(operation, w, r)
	case fault.Hang:
		// Only a request that is read to its end learns that the client left.
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	case fault.Lost:
		s.serve(operation, httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case operation == "GetSecretValue":
		refuseJSON(w, fault.Status, fault.Code, fault.Message)
	default:
		refuse(w, r, fault.Status, fault.Code, fault.Message)
	}
}

func operationOf(r *http.Request) string {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return target[strings.LastIndex(target, ".")+1:]
	}
	switch {
	case r.URL.Query().Has("tagging"):
		return "GetObjectTagging"
	case r.URL.Query().Has("encryption"):
		return "GetBucketEncryption"
	case r.Method == http.MethodPut:
		return "PutObject"
	case r.Method == http.MethodHead:
		return "HeadObject"
	}
	return "GetObject"
}

func (s *Server) serve(operation string, w http.ResponseWriter, r *http.Request) {
	s.Lock()
	defer s.Unlock()
	switch operation {
	case "PutObject":
		s.put(w, r)
	case "GetObject", "HeadObject":
		s.get(w, r)
	case "GetObjectTagging":
		s.tagging(w, r)
	case "GetBucketEncryption":
		blocked := "NONE"
		if s.BlockSSEC {
			blocked = "SSE-C"
		}
		fmt.Fprintf(w, `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BlockedEncryptionTypes><EncryptionType>%s</EncryptionType></BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>`, blocked)
	case "GetSecretValue":
		s.secret(w, r)
	default:
		refuseJSON(w, http.StatusBadRequest, "UnknownOperationException", operation)
	}
}

func (s *Server) secret(w http.ResponseWriter, r *http.Request) {
	var in struct{ SecretId, VersionStage string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		refuseJSON(w, http.StatusBadRequest, "SerializationException", "not JSON")
		return
	}
	if s.Missing || in.VersionStage != "AWSCURRENT" {
		refuseJSON(w, http.StatusBadRequest, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	json.NewEncoder(w).Encode(map[string]any{"ARN": in.SecretId, "Name": "ring", "SecretString": s.Secret, "VersionStages": []string{"AWSCURRENT"}})
}

func refuseJSON(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"__type": code, "message": message})
}
