package conformance

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
)

const (
	algorithmHeader = "X-Amz-Server-Side-Encryption"
	keyHeader       = "X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"
	bucketKeyHeader = "X-Amz-Server-Side-Encryption-Bucket-Key-Enabled"
	customerHeader  = "X-Amz-Server-Side-Encryption-Customer-Algorithm"
)

// subject is a bucket whose answers a page shows. The account's administrator
// asks, so that a refusal is the bucket's.
type subject struct {
	title         string // of its column
	account, name string
	key           string // its own; "" for none
	managed       string // the account's key aws/s3
	requests      endpoint
}

func newSubject(t *testing.T, d exampleStages, stage, account, title, bucket, key string) subject {
	t.Helper()
	s := subject{title: title, account: account, name: d.output(t, stage+"-buckets", bucket), requests: newEndpoint(t, d.server, "s3", account)}
	if key != "" {
		s.key = d.output(t, stage+"-buckets", key)
	}
	// The key aws/s3 is made when somebody asks for it.
	out, err := kms.NewFromConfig(config(t, d.server, d.server.Credentials(account))).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: aws.String("alias/aws/s3")})
	if err != nil {
		t.Fatal(err)
	}
	s.managed = *out.KeyMetadata.Arn
	return s
}

// send says what comes back: how the object is encrypted, or the error.
func (s subject) send(t *testing.T, method, key string, header map[string]string) string {
	t.Helper()
	body := ""
	if method == "PUT" {
		body = "content"
	}
	return s.said(s.requests.send(t, method, "/"+s.name+"/"+key, header, body))
}

func (s subject) said(a answer) string {
	if a.status != 200 {
		return strings.TrimSpace(fmt.Sprint(a.status, " ", a.code))
	}
	said := a.header.Get(algorithmHeader)
	if said != "" {
		said = "`" + said + "`"
	}
	switch key := a.header.Get(keyHeader); key {
	case "":
	case s.key:
		said += ", the bucket's key"
	case s.managed:
		said += ", `aws/s3`"
	default:
		said += ", that key"
	}
	if a.header.Get(bucketKeyHeader) == "true" {
		said += ", Bucket Key"
	}
	if a.header.Get(customerHeader) != "" {
		said = "SSE-C"
	}
	if said == "" {
		return "200"
	}
	return said
}

func algorithm(v string) map[string]string { return map[string]string{algorithmHeader: v} }
func named(v, key string) map[string]string {
	return map[string]string{algorithmHeader: v, keyHeader: key}
}

// upload is a row of a table of uploads.
type upload struct {
	title  string
	header map[string]string
}

// uploads are the rows. What a key's policy says plays no part: each admits the
// account that asks.
func (s subject) uploads(another, foreign string) []upload {
	rows := []upload{
		{"nothing", nil},
		{"`AES256`", algorithm("AES256")},
		{"`aws:kms`, no key", algorithm("aws:kms")},
	}
	if s.key != "" {
		rows = append(rows,
			upload{"`aws:kms`, the bucket's key", named("aws:kms", s.key)},
			upload{"`aws:kms`, the bucket's key by its id", named("aws:kms", path.Base(s.key))},
		)
	}
	other := "a key of the account"
	if s.key != "" {
		other = "another key of the account"
	}
	rows = append(rows,
		upload{"`aws:kms`, " + other, named("aws:kms", another)},
		upload{"`aws:kms`, that key by its alias", named("aws:kms", "alias/another")},
		upload{"`aws:kms`, a key of another account", named("aws:kms", foreign)},
		upload{"`aws:kms:dsse`, no key", algorithm("aws:kms:dsse")},
	)
	if s.key != "" {
		rows = append(rows, upload{"`aws:kms:dsse`, the bucket's key", named("aws:kms:dsse", s.key)})
	}
	return append(rows, upload{"SSE-C", keyHeaders(seedKey)})
}

// otherKeys makes a key in the subject's account, with the alias "another", and
// one in the account abroad that the subject's account may use.
func (s subject) otherKeys(t *testing.T, d exampleStages) (another, foreign string) {
	t.Helper()
	make := func(account string) (*kms.Client, string) {
		client := kms.NewFromConfig(config(t, d.server, d.server.Credentials(account)))
		out, err := client.CreateKey(t.Context(), &kms.CreateKeyInput{Policy: aws.String(fmt.Sprintf(
			`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": [%q, %q]}, "Action": "kms:*", "Resource": "*"}}`,
			"arn:aws:iam::"+account+":root", "arn:aws:iam::"+s.account+":root"))})
		if err != nil {
			t.Fatal(err)
		}
		return client, *out.KeyMetadata.Arn
	}
	client, another := make(s.account)
	if _, err := client.CreateAlias(t.Context(), &kms.CreateAliasInput{AliasName: aws.String("alias/another"), TargetKeyId: aws.String(another)}); err != nil {
		t.Fatal(err)
	}
	_, foreign = make(prodReplica)
	return another, foreign
}

