package s3delivery_test

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/logdelivery"
)

func TestLogArrivesUnderItsPrefix(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy(logdelivery.S3ServerAccess)
	w.logging()
	w.put(source, "photos/a puppy.jpg")
	_, err := w.s3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(source), Key: aws.String("missing"), VersionId: nil})
	if err == nil {
		t.Fatal("a missing object was read")
	}
	if got := w.keys(target); len(got) != 0 {
		t.Errorf("before a delivery: %q", got)
	}
	w.deliverLogs()
	keys := w.keys(target)
	if len(keys) != 1 || !regexp.MustCompile(`^logs/\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9A-F]{16}$`).MatchString(keys[0]) {
		t.Fatalf("keys: %q", keys)
	}
	lines := w.logs()
	// The first is the request that set logging up.
	for i, want := range []string{
		`^[0-9a-f]{64} acme-data \[[^]]+ \+0000\] 127\.0\.0\.1 arn:aws:iam::111122223333:user/administrator [0-9a-f-]{36} REST\.PUT\.LOGGING_STATUS - "PUT /acme-data\?logging= HTTP/1\.1" 200 - - - \d+ - "-" "[^"]+" - \S+ SigV4 TLS_\S+ AuthHeader 127\.0\.0\.1:\d+ TLSv1\.3 - - -$`,
		` REST\.PUT\.OBJECT photos/a\+puppy\.jpg "PUT /acme-data/photos/a%20puppy\.jpg\?x-id=PutObject HTTP/1\.1" 200 - - 5 \d+ `,
		` REST\.GET\.OBJECT missing "GET /acme-data/missing\?x-id=GetObject HTTP/1\.1" 404 NoSuchKey \d+ - \d+ `,
	} {
		if i >= len(lines) || !regexp.MustCompile(want).MatchString(lines[i]) {
			t.Errorf("line %d of %q, want %s", i, lines, want)
		}
	}
	if len(lines) != 3 || len(w.server.LogFailures()) != 0 {
		t.Errorf("%d lines, failures %v", len(lines), w.server.LogFailures())
	}
	w.deliverLogs()
	if got := w.keys(target); len(got) != 1 {
		t.Errorf("nothing new was delivered: %q", got)
	}
}

// TestPoliciesDecideLogs changes one thing of a delivery that works.
func TestPoliciesDecideLogs(t *testing.T) {
	t.Parallel()
	condition := func(operator, key, value string) func(*world) {
		return func(w *world) {
			w.policy(logdelivery.S3ServerAccess, func(s *iam.Statement) { s.Condition[operator][key] = iam.Strings{value} })
		}
	}
	for name, test := range map[string]struct {
		change func(*world)
		reason string // of the failure; "": arrives
	}{
		"as documented":             {func(*world) {}, ""},
		"another account's source":  {condition("StringEquals", "aws:SourceAccount", other), "aws:SourceAccount did not match"},
		"another bucket's source":   {condition("ArnLike", "aws:SourceArn", "arn:aws:s3:::acme-other"), "aws:SourceArn did not match"},
		"another service":           {func(w *world) { w.policy(logdelivery.S3Inventory) }, "no resource policy allows it"},
		"no policy":                 {func(w *world) { w.putPolicy([]iam.Statement{deny("s3:DeleteBucket")}) }, "no resource policy allows it"},
		"another prefix":            {func(w *world) { w.policy(logdelivery.S3ServerAccess, resource("arn:aws:s3:::"+target+"/other/*")) }, "no resource policy allows it"},
		"a deny of all uploads":     {func(w *world) { w.putPolicy([]iam.Statement{deny("s3:PutObject")}) }, "denied explicitly"},
		"key with default policy":   {func(w *world) { w.encrypt(w.key()) }, "kms:GenerateDataKey"},
		"key that admits the logs":  {func(w *world) { w.encrypt(w.key(admit("logging.s3.amazonaws.com", account))) }, ""},
		"key for another account's": {func(w *world) { w.encrypt(w.key(admit("logging.s3.amazonaws.com", other))) }, "kms:GenerateDataKey"},
		"aws/s3 by its ARN":         {func(w *world) { w.encrypt("arn:aws:kms:" + region + ":" + account + ":alias/aws/s3") }, "kms:GenerateDataKey"},
		"target that is gone": {func(w *world) {
			must[*s3.DeleteBucketOutput](w.T)(w.s3.DeleteBucket(w.Context(), &s3.DeleteBucketInput{Bucket: aws.String(target)}))
		}, "NoSuchBucket"},
		"target that is another account's by now": {func(w *world) {
			must[*s3.DeleteBucketOutput](w.T)(w.s3.DeleteBucket(w.Context(), &s3.DeleteBucketInput{Bucket: aws.String(target)}))
			theirs := w.client(other, region)
			must[*s3.CreateBucketOutput](w.T)(theirs.CreateBucket(w.Context(), &s3.CreateBucketInput{Bucket: aws.String(target)}))
			ours := w.s3
			w.s3 = theirs
			w.policy(logdelivery.S3ServerAccess) // which lures our logs
			w.s3 = ours
		}, "AccessDenied"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.policy(logdelivery.S3ServerAccess)
			w.logging()
			test.change(w)
			w.put(source, "key")
			w.deliverLogs()
			failures := w.server.LogFailures()
			if test.reason == "" {
				if lines := w.logs(); len(failures) != 0 || !strings.Contains(strings.Join(lines, "\n"), "REST.PUT.OBJECT key ") {
					t.Errorf("failures %v, logs %q", failures, lines)
				}
				return
			}
			if len(failures) != 1 || !strings.Contains(failures[0].String(), test.reason) {
				t.Fatalf("failures: %v, want %q", failures, test.reason)
			}
			if f := failures[0]; f.Service != "logging.s3.amazonaws.com" || f.Source != source || f.Target != target || !strings.HasPrefix(f.Key, "logs/") {
				t.Errorf("failure: %+v", f)
			}
		})
	}
}

