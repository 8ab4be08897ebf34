package s3

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/document"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// The texts of S3's refusals of UpdateObjectEncryption.
//
// Source: S3 API reference, API_UpdateObjectEncryption, Errors.
const (
	updateSource    = "The UpdateObjectEncryption operation doesn't support source objects with the encryption type DSSE-KMS or SSE-C. Only source objects encrypted with SSE-S3 or SSE-KMS are supported."
	updateTarget    = "The UpdateObjectEncryption operation doesn't support updating the encryption type to DSSE-KMS or SSE-C. Modify the request to specify SSE-KMS for the updated encryption type, and then try again."
	updateSignature = "Requests that modify an object encryption configuration require AWS Signature Version 4. Modify the request to use AWS Signature Version 4, and then try again."
	updateType      = "Requests that modify an object encryption configuration require a valid new encryption type. Valid values are `SSEKMS`. Modify the request to specify SSE-KMS for the updated encryption type, and then try again."
	updateNeedsARN  = "Requests that modify an object's encryption type to SSE-KMS require an AWS KMS key Amazon Resource Name (ARN). Modify the request to specify a KMS key ARN, and then try again."
	updateBadARN    = "Requests that modify an object's encryption type to SSE-KMS require a valid AWS KMS key Amazon Resource Name (ARN). Confirm that you have a correctly formatted KMS key ARN in your request, and then try again."
	updateBucketKey = "The `BucketKeyEnabled` value isn't valid. Valid values are `true` or `false`. Modify the request to specify a valid value, and then try again."
	updateAccount   = "The AWS KMS key in the request must be owned by the same account as the bucket. Modify the request to specify a KMS key from the same account, and then try again."
)

// keyARN is the form of a key's ARN, not of an alias's.
//
// Source: S3 API reference, API_SSEKMSEncryption.
var keyARN = regexp.MustCompile(`^arn:aws[a-zA-Z0-9-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[a-zA-Z0-9-]+$`)

// sseKMSEncryption is the encryption that UpdateObjectEncryption asks for.
type sseKMSEncryption struct {
	KMSKeyArn        string
	BucketKeyEnabled string
}

// updateObjectEncryption puts an existing version under SSE-KMS, in place: its
// data key is wrapped anew, and all else of it stays, with its id, its time and
// its ETag. Nothing is replicated.
//
// A key of another account than the bucket's is refused; that AWS Support may
// lift this within an organization is left out.
//
// Source: S3 API reference, API_UpdateObjectEncryption; S3 user guide,
// update-sse-encryption.
func (s *Service) updateObjectEncryption(rq *request, b *bucket) error {
	to, err := rq.updatedEncryption()
	if err != nil {
		return err
	}
	v := b.read(rq.Key, rq.query.Get("versionId"))
	defer v.close()
	if err := s.authorizeUpdate(rq, b, v, to); err != nil {
		return err
	}
	if err := rq.exists(b, v); err != nil {
		return err
	}
	switch {
	case api.ARNAccount(to.KMSKeyArn) != b.account:
		return api.Errorf(403, "AccessDenied", "%s", updateAccount)
	case v.encryption.Mode == sse.DSSEKMS || v.encryption.Mode == sse.C:
		return fault.InvalidRequest("%s", updateSource)
	}
	e, err := s.keys.Update(rq.Call, b.sse(), v.key, v.encryption, to.KMSKeyArn, to.BucketKeyEnabled == "true")
	if err != nil {
		return err
	}
	b.replaceEncryption(v, e)
	return rq.done(http.StatusOK)
}

// updatedEncryption reads what the request asks for. Headers of an encryption
// are refused: the body alone says it.
func (rq *request) updatedEncryption() (sseKMSEncryption, error) {
	var to sseKMSEncryption
	if rq.Call.Account == "" && rq.Call.Caller.Service() == "" {
		return to, fault.InvalidRequest("%s", updateSignature) // anonymous: not signed at all
	}
	if !rq.Call.Secure {
		return to, sse.NeedsTLS()
	}
	for name := range rq.Request.Header {
		if strings.HasPrefix(strings.ToLower(name), sse.Header) {
			return to, fault.InvalidArgument(strings.ToLower(name)+" header is not supported for this operation.", strings.ToLower(name), "")
		}
	}
	text, err := rq.text()
	if err != nil {
		return to, err
	}
	root, err := document.Parse(text, "ObjectEncryption")
	if err != nil {
		return to, err
	}
	if len(root.Children) != 1 {
		return to, fault.InvalidRequest("%s", updateType)
	}
	switch kind := root.Children[0]; kind.XMLName.Local {
	case "SSE-KMS":
		if err := kind.Fill(&to, "ObjectEncryption/SSE-KMS"); err != nil {
			return to, err
		}
	case "DSSE-KMS", "SSE-C":
		return to, fault.InvalidRequest("%s", updateTarget)
	default:
		return to, fault.InvalidRequest("%s", updateType)
	}
	switch {
	case !slices.Contains([]string{"", "true", "false"}, to.BucketKeyEnabled):
		return to, fault.InvalidRequest("%s", updateBucketKey)
	case !strings.HasPrefix(to.KMSKeyArn, "arn:"):
		return to, fault.InvalidRequest("%s", updateNeedsARN)
	case !keyARN.MatchString(to.KMSKeyArn):
		return to, fault.InvalidRequest("%s", updateBadARN)
	}
	return to, nil
}

// authorizeUpdate decides s3:UpdateObjectEncryption. The condition keys of the
// encryption are filled in from the body: the request has no header for them.
// There is no action for versions, and s3:VersionId is not among its keys.
//
// Source: service authorization reference, list_amazons3.
func (s *Service) authorizeUpdate(rq *request, b *bucket, v *reading, to sseKMSEncryption) error {
	keys := map[string]iam.Strings{}
	if v != nil {
		keys = existingTagKeys(v.tags)
	}
	keys[writeHeaders[sse.Header]] = iam.Strings{string(sse.KMS)}
	keys[writeHeaders[sse.HeaderKMSKeyID]] = iam.Strings{to.KMSKeyArn}
	if err := s.authorize(rq, b, "s3:UpdateObjectEncryption", rq.Key, keys); err != nil {
		return err
	}
	return s.mayLearn(rq, b, v)
}

// replaceEncryption changes how the data key of a version is wrapped. If
// another body has taken the version's place meanwhile, the update was of the
// former one, and is gone with it.
func (b *bucket) replaceEncryption(v *reading, e sse.Encryption) {
	b.mu.Lock()
	defer b.mu.Unlock()
	current := b.index.version(v.key, v.id)
	if current != nil && len(current.bodies) > 0 && current.bodies[0].Is(v.bodies[0]) {
		current.encryption = e
	}
}
