package localaws_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
)

// s3Differences are about S3 and its front door.
var s3Differences = map[string]func(*testing.T){
	"A notification is sent before its request is answered, once; one that is refused is lost, and the log says why. Replicas send none. All events but `s3:ObjectCreated`, `s3:ObjectRemoved` and `s3:Replication:OperationFailedReplication` are refused by name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		queue := notified(t, s, `<QueueConfiguration>`+toQueue+`<Event>s3:ObjectCreated:*</Event></QueueConfiguration>`)
		received(t, s, queue)
		call(t, s, "s3", "PUT /acme/k", "text")
		if got := received(t, s, queue); len(got) != 1 {
			t.Errorf("%d notifications", len(got))
		}
		for _, event := range []string{"s3:ObjectTagging:*", "s3:ObjectRestore:*", "s3:Replication:OperationMissedThreshold", "s3:LifecycleExpiration:*"} {
			refuses(t, s, unsupported{event, "s3", "PUT /acme?notification", "<NotificationConfiguration><QueueConfiguration>" + toQueue + "<Event>" + event + "</Event></QueueConfiguration></NotificationConfiguration>"})
		}
	},

	"ACLs but the owner's, Object Lock, websites, acceleration and Requester Pays of S3: refused by name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		put(t, withBucket(t, s, "acme"), "acme", "k", nil)
		const body = `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>`
		refuses(t, s,
			unsupported{"ObjectWriter", "s3", "PUT /acme?ownershipControls", `<OwnershipControls xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>`},
			unsupported{"object-lock", "s3", "PUT /acme?object-lock", `<ObjectLockConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>`},
			unsupported{"legal-hold", "s3", "PUT /acme/k?legal-hold", `<LegalHold xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>ON</Status></LegalHold>`},
			unsupported{"website", "s3", "PUT /acme?website", `<WebsiteConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>`},
			unsupported{"accelerate", "s3", "PUT /acme?accelerate", `<AccelerateConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></AccelerateConfiguration>`},
			unsupported{"requestPayment", "s3", "PUT /acme?requestPayment", `<RequestPaymentConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Payer>Requester</Payer></RequestPaymentConfiguration>`},
		)
		for _, header := range []string{
			"x-amz-object-lock-legal-hold: ON", "x-amz-website-redirect-location: /other",
		} {
			name, _, _ := strings.Cut(header, ": ")
			if status, answer := call(t, s, "s3", "PUT /acme/other", "", header); status != http.StatusNotImplemented || !strings.Contains(answer, name) {
				t.Errorf("%s: %d %s", header, status, answer)
			}
		}
		for _, header := range []string{"x-amz-bucket-object-lock-enabled: true", "x-amz-object-ownership: ObjectWriter"} {
			_, value, _ := strings.Cut(header, ": ")
			name, _, _ := strings.Cut(header, ": ")
			if status, answer := call(t, s, "s3", "PUT /locked", body, header); status != http.StatusNotImplemented || !strings.Contains(answer, name) && !strings.Contains(answer, value) {
				t.Errorf("%s: %d %s", header, status, answer)
			}
		}
	},

	"`UpdateObjectEncryption` needs `kms:Decrypt` and `kms:ReEncryptFrom` on the key that the object is under, and `kms:Encrypt`, `kms:GenerateDataKey`, `kms:Decrypt` and `kms:ReEncryptTo` on the new one": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		c := withBucket(t, s, "acme")
		newKey := func() string { _, answer := call(t, s, "kms", "CreateKey", `{}`); return field(answer, "Arn") }
		from, to := newKey(), newKey()
		if _, err := c.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String("acme"), Key: aws.String("k"), ServerSideEncryption: types.ServerSideEncryptionAwsKms, SSEKMSKeyId: &from,
		}); err != nil {
			t.Fatal(err)
		}
		rights := []struct{ action, key string }{
			{"kms:Decrypt", from}, {"kms:ReEncryptFrom", from}, {"kms:Encrypt", to}, {"kms:GenerateDataKey", to}, {"kms:Decrypt", to}, {"kms:ReEncryptTo", to},
		}
		update := func(name string, without int) error {
			policies := []iam.Document{statement(iam.Allow, "s3:UpdateObjectEncryption", "*")}
			for i, r := range rights {
				if i != without {
					policies = append(policies, statement(iam.Allow, r.action, r.key))
				}
			}
			k, err := s.AddUser(source, name, policies...)
			if err != nil {
				t.Fatal(err)
			}
			_, err = s3.NewFromConfig(config(s, k)).UpdateObjectEncryption(t.Context(), &s3.UpdateObjectEncryptionInput{
				Bucket: aws.String("acme"), Key: aws.String("k"),
				ObjectEncryption: &types.ObjectEncryptionMemberSSEKMS{Value: types.SSEKMSEncryption{KMSKeyArn: &to}},
			})
			return err
		}
		for i, r := range rights {
			if err := update("without-"+strconv.Itoa(i), i); code(err) != "AccessDenied" || !strings.Contains(err.Error(), r.action+" on resource: "+r.key) {
				t.Errorf("without %s on %s: %v", r.action, r.key, err)
			}
		}
		if err := update("with-all", -1); err != nil {
			t.Error(err)
		}
	},

	"A bucket of another account's or Region's namespace is 400 `InvalidBucketName`; a stack's bucket in the account regional namespace needs `BucketName` or `BucketNamePrefix`": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		const body = `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>`
		for place, want := range map[string]int{source + "-eu-west-1": 200, replica + "-eu-west-1": 400, source + "-us-east-1": 400} {
			status, answer := call(t, s, "s3", "PUT /acme-"+place+"-an", body, "x-amz-bucket-namespace: account-regional")
			if status != want || status == 400 && element(answer, "Code") != "InvalidBucketName" {
				t.Errorf("%s: %d %s", place, status, answer)
			}
		}
		const bucket = `StackName=app&TemplateBody={"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketNamespace":"account-regional"}}}}`
		refuses(t, s, unsupported{"BucketNamePrefix", "cloudformation", "CreateStack", bucket})
	},

	"Lines behind the end of a chunked body are 400 `MalformedTrailerError`, and what is not even a line 400 `IncompleteBody`": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		withBucket(t, s, "acme")
		for more, want := range map[string]string{"": "", "more\r\n": "MalformedTrailerError", "more": "IncompleteBody"} {
			status, answer := call(t, s, "s3", "PUT /acme/k", "4\r\ntext\r\n0\r\nx-amz-checksum-crc32:O4unxw==\r\n\r\n"+more,
				"X-Amz-Content-Sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER", "X-Amz-Trailer: x-amz-checksum-crc32", "X-Amz-Decoded-Content-Length: 4", "Content-Encoding: aws-chunked")
			if (status == 400) != (want != "") || element(answer, "Code") != want {
				t.Errorf("%q behind it: %d %s", more, status, answer)
			}
		}
	},

	"A form whose policy does not let it in is 403 `AccessDenied`": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		signed, err := s3.NewPresignClient(withBucket(t, s, "acme")).PresignPostObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("acme"), Key: aws.String("k")})
		if err != nil {
			t.Fatal(err)
		}
		signed.Values["key"] = "other"
		if status, answer := postForm(t, s, signed.URL, signed.Values, "text"); status != 403 || element(answer, "Code") != "AccessDenied" {
			t.Errorf("%d %s", status, answer)
		}
	},

	"Buckets have path-style addresses only; a bucket in the host is refused by name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		put(t, withBucket(t, s, "acme"), "acme", "k", nil)
		status, answer := call(t, s, "s3", "GET /k", "", "Host: acme.s3.eu-west-1.amazonaws.com")
		if status != 400 || element(answer, "Code") != "InvalidHostHeader" || !strings.Contains(answer, "path-style") {
			t.Errorf("%d %s", status, answer)
		}
	},

	"Signature Version 2 is refused in every Region, and SigV4A by name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		key := s.Credentials(source).AccessKeyID
		for named, header := range map[string]http.Header{
			"AWS4-HMAC-SHA256": {"Authorization": {"AWS " + key + ":aGVsbG8="}, "Date": {time.Now().UTC().Format(http.TimeFormat)}},
			"SigV4A": {
				"Authorization":        {"AWS4-ECDSA-P256-SHA256 Credential=" + key + "/20260101/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=00"},
				"X-Amz-Date":           {time.Now().UTC().Format("20060102T150405Z")},
				"X-Amz-Content-Sha256": {"UNSIGNED-PAYLOAD"}, "X-Amz-Region-Set": {"*"},
			},
		} {
			r, err := http.NewRequestWithContext(t.Context(), "GET", s.URL()+"/", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header = header
			resp, err := s.HTTPClient().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if err != nil || resp.StatusCode != 400 || !strings.Contains(string(answer), named) {
				t.Errorf("%s, %v: %s", resp.Status, err, answer)
			}
		}
	},
}