func deny(action string) iam.Statement {
	return iam.Statement{
		Effect: iam.Deny, Principal: &iam.Principal{Any: true}, Action: iam.Strings{action},
		Resource: iam.Strings{"arn:aws:s3:::" + target, "arn:aws:s3:::" + target + "/*"},
	}
}

func resource(arn string) func(*iam.Statement) {
	return func(s *iam.Statement) { s.Resource = iam.Strings{arn} }
}

// admit lets a service encrypt for buckets of an account.
func admit(service, account string) iam.Statement {
	return iam.Statement{
		Effect: iam.Allow, Principal: &iam.Principal{Service: iam.Strings{service}}, Action: iam.Strings{"kms:GenerateDataKey"}, Resource: iam.Strings{"*"},
		Condition: iam.Condition{"StringEquals": {"aws:SourceAccount": {account}}},
	}
}

func TestLogUnderAWSManagedKeyArrivesUnreadable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy(logdelivery.S3ServerAccess)
	w.logging()
	w.encrypt("")
	w.deliverLogs()
	keys := w.keys(target)
	if len(keys) != 1 || len(w.server.LogFailures()) != 0 {
		t.Fatalf("keys %q, failures %v", keys, w.server.LogFailures())
	}
	_, err := w.s3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(target), Key: &keys[0]})
	if err == nil || !strings.Contains(err.Error(), "403") || !strings.Contains(err.Error(), "you are not allowed to access") {
		t.Errorf("reading the log: %v", err)
	}
	w.put(target, "ours") // the same default, and a key of this account
	if got := string(w.read(target, "ours")); got != "hello" {
		t.Errorf("reading our own: %q", got)
	}
}

