// Package policyfile reads policies that are given as files: a boundary or a
// session policy to ask with, and those of an organization.
package policyfile

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/fileerror"
)

// maxBytes is well above what IAM and AWS Organizations accept, the white space
// included, which they don't count.
const maxBytes = 256 << 10

// Read reads a policy document in JSON. The source is named after the file.
func Read(path string) (iam.Source, error) {
	f, err := os.Open(path)
	if err != nil {
		return iam.Source{}, fmt.Errorf("%s: can't be read: %w", path, fileerror.Reason(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	switch {
	case err != nil:
		return iam.Source{}, fmt.Errorf("%s: can't be read: %w", path, fileerror.Reason(err))
	case len(data) > maxBytes:
		return iam.Source{}, fmt.Errorf("%s: larger than %d KiB, which no policy is: give the path of a policy document", path, maxBytes>>10)
	}
	d, err := iam.ParseDocument(data)
	if err != nil {
		return iam.Source{}, fmt.Errorf("%s: not a policy document: %s", path, strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return iam.Source{Name: "policy " + filepath.Base(path), Document: d}, nil
}

// ReadLimit reads a policy that limits whoever asks: a permissions boundary or a
// session's policy.
//
// Source: IAM user guide, reference_policies_elements_principal ("you cannot use
// the Principal element in an identity-based policy").
func ReadLimit(path string) (iam.Source, error) {
	p, err := Read(path)
	if i := namesPrincipal(p); err == nil && i >= 0 {
		return iam.Source{}, fmt.Errorf("%s: Statement[%d] names a principal, which no boundary and no session policy does: it is about whoever asks", path, i)
	}
	return p, err
}
