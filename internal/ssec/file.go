package ssec

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// WriteFile writes the 32 bytes of the key to a new file that only this user can
// read, as aws s3 cp wants them (--sse-c-key fileb://PATH). A file that is there
// is never overwritten: it may be the last copy of another key. For the same
// reason a terminal or a pipe gets nothing, by whatever name. After an error
// there is no file.
func (k Key) WriteFile(path string) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already, and is not overwritten: name a file that isn't", path)
	}
	if err != nil {
		return fmt.Errorf("the key was not written: %w", err)
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err == nil {
			return
		}
		err = fmt.Errorf("the key was not written: %w", err)
		if left := os.Remove(path); left != nil {
			err = fmt.Errorf("%w; remove %s yourself", err, path)
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Mode() != 0o600&info.Mode() {
		return fmt.Errorf("%s: this file system lets others read it (%v): choose another folder", path, info.Mode())
	}
	raw := k.raw()
	_, err = f.Write(raw[:])
	return err
}
