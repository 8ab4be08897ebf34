package ssec

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAKeyFileIsForOneUser(t *testing.T) {
	t.Parallel()
	key, path := NewKey([KeySize]byte(bytes.Repeat([]byte{7}, KeySize))), filepath.Join(t.TempDir(), "key")
	if err := key.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if text, err := os.ReadFile(path); err != nil || !bytes.Equal(text, bytes.Repeat([]byte{7}, KeySize)) {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

// What is there may be the last copy of a key, a terminal or a pipe.
func TestAKeyFileOverwritesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "nowhere"), link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, link, "/dev/stdout", "/dev/tty", "/dev/full"} {
		if err := NewRandomKey().WriteFile(path); err == nil || !strings.Contains(err.Error(), path+" is there already") {
			t.Errorf("%s: %v", path, err)
		}
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "precious" {
		t.Errorf("%q %v", text, err)
	}
	if err := NewRandomKey().WriteFile(filepath.Join(dir, "no", "folder")); err == nil || strings.Contains(err.Error(), "\n") {
		t.Error(err)
	}
}
