package s3

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/s3/checksum"
)

func sumOf(algorithm string, texts ...[]byte) string {
	h := checksum.New(algorithm)
	for _, text := range texts {
		h.Write(text)
	}
	return checksum.Of(algorithm, h).Value
}

// compositeOf is the checksum of the parts' checksums.
func compositeOf(algorithm string, parts ...[]byte) string {
	h := checksum.New(algorithm)
	for _, p := range parts {
		raw, _ := base64.StdEncoding.DecodeString(sumOf(algorithm, p))
		h.Write(raw)
	}
	return checksum.Of(algorithm, h).Value + fmt.Sprintf("-%d", len(parts))
}

// inParts uploads parts with headers for CreateMultipartUpload, and gives the
// query of CompleteMultipartUpload and its document.
func (w *world) inParts(key string, create map[string]string, parts ...[]byte) (query, list string) {
	w.t.Helper()
	a := w.send(w.tls, "POST", key+"?uploads", "", create)
	_, id, _ := strings.Cut(a.body, "<UploadId>")
	id, _, ok := strings.Cut(id, "</UploadId>")
	if a.status != 200 || !ok {
		w.t.Fatalf("%v: %d %s", create, a.status, a.body)
	}
	algorithm := strings.ToUpper(create["x-amz-checksum-algorithm"])
	var b strings.Builder
	for i, p := range parts {
		header, element := map[string]string{}, ""
		if algorithm != "" {
			sum := sumOf(algorithm, p)
			header[checksum.Header(algorithm)] = sum
			element = fmt.Sprintf("<Checksum%s>%s</Checksum%[1]s>", algorithm, sum)
		}
		a := w.send(w.tls, "PUT", fmt.Sprintf("%s?partNumber=%d&uploadId=%s", key, i+1, id), string(p), header)
		if a.status != 200 || (algorithm != "" && a.header.Get(checksum.Header(algorithm)) != header[checksum.Header(algorithm)]) {
			w.t.Fatalf("part %d: %d %s %v", i+1, a.status, a.body, a.header)
		}
		fmt.Fprintf(&b, "<Part><PartNumber>%d</PartNumber><ETag>%s</ETag>%s</Part>", i+1, a.header.Get("ETag"), element)
	}
	return "?uploadId=" + id, "<CompleteMultipartUpload>" + b.String() + "</CompleteMultipartUpload>"
}

