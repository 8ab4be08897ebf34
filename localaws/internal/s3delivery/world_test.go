package s3delivery_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws"
	"github.com/s3seal/s3seal/logdelivery"
	"github.com/s3seal/s3seal/policy"
)

const (
	account = "111122223333"
	other   = "444455556666"
	region  = "us-east-1"
	abroad  = "eu-west-1"

	source = "acme-data"
	target = "acme-logs"
)

// world is a local AWS with a bucket "acme-data" and one for its logs.
type world struct {
	*testing.T
	server *localaws.Server
	s3     *s3.Client // the account's administrator
	kms    *kms.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	server, err := localaws.Start(localaws.Options{Accounts: []string{account, other}, Regions: []string{region, abroad}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{T: t, server: server}
	w.s3 = w.client(account, region)
	w.kms = kms.NewFromConfig(w.config(account, region))
	w.bucket(source)
	w.bucket(target)
	return w
}

func (w *world) config(account, region string) aws.Config {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(w.server.CA())
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	w.Cleanup(transport.CloseIdleConnections)
	k := w.server.Credentials(account)
	return aws.Config{
		Region: region, BaseEndpoint: aws.String(w.server.URL()), HTTPClient: &http.Client{Transport: transport}, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(k.AccessKeyID, k.SecretAccessKey, ""),
	}
}

func (w *world) client(account, region string) *s3.Client {
	return s3.NewFromConfig(w.config(account, region), func(o *s3.Options) {
		o.UsePathStyle, o.DisableLogOutputChecksumValidationSkipped = true, true
	})
}

// must ends the test if a call failed.
func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (w *world) bucket(name string) {
	w.Helper()
	must[*s3.CreateBucketOutput](w.T)(w.s3.CreateBucket(w.Context(), &s3.CreateBucketInput{Bucket: &name}))
}

// policy puts a bucket policy: the statements of package policy for deliveries
// to the target, the deny statements of our buckets, and more.
func (w *world) policy(of logdelivery.Source, change ...func(*iam.Statement)) {
	w.Helper()
	allow := policy.LogDelivery("arn:aws:s3:::"+target, delivery(of))
	for _, f := range change {
		f(&allow[0])
	}
	arn := "arn:aws:s3:::" + target
	w.putPolicy(append(allow, policy.DenyInsecureTransport(arn), policy.DenyOldTLS(arn, "1.2"), policy.OnlySSEKMS(arn, "aws:kms")))
}

func (w *world) putPolicy(statements []iam.Statement) {
	w.Helper()
	text := must[[]byte](w.T)(json.Marshal(iam.Document{Version: iam.Version, Statement: statements}))
	must[*s3.PutBucketPolicyOutput](w.T)(w.s3.PutBucketPolicy(w.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String(target), Policy: aws.String(string(text))}))
}

func delivery(of logdelivery.Source) logdelivery.Delivery {
	return logdelivery.Delivery{Source: of, Partition: "aws", Account: account, Region: region, SourceARNs: []string{"arn:aws:s3:::" + source}}
}

func (w *world) logging(change ...func(*types.LoggingEnabled)) {
	w.Helper()
	l := &types.LoggingEnabled{TargetBucket: aws.String(target), TargetPrefix: aws.String("logs/")}
	for _, f := range change {
		f(l)
	}
	must[*s3.PutBucketLoggingOutput](w.T)(w.s3.PutBucketLogging(w.Context(), &s3.PutBucketLoggingInput{
		Bucket: aws.String(source), BucketLoggingStatus: &types.BucketLoggingStatus{LoggingEnabled: l},
	}))
}

// encrypt makes SSE-KMS the target's default; key "": aws/s3.
func (w *world) encrypt(key string) {
	w.Helper()
	d := &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms}
	if key != "" {
		d.KMSMasterKeyID = &key
	}
	must[*s3.PutBucketEncryptionOutput](w.T)(w.s3.PutBucketEncryption(w.Context(), &s3.PutBucketEncryptionInput{
		Bucket: aws.String(target), ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: d}},
		},
	}))
}

// key makes a key with the default statement for the account, and more.
func (w *world) key(statements ...iam.Statement) string {
	w.Helper()
	document := iam.Document{Version: iam.Version, Statement: append([]iam.Statement{{
		Effect: iam.Allow, Principal: &iam.Principal{AWS: iam.Strings{"arn:aws:iam::" + account + ":root"}}, Action: iam.Strings{"kms:*"}, Resource: iam.Strings{"*"},
	}}, statements...)}
	text := must[[]byte](w.T)(json.Marshal(document))
	return *must[*kms.CreateKeyOutput](w.T)(w.kms.CreateKey(w.Context(), &kms.CreateKeyInput{Policy: aws.String(string(text))})).KeyMetadata.Arn
}

func (w *world) put(bucket, key string, change ...func(*s3.PutObjectInput)) {
	w.Helper()
	in := &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader("hello")}
	for _, f := range change {
		f(in)
	}
	must[*s3.PutObjectOutput](w.T)(w.s3.PutObject(w.Context(), in))
}

func (w *world) deliverLogs() {
	w.Helper()
	if err := w.server.DeliverLogs(w.Context()); err != nil {
		w.Fatal(err)
	}
}

func (w *world) deliverInventory() {
	w.Helper()
	if err := w.server.DeliverInventory(w.Context()); err != nil {
		w.Fatal(err)
	}
}

func (w *world) keys(bucket string) []string {
	w.Helper()
	var keys []string
	for _, o := range must[*s3.ListObjectsV2Output](w.T)(w.s3.ListObjectsV2(w.Context(), &s3.ListObjectsV2Input{Bucket: &bucket})).Contents {
		keys = append(keys, *o.Key)
	}
	return keys
}

func (w *world) read(bucket, key string) []byte {
	w.Helper()
	out := must[*s3.GetObjectOutput](w.T)(w.s3.GetObject(w.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key}))
	defer out.Body.Close()
	return must[[]byte](w.T)(io.ReadAll(out.Body))
}

// logs are the lines of all logs in the target bucket.
func (w *world) logs() []string {
	w.Helper()
	var lines []string
	for _, k := range w.keys(target) {
		lines = append(lines, strings.Split(strings.TrimSuffix(string(w.read(target, k)), "\n"), "\n")...)
	}
	return lines
}