// TestPageUploads: each pattern's page says what its bucket makes of an upload.
func TestPageUploads(t *testing.T) {
	t.Parallel()
	d := deployStages(t)
	stages := []struct{ name, account, another, foreign string }{{name: "dev", account: devAccount}, {name: "prod", account: prodSource}}
	for i := range stages {
		stages[i].another, stages[i].foreign = subject{account: stages[i].account}.otherKeys(t, d)
	}
	for _, page := range []struct {
		name        string
		bucket, key string
		required    string // what the bucket of the stage prod requires
	}{
		{"sse-s3.md", "SseS3Bucket", "", ""},
		{"sse-kms-aws-managed.md", "SseKmsAwsManagedBucket", "", ""},
		{"sse-kms-cmk.md", "SseKmsCmkBucket", "SseKmsCmkKeyArn", "with `only-sse-kms` and `no-aws-managed-key`"},
		{"dsse-kms.md", "DsseKmsBucket", "DsseKmsKeyArn", ""},
		{"sse-c.md", "SseCBucket", "", ""},
	} {
		titles := []string{"the upload says", "the object"}
		if page.required != "" {
			titles = append(titles, page.required)
		}
		var rows [][]string
		for column, title := range titles[1:] {
			st := stages[column]
			s := newSubject(t, d, st.name, st.account, title, page.bucket, page.key)
			for i, u := range s.uploads(st.another, st.foreign) {
				if column == 0 {
					rows = append(rows, []string{u.title})
				}
				rows[i] = append(rows[i], s.send(t, "PUT", fmt.Sprint("object", i), u.header))
			}
		}
		isMade(t, page.name, "uploads", markdown(titles, rows))
	}
}

func markdown(head []string, rows [][]string) string {
	var b strings.Builder
	b.WriteString("| " + strings.Join(head, " | ") + " |\n|" + strings.Repeat(" --- |", len(head)) + "\n")
	for _, row := range rows {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
	}
	return b.String()
}

// TestPageReads: what a read must say, and must not.
func TestPageReads(t *testing.T) {
	t.Parallel()
	d := deployStages(t)
	var buckets []subject
	for _, b := range []struct{ title, bucket, key string }{
		{"`sse-s3`", "SseS3Bucket", ""},
		{"`sse-kms-aws-managed`", "SseKmsAwsManagedBucket", ""},
		{"`sse-kms-cmk`", "SseKmsCmkBucket", "SseKmsCmkKeyArn"},
		{"`dsse-kms`", "DsseKmsBucket", "DsseKmsKeyArn"},
		{"`sse-c`", "SseCBucket", ""},
	} {
		s := newSubject(t, d, "dev", devAccount, b.title, b.bucket, b.key)
		header := map[string]string(nil)
		if b.title == "`sse-c`" {
			header = keyHeaders(seedKey)
		}
		if got := s.send(t, "PUT", "o", header); got[0] == '4' {
			t.Fatalf("%s: %s", b.bucket, got)
		}
		buckets = append(buckets, s)
	}
	head := []string{"the read says"}
	for _, s := range buckets {
		head = append(head, s.title)
	}
	var rows [][]string
	for _, r := range []struct {
		title, method, key string
		header             map[string]string
	}{
		{"nothing", "GET", "o", nil},
		{"nothing, `HEAD`", "HEAD", "o", nil},
		{"`AES256`", "GET", "o", algorithm("AES256")},
		{"`aws:kms`", "GET", "o", algorithm("aws:kms")},
		{"`aws:kms`, `HEAD`", "HEAD", "o", algorithm("aws:kms")},
		{"SSE-C, the upload's key", "GET", "o", keyHeaders(seedKey)},
		{"SSE-C, another key", "GET", "o", keyHeaders(otherKey)},
		{"nothing, of the tags", "GET", "o?tagging", nil},
	} {
		row := []string{r.title}
		for _, s := range buckets {
			got := s.send(t, r.method, r.key, r.header)
			if got[0] != '4' {
				got = "200"
			}
			row = append(row, got)
		}
		rows = append(rows, row)
	}
	isMade(t, "encryption.md", "reads", markdown(head, rows))
}