// TestChecksumOfTheWholeUpload: the client says it, S3 verifies and tells it,
// and reads of a part tell that of the part if the checksum is composite.
//
// Source: S3 API reference, API_CompleteMultipartUpload, API_GetObject,
// API_HeadObject; S3 user guide, checking-object-integrity-upload.
func TestChecksumOfTheWholeUpload(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "sums", noRule)
	big, small := bytes.Repeat([]byte("x"), minPart), []byte("the rest")
	for i, c := range []struct{ algorithm, asked, kind string }{
		{"CRC32", "", "COMPOSITE"},
		{"CRC32", "FULL_OBJECT", "FULL_OBJECT"},
		{"CRC32C", "COMPOSITE", "COMPOSITE"},
		{"crc32c", "full_object", "FULL_OBJECT"},
		{"SHA1", "", "COMPOSITE"},
		{"SHA256", "COMPOSITE", "COMPOSITE"},
		{"SHA512", "", "COMPOSITE"},
		{"MD5", "", "COMPOSITE"},
		{"XXHASH64", "", "COMPOSITE"},
		{"XXHASH3", "", "COMPOSITE"},
		{"XXHASH128", "", "COMPOSITE"},
		{"CRC64NVME", "", "FULL_OBJECT"},
		{"", "", "FULL_OBJECT"},
	} {
		key := fmt.Sprintf("/sums/%d", i)
		create := map[string]string{}
		for name, value := range map[string]string{"x-amz-checksum-algorithm": c.algorithm, "x-amz-checksum-type": c.asked} {
			if value != "" {
				create[name] = value
			}
		}
		query, list := w.inParts(key, create, big, small)
		algorithm := strings.ToUpper(c.algorithm)
		if algorithm == "" {
			algorithm = "CRC64NVME"
		}
		whole := sumOf(algorithm, big, small)
		if c.kind == "COMPOSITE" {
			whole = compositeOf(algorithm, big, small)
		}
		header := checksum.Header(algorithm)
		for _, wrong := range []string{sumOf(algorithm, small), compositeOf(algorithm, small, big)} {
			if c.kind == "FULL_OBJECT" && strings.Contains(wrong, "-") {
				continue
			}
			if a := w.send(w.tls, "POST", key+query, list, map[string]string{header: wrong}); a.status != 400 || a.err.Code != "BadDigest" {
				t.Errorf("%v: another checksum: %d %+v", c, a.status, a.err)
			}
		}
		a := w.send(w.tls, "POST", key+query, list, map[string]string{header: whole, "x-amz-checksum-type": c.kind, "x-amz-mp-object-size": fmt.Sprint(len(big) + len(small))})
		element := fmt.Sprintf("<Checksum%s>%s</Checksum%[1]s><ChecksumType>%[3]s</ChecksumType>", algorithm, whole, c.kind)
		if a.status != 200 || !strings.Contains(a.body, element) {
			t.Errorf("%v: %d %s, want %s", c, a.status, a.body, element)
		}
		mode := map[string]string{"x-amz-checksum-mode": "ENABLED"}
		for _, method := range []string{"GET", "HEAD"} {
			if a := w.send(w.tls, method, key, "", mode); a.header.Get(header) != whole || a.header.Get("x-amz-checksum-type") != c.kind {
				t.Errorf("%v: %s says %v", c, method, a.header)
			}
			part, kind := sumOf(algorithm, small), c.kind
			if c.kind == "FULL_OBJECT" {
				part, kind = "", ""
			}
			a := w.send(w.tls, method, key+"?partNumber=2", "", mode)
			if a.status != 206 || a.header.Get(header) != part || a.header.Get("x-amz-checksum-type") != kind || a.header.Get("x-amz-mp-parts-count") != "2" {
				t.Errorf("%v: %s of part 2: %d %v", c, method, a.status, a.header)
			}
			mode["Range"] = fmt.Sprintf("bytes=%d-", len(big))
			if a := w.send(w.tls, method, key, "", mode); a.header.Get(header) != part {
				t.Errorf("%v: %s of the range of part 2: %v", c, method, a.header)
			}
			mode["Range"] = "bytes=0-9"
			if a := w.send(w.tls, method, key, "", mode); a.header.Get(header) != "" {
				t.Errorf("%v: %s of another range: %v", c, method, a.header)
			}
			delete(mode, "Range")
			if a := w.send(w.tls, method, key+"?partNumber=2", "", nil); a.header.Get(header) != "" {
				t.Errorf("%v: %s tells a checksum unasked", c, method)
			}
		}
	}
}

func TestMultipartChecksums(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "sums", noRule)
	c := w.root(home)
	big, small := bytes.Repeat([]byte("x"), minPart), []byte("y")
	for kind, algorithm := range map[types.ChecksumType]types.ChecksumAlgorithm{"COMPOSITE": "CRC32", "FULL_OBJECT": "CRC32"} {
		id, parts := w.multipart(c, "sums", "k", &sdk.CreateMultipartUploadInput{ChecksumAlgorithm: algorithm, ChecksumType: kind}, big, small)
		_, err := w.complete(c, "sums", "k", id, parts)
		w.ok(err)
		out, err := c.GetObject(context.Background(), &sdk.GetObjectInput{Bucket: aws.String("sums"), Key: aws.String("k"), ChecksumMode: "ENABLED"})
		w.ok(err)
		h := checksum.New("CRC32")
		h.Write(append(bytes.Clone(big), small...))
		full := base64.StdEncoding.EncodeToString(h.Sum(nil))
		content(out) // the SDK checks the full CRC on the way
		if out.ChecksumType != kind || (kind == "FULL_OBJECT") != (*out.ChecksumCRC32 == full) || (kind == "COMPOSITE") != strings.HasSuffix(*out.ChecksumCRC32, "-2") {
			t.Errorf("%s: %s %s, the CRC of the whole is %s", kind, out.ChecksumType, *out.ChecksumCRC32, full)
		}
	}
}

