package s3

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
)

// nullVersion is the id of a version made while versioning was not enabled.
const nullVersion = "null"

// newVersionID makes an id of the form that S3's have: 32 characters that need no
// escape in a URL. The last 8 tell that the others are not changed, as S3 can
// tell of its own.
//
// Source: S3 user guide, versioning-workflows.
func newVersionID() string { return withSum(idText(sealed.RandomBytes(18))) }

func withSum(s string) string {
	sum := sha256.Sum256([]byte(s))
	return s + idText(sum[:6])
}

func idText(b []byte) string {
	return strings.ReplaceAll(base64.RawURLEncoding.EncodeToString(b), "-", ".")
}

// isVersionID says whether an id may be one of S3's, of whatever object.
func isVersionID(id string) bool {
	return id == nullVersion || len(id) == 32 && withSum(id[:24]) == id
}

// takesVersion are the operations on a version that the query may name.
var takesVersion = set(`GetObject HeadObject DeleteObject GetObjectAcl PutObjectAcl GetObjectTagging PutObjectTagging
	DeleteObjectTagging GetObjectAttributes UpdateObjectEncryption`)

// checkVersionID refuses the id of a version where none is wanted, and what is no
// id. Without it, a request would change or read another version than it names.
//
// Source: the words are those that public test suites recorded of S3.
func (rq *request) checkVersionID() error {
	id := rq.query.Get("versionId")
	switch {
	case !rq.query.Has("versionId"):
		return nil
	case !takesVersion[rq.Operation]:
		return fault.InvalidArgument("This operation does not accept a version-id.", "versionId", id)
	}
	return checkVersionID(id, "versionId")
}

func checkVersionID(id, argument string) error {
	switch {
	case id == "":
		return fault.InvalidArgument("Version id cannot be the empty string", argument, "")
	case !isVersionID(id):
		return fault.InvalidArgument("Invalid version id specified", argument, id)
	}
	return nil
}
