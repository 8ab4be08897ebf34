package payload

import (
	"io"
	"net/http/httptest"
	"strings"
	"testing"
)

// endless gives zero bytes and counts them.
type endless struct{ given int }

func (e *endless) Read(p []byte) (int, error) {
	clear(p)
	e.given += len(p)
	return len(p), nil
}

// TestBodyLongerThanDeclared is refused before it ends: it may never.
func TestBodyLongerThanDeclared(t *testing.T) {
	t.Parallel()
	rest := &endless{}
	r := httptest.NewRequest("PUT", "/bucket/key", io.MultiReader(strings.NewReader("7fffffffffffffff\r\n"), rest))
	r.Header.Set("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
	r.Header.Set("x-amz-decoded-content-length", "9")
	in, err := Open(r, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, in); codeOf(err) != "IncompleteBody" || rest.given > 1<<20 {
		t.Errorf("after %d bytes: %v", rest.given, err)
	}
}