// TestUploadsThatS3Refuses: what does not fit the algorithm and type of an
// upload.
//
// Source: S3 user guide, checking-object-integrity-upload; S3 API reference,
// API_CreateMultipartUpload, API_UploadPart, API_CompletedPart and
// API_CompleteMultipartUpload.
func TestUploadsThatS3Refuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "sums", noRule)
	for _, c := range []struct{ algorithm, kind, message string }{
		{"CRC64NVME", "COMPOSITE", "The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm."},
		{"SHA256", "FULL_OBJECT", "The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm."},
		{"MD5", "FULL_OBJECT", "The FULL_OBJECT checksum type cannot be used with the md5 checksum algorithm."},
		{"", "FULL_OBJECT", "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."},
		{"CRC32", "HALF_OBJECT", "Value for x-amz-checksum-type header is invalid."},
		{"BLAKE3", "", "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256, SHA512, XXHASH128, XXHASH3, XXHASH64]"},
	} {
		a := w.send(w.tls, "POST", "/sums/k?uploads", "", map[string]string{"x-amz-checksum-algorithm": c.algorithm, "x-amz-checksum-type": c.kind})
		if a.status != 400 || a.err.Code != "InvalidRequest" || a.err.Message != c.message {
			t.Errorf("%v: %d %+v", c, a.status, a.err)
		}
	}
	text := []byte("a part")
	composite := map[string]string{"x-amz-checksum-algorithm": "SHA256"}
	full := map[string]string{"x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "FULL_OBJECT"}
	for name, c := range map[string]struct {
		create, part  map[string]string
		code, message string
	}{
		"another algorithm":                {composite, map[string]string{"x-amz-checksum-crc32": sumOf("CRC32", text)}, "InvalidRequest", "Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32"},
		"no checksum for a composite one":  {composite, nil, "InvalidRequest", "Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: null"},
		"no checksum for a full object":    {full, nil, "", ""},
		"a wrong one":                      {full, map[string]string{"x-amz-checksum-crc32": "AAAAAA=="}, "BadDigest", "The CRC32 you specified did not match the calculated checksum."},
		"a wrong one where none was named": {nil, map[string]string{"x-amz-checksum-sha1": sumOf("SHA1")}, "BadDigest", "The SHA1 you specified did not match the calculated checksum."},
		"one where none was named":         {nil, map[string]string{"x-amz-checksum-sha1": sumOf("SHA1", text)}, "", ""},
	} {
		query, _ := w.inParts("/sums/k", c.create)
		if a := w.send(w.tls, "PUT", "/sums/k"+query+"&partNumber=1", string(text), c.part); a.err.Code != c.code || a.err.Message != c.message || (c.code == "") != (a.status == 200) {
			t.Errorf("%s: %d %+v", name, a.status, a.err)
		}
	}
	crc := "<ChecksumCRC32>" + sumOf("CRC32", text) + "</ChecksumCRC32>"
	sha := "<ChecksumSHA256>" + sumOf("SHA256", text) + "</ChecksumSHA256>"
	for name, c := range map[string]struct {
		create       map[string]string
		old, new     string // of the list
		header       string
		value        string
		code, within string
	}{
		"another type":                     {full, "", "", "x-amz-checksum-type", "COMPOSITE", "BadDigest", "created using the FULL_OBJECT checksum mode"},
		"no type":                          {full, "", "", "x-amz-checksum-type", "HALF", "InvalidRequest", "x-amz-checksum-type"},
		"no checksum at all":               {composite, "", "", "x-amz-checksum-sha256", "bad", "InvalidRequest", "Value for x-amz-checksum-sha256 header is invalid."},
		"a count that is none":             {composite, "", "", "x-amz-checksum-sha256", sumOf("SHA256", text) + "--1", "InvalidRequest", "Value for x-amz-checksum-sha256 header is invalid."},
		"a count on a full one":            {nil, "", "", "x-amz-checksum-crc64nvme", sumOf("CRC64NVME", text) + "-1", "InvalidRequest", "invalid"},
		"another algorithm":                {composite, "", "", "x-amz-checksum-crc32", sumOf("CRC32", text), "InvalidRequest", "expected checksum Type: sha256, actual checksum Type: crc32"},
		"a new algorithm, none named":      {nil, "", "", "x-amz-checksum-sha512", sumOf("SHA512", text), "InvalidRequest", "expected checksum Type: null, actual checksum Type: sha512"},
		"S3's own, wrong":                  {nil, "", "", "x-amz-checksum-crc64nvme", sumOf("CRC64NVME"), "BadDigest", "CRC64NVME"},
		"another size":                     {full, "", "", "x-amz-mp-object-size", "7", "InvalidRequest", "x-amz-mp-object-size"},
		"no checksum of the part":          {composite, sha, "", "", "", "InvalidRequest", "The upload was created using a sha256 checksum. The complete request must include the checksum for each part. It was missing for part 1 in the request."},
		"a wrong checksum of the part":     {full, crc, "<ChecksumCRC32>AAAAAA==</ChecksumCRC32>", "", "", "InvalidPart", ""},
		"another algorithm's for the part": {full, crc, sha, "", "", "BadDigest", "The sha256 you specified for part 1 did not match what we received."},
		"two checksums of the part":        {full, crc, crc + sha, "", "", "InvalidArgument", "multiple checksums"},
		"one of the part, none named":      {nil, "</Part>", sha + "</Part>", "", "", "InvalidPart", ""},
		"a part that is not the first":     {full, "<PartNumber>1<", "<PartNumber>2<", "", "", "InvalidPartOrder", ""},
	} {
		query, list := w.inParts("/sums/k", c.create, text)
		header := map[string]string{}
		if c.header != "" {
			header[c.header] = c.value
		}
		changed := strings.Replace(list, c.old, c.new, 1)
		if a := w.send(w.tls, "POST", "/sums/k"+query, changed, header); a.status != 400 || a.err.Code != c.code || !strings.Contains(a.err.Message, c.within) {
			t.Errorf("%s: %d %+v", name, a.status, a.err)
		}
		if a := w.send(w.tls, "POST", "/sums/k"+query, list, nil); a.status != 200 {
			t.Errorf("%s: the upload as it is: %d %s", name, a.status, a.body)
		}
	}
	// The older algorithms are neither verified nor kept if none was named.
	query, list := w.inParts("/sums/old", nil, text)
	if a := w.send(w.tls, "POST", "/sums/old"+query, list, map[string]string{"x-amz-checksum-sha256": sumOf("SHA256")}); a.status != 200 {
		t.Errorf("an old algorithm: %d %s", a.status, a.body)
	}
	if a := w.send(w.tls, "HEAD", "/sums/old", "", map[string]string{"x-amz-checksum-mode": "ENABLED"}); a.header.Get("x-amz-checksum-sha256") != "" || a.header.Get("x-amz-checksum-crc64nvme") == "" {
		t.Errorf("the object has %v", a.header)
	}
}

// TestCompleteWithChecksumsNeedsTheKey: their parts' checksums are encrypted.
//
// Source: S3 API reference, API_CompleteMultipartUpload, Permissions.
func TestCompleteWithChecksumsNeedsTheKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	key := w.key(home, tokyo)
	w.bucket(home, "sums", defaulting("aws:kms", key, false))
	writer := w.client(w.user(home, "writer", allow(iam.Strings{"s3:*", "kms:GenerateDataKey"}, iam.Strings{everything})), tokyo)
	for _, algorithm := range []types.ChecksumAlgorithm{"", "CRC32"} {
		id, parts := w.multipart(w.root(home), "sums", "k", &sdk.CreateMultipartUploadInput{ChecksumAlgorithm: algorithm}, []byte("x"))
		_, err := writer.CompleteMultipartUpload(ctx, &sdk.CompleteMultipartUploadInput{
			Bucket: aws.String("sums"), Key: aws.String("k"), UploadId: id, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
		})
		if algorithm == "" {
			w.ok(err)
		} else {
			w.refused(err, 403, "AccessDenied", "kms:Decrypt")
		}
	}
}
