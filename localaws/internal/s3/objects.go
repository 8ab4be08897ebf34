package s3

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// GetObject implements api.Objects. The policies decide it like a request
// from outside.
func (s *Service) GetObject(c api.Call, bucket, key, version string) ([]byte, error) {
	query := url.Values{}
	if version != "" {
		query.Set("versionId", version)
	}
	return s.inProcess(c, http.MethodGet, bucket, key, query, nil, nil)
}

// PutObject implements api.Objects. headers are those of the REST API.
func (s *Service) PutObject(c api.Call, bucket, key string, body []byte, headers map[string]string) error {
	_, err := s.inProcess(c, http.MethodPut, bucket, key, nil, body, headers)
	return err
}

// inProcess carries out a request without a connection. Its error is an
// *api.Error.
func (s *Service) inProcess(c api.Call, method, bucket, key string, query url.Values, body []byte, headers map[string]string) ([]byte, error) {
	r := (&http.Request{
		Method: method, URL: &url.URL{Path: "/" + bucket + "/" + key, RawQuery: query.Encode()}, Header: http.Header{},
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}).WithContext(context.Background())
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	w := &memoryWriter{header: http.Header{}}
	err := s.serve(newRequest(w, r, c))
	return w.body.Bytes(), err
}

// memoryWriter keeps an answer.
type memoryWriter struct {
	header http.Header
	body   bytes.Buffer
}

func (w *memoryWriter) Header() http.Header         { return w.header }
func (w *memoryWriter) WriteHeader(int)             {}
func (w *memoryWriter) Write(p []byte) (int, error) { return w.body.Write(p) }
