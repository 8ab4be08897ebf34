package localaws

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// readable are the subresources of a bucket that GET gives as PUT accepts them.
var readable = []string{
	"encryption", "inventory", "lifecycle", "logging", "metrics", "notification", "ownershipControls", "policy",
	"publicAccessBlock", "replication", "tagging", "versioning",
}

// FuzzS3Request sends any request to S3. What is accepted can be read: an object
// as it was sent, a configuration so that S3 accepts it again.
func FuzzS3Request(f *testing.F) {
	for _, seed := range [][4]string{
		{"GET", "/", "", ""},
		{"PUT", "/other", "", ""},
		{"PUT", "/other", "x-amz-bucket-namespace: account-regional", `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>`},
		{"PUT", "/bucket/a%20b/c", "x-amz-server-side-encryption: AES256\r\nx-amz-meta-a: b\r\nx-amz-tagging: a=b", "text"},
		{"PUT", "/bucket/k", "Content-MD5: HLLEGgAcAf1kL9wXZYWsFQ==\r\nx-amz-checksum-crc32: AAAAAA==\r\nIf-None-Match: *", "text"},
		{"PUT", "/bucket/k", "x-amz-copy-source: /bucket/key?versionId=null\r\nx-amz-metadata-directive: REPLACE", ""},
		{"PUT", "/bucket/k", "x-amz-server-side-encryption-customer-algorithm: AES256\r\nx-amz-server-side-encryption-customer-key: MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\r\nx-amz-server-side-encryption-customer-key-MD5: AAAAAAAAAAAAAAAAAAAAAA==", "text"},
		{"GET", "/bucket/key?partNumber=1&response-content-type=a", "Range: bytes=1-2", ""},
		{"GET", "/bucket/key?attributes", "x-amz-object-attributes: ETag,ObjectParts", ""},
		{"HEAD", "/bucket/key?versionId=null", "If-Modified-Since: Wed, 21 Oct 2015 07:28:00 GMT\r\nIf-Match: \"a\"", ""},
		{"GET", "/bucket?list-type=2&delimiter=/&prefix=k&max-keys=1&encoding-type=url&start-after=a", "", ""},
		{"GET", "/bucket?versions&key-marker=a&version-id-marker=b", "", ""},
		{"GET", "/bucket?uploads", "", ""},
		{"POST", "/bucket/key?uploads", "x-amz-checksum-algorithm: CRC64NVME\r\nx-amz-checksum-type: FULL_OBJECT", ""},
		{"PUT", "/bucket/key?uploadId=a&partNumber=1", "x-amz-copy-source-range: bytes=0-1\r\nx-amz-copy-source: bucket/key", ""},
		{"POST", "/bucket/key?uploadId=a", "", "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>"},
		{"POST", "/bucket?delete", "", "<Delete><Quiet>true</Quiet><Object><Key>key</Key><VersionId>null</VersionId></Object></Delete>"},
		{"DELETE", "/bucket/key", "", ""},
		{"DELETE", "/bucket?policy", "", ""},
		{"PUT", "/bucket?versioning", "", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"},
		{"PUT", "/bucket?tagging", "", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"},
		{"PUT", "/bucket/key?tagging", "", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"},
		{"PUT", "/bucket?encryption", "", "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled><BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>"},
		{"PUT", "/bucket?policy", "", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}`},
		{"PUT", "/bucket?lifecycle", "", "<LifecycleConfiguration><Rule><ID>a</ID><Filter><Prefix>a</Prefix></Filter><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>"},
		{"PUT", "/bucket?publicAccessBlock", "", "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>"},
		{"PUT", "/bucket?ownershipControls", "", "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>"},
		{"PUT", "/bucket?logging", "", "<BucketLoggingStatus><LoggingEnabled><TargetBucket>bucket</TargetBucket><TargetPrefix>log/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>"},
		{"PUT", "/bucket?inventory&id=a", "", "<InventoryConfiguration><Id>a</Id><IsEnabled>true</IsEnabled><Destination><S3BucketDestination><Bucket>arn:aws:s3:::bucket</Bucket><Format>CSV</Format></S3BucketDestination></Destination><IncludedObjectVersions>All</IncludedObjectVersions><Schedule><Frequency>Daily</Frequency></Schedule></InventoryConfiguration>"},
		{"PUT", "/bucket?metrics&id=a", "", "<MetricsConfiguration><Id>a</Id></MetricsConfiguration>"},
		{"PUT", "/bucket?notification", "", "<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>"},
		{"PUT", "/bucket?replication", "", "<ReplicationConfiguration><Role>arn:aws:iam::111122223333:role/r</Role><Rule><ID>a</ID><Priority>1</Priority><Status>Enabled</Status><Filter/><DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication><Destination><Bucket>arn:aws:s3:::bucket</Bucket></Destination></Rule></ReplicationConfiguration>"},
		{"PUT", "/bucket/key?encryption", "", "<ObjectEncryption><SSE-S3/></ObjectEncryption>"},
		{"PUT", "/bucket/key?acl", "x-amz-acl: private", ""},
		{"OPTIONS", "/bucket/key", "Origin: a", ""},
		{"GET", "/bucket//..%2f%00", "", ""},
	} {
		f.Add(seed[0], seed[1], seed[2], []byte(seed[3]))
	}
	z := &fuzzer{furnish: func(z *fuzzer, t *testing.T) {
		for _, path := range []string{"/bucket", "/bucket/key"} {
			if a := z.send(t, "s3", readRequest("PUT", path, "", nil)); a.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", path, a.Code, a.Body)
			}
		}
	}}
	f.Cleanup(func() { z.close(f) })
	f.Fuzz(func(t *testing.T, method, target, headers string, body []byte) {
		r := readRequest(method, target, headers, body)
		if r == nil {
			return
		}
		z.fresh(t)
		query := r.URL.Query()
		if a := z.send(t, "s3", r); r.Method != "PUT" || a.Code != http.StatusOK {
			return
		}
		path := strings.TrimPrefix(r.URL.EscapedPath(), "/")
		bucket, key, _ := strings.Cut(path, "/")
		switch {
		case bucket != "" && key == "":
			z.readConfiguration(t, r)
		case len(query) == 0 && r.Header.Get("X-Amz-Copy-Source") == "" && r.Header.Get("X-Amz-Server-Side-Encryption-Customer-Algorithm") == "":
			a := z.send(t, "s3", readRequest("GET", r.URL.RequestURI(), "", nil))
			if a.Code != http.StatusOK || !bytes.Equal(a.Body.Bytes(), body) {
				t.Errorf("%s was put with %d bytes and is %d with %d", r.URL, len(body), a.Code, a.Body.Len())
			}
		}
	})
}

// readConfiguration reads what a request has put and puts it again. A policy that
// was accepted may deny either.
func (z *fuzzer) readConfiguration(t *testing.T, r *http.Request) {
	t.Helper()
	of := func(name string) bool { return r.URL.Query().Has(name) }
	if !slices.ContainsFunc(readable, of) {
		return
	}
	got := z.send(t, "s3", readRequest("GET", r.URL.RequestURI(), "", nil))
	if got.Code == http.StatusForbidden {
		return
	}
	if got.Code == http.StatusNotFound && (of("tagging") || of("replication") || of("lifecycle")) {
		return // an empty one is none
	}
	again := z.send(t, "s3", readRequest("PUT", r.URL.RequestURI(), "", got.Body.Bytes()))
	if got.Code != http.StatusOK || again.Code >= 300 && again.Code != http.StatusForbidden {
		t.Errorf("%s was put, and is %d %s, which is answered with %d %s", r.URL, got.Code, got.Body, again.Code, again.Body)
	}
}

const fuzzText = "the object's text"

// furnishObject makes the one object that FuzzRange and FuzzCopySource read.
func furnishObject(z *fuzzer, t *testing.T) {
	z.send(t, "s3", readRequest("PUT", "/bucket", "", nil))
	z.send(t, "s3", readRequest("PUT", "/bucket/a%20key", "", []byte(fuzzText)))
}

// FuzzRange reads a part of an object: what comes back is where the answer says
// that it is.
func FuzzRange(f *testing.F) {
	for _, text := range []string{"bytes=0-1", "bytes=5-", "bytes=-3", "bytes=0-1,3-4", "bytes=99-", "bytes= 1-2", "chars=0-1", "bytes=2-1", "bytes=-9223372036854775808", "bytes=0-99999999999999999999"} {
		f.Add(text)
	}
	z := &fuzzer{furnish: furnishObject}
	f.Cleanup(func() { z.close(f) })
	f.Fuzz(func(t *testing.T, text string) {
		r := readRequest("GET", "/bucket/a%20key", "Range: "+text, nil)
		if r == nil || len(r.Header) != 1 {
			return
		}
		z.fresh(t)
		a := z.send(t, "s3", r)
		got := a.Body.String()
		var from, to, size int
		switch n, _ := fmt.Sscanf(a.Header().Get("Content-Range"), "bytes %d-%d/%d", &from, &to, &size); {
		case a.Code == http.StatusOK && got == fuzzText:
		case a.Code == http.StatusRequestedRangeNotSatisfiable && a.Header().Get("Content-Range") == fmt.Sprintf("bytes */%d", len(fuzzText)):
		case a.Code == http.StatusPartialContent && n == 3 && size == len(fuzzText) && from <= to && got == fuzzText[from:to+1]:
		default:
			t.Errorf("%q: %d %v %q", text, a.Code, a.Header(), got)
		}
	})
}

// FuzzCopySource copies from any source: only the one that exists is copied, and
// whole.
func FuzzCopySource(f *testing.F) {
	for _, text := range []string{"bucket/a%20key", "/bucket/a key", "bucket/a%20key?versionId=null", "bucket/a+key", "bucket", "/", "arn:aws:s3:us-east-1:111122223333:accesspoint/p/object/k", "%zz", "bucket%2fa%20key", "//bucket/k?versionId="} {
		f.Add(text)
	}
	z := &fuzzer{furnish: furnishObject}
	f.Cleanup(func() { z.close(f) })
	f.Fuzz(func(t *testing.T, text string) {
		r := readRequest("PUT", "/bucket/copy", "X-Amz-Copy-Source: "+text, nil)
		if r == nil || len(r.Header) != 1 {
			return
		}
		z.fresh(t)
		source := r.Header.Get("X-Amz-Copy-Source")
		if z.send(t, "s3", r).Code != http.StatusOK {
			return
		}
		path, _, _ := strings.Cut(strings.TrimPrefix(source, "/"), "?versionId=")
		if plain, err := url.PathUnescape(path); err != nil || plain != "bucket/a key" {
			t.Errorf("%q was copied", source)
		}
		if a := z.send(t, "s3", readRequest("GET", "/bucket/copy", "", nil)); a.Body.String() != fuzzText {
			t.Errorf("%q was copied as %q", source, a.Body)
		}
	})
}