func TestDeliveriesOfLogsAreNotLogged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::acme-data/*"}]}`
	must[*s3.PutBucketPolicyOutput](t)(w.s3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String(source), Policy: &text}))
	w.logging(func(l *types.LoggingEnabled) { l.TargetBucket = aws.String(source) })
	for range 3 {
		w.deliverLogs()
	}
	if got := w.keys(source); len(got) != 1 {
		t.Errorf("logs: %q", got)
	}
}

func TestCopyIsLoggedInBothBuckets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy(logdelivery.S3ServerAccess)
	w.put(source, "a/b")
	w.bucket("acme-unlogged")
	w.logging()
	must[*s3.CopyObjectOutput](t)(w.s3.CopyObject(t.Context(), &s3.CopyObjectInput{
		Bucket: aws.String("acme-unlogged"), Key: aws.String("copy"), CopySource: aws.String(source + "/a/b"),
	}))
	must[*s3.CopyObjectOutput](t)(w.s3.CopyObject(t.Context(), &s3.CopyObjectInput{
		Bucket: aws.String(source), Key: aws.String("copy"), CopySource: aws.String("/acme-unlogged/copy"),
	}))
	w.deliverLogs()
	lines := w.logs()
	for i, want := range []string{"REST.PUT.LOGGING_STATUS - ", `REST.COPY.OBJECT_GET a/b "GET /acme-data/a/b HTTP/1.1" 200 - - 5 `, `REST.COPY.OBJECT copy "PUT /acme-data/copy?x-id=CopyObject HTTP/1.1" 200 `} {
		if i >= len(lines) || !strings.Contains(lines[i], want) {
			t.Errorf("line %d of %q, want %q", i, lines, want)
		}
	}
	if len(lines) != 3 {
		t.Errorf("%d lines", len(lines))
	}
}

func TestPartitionedPrefix(t *testing.T) {
	t.Parallel()
	for date, want := range map[types.PartitionDateSource]string{
		types.PartitionDateSourceDeliveryTime: `^logs/111122223333/us-east-1/acme-data/(\d{4})/(\d\d)/(\d\d)/(\d{4})-(\d\d)-(\d\d)-\d\d-\d\d-\d\d-[0-9A-F]{16}$`,
		types.PartitionDateSourceEventTime:    `^logs/111122223333/us-east-1/acme-data/(\d{4})/(\d\d)/(\d\d)/(\d{4})-(\d\d)-(\d\d)-00-00-00-[0-9A-F]{16}$`,
	} {
		w := newWorld(t)
		w.policy(logdelivery.S3ServerAccess)
		w.logging(func(l *types.LoggingEnabled) {
			l.TargetObjectKeyFormat = &types.TargetObjectKeyFormat{PartitionedPrefix: &types.PartitionedPrefix{PartitionDateSource: date}}
		})
		w.deliverLogs()
		keys := w.keys(target)
		if len(keys) != 1 {
			t.Fatalf("%s: %q", date, keys)
		}
		m := regexp.MustCompile(want).FindStringSubmatch(keys[0])
		if m == nil || !slices.Equal(m[1:4], m[4:7]) {
			t.Errorf("%s: %s", date, keys[0])
		}
	}
}

func TestLoggingFormatIsChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.s3.PutBucketLogging(t.Context(), &s3.PutBucketLoggingInput{
		Bucket: aws.String(source), BucketLoggingStatus: &types.BucketLoggingStatus{LoggingEnabled: &types.LoggingEnabled{
			TargetBucket: aws.String(target), TargetPrefix: aws.String(""),
			TargetObjectKeyFormat: &types.TargetObjectKeyFormat{PartitionedPrefix: &types.PartitionedPrefix{}},
		}},
	})
	if err == nil || !strings.Contains(err.Error(), "PartitionDateSource") {
		t.Error(err)
	}
}

func TestEndedContextKeepsTheRest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy(logdelivery.S3ServerAccess)
	w.logging()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.server.DeliverLogs(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if got := w.keys(target); len(got) != 0 {
		t.Errorf("delivered: %q", got)
	}
	w.deliverLogs()
	if got := w.keys(target); len(got) != 1 {
		t.Errorf("then delivered: %q", got)
	}
}

func TestAnonymousRequestIsLogged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy(logdelivery.S3ServerAccess)
	w.logging()
	request := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "GET", w.server.URL()+`/acme-data/x"%0Ay`, nil))
	request.Header.Set("User-Agent", `a" 200 "b`)
	response := must[*http.Response](t)(w.config(account, region).HTTPClient.Do(request))
	response.Body.Close()
	w.deliverLogs()
	lines := w.logs()
	want := regexp.MustCompile(` 127\.0\.0\.1 - [0-9a-f-]{36} REST\.GET\.OBJECT x%22%0Ay "GET /acme-data/x%22%0Ay HTTP/1\.1" 403 AccessDenied \d+ - \d+ - "-" "a%22 200 %22b" - \S+ - TLS_\S+ - 127`)
	if len(lines) != 2 || !want.MatchString(lines[1]) {
		t.Errorf("%q", lines)
	}
}
