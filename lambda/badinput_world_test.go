package lambda

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/object/objecttest"
	"github.com/s3seal/s3seal/internal/ssec"
)

// A badWorld is a server, its objects, and the processes of functions that were
// started: one for each environment.
type badWorld struct {
	*objecttest.Server
	env       []string
	processes map[string]*function
	bodies    map[[2]string]string // by key and version
	before    state
	secrets   []string // texts that the secret had
	names     *strings.Replacer
	printed   []string // answers
}

const sourceBucket, queueARN = "source", "arn:aws:sqs:us-east-1:111122223333:queue"

// wantsMore are the variables that some functions need more.
var wantsMore = map[string][]string{
	"rotate":  {"PROBE_KEY=probe"},
	"ingest":  {"SOURCE_BUCKETS=" + sourceBucket},
	"presign": {"PUT_URL_SECONDS=3600"},
}

func newBadWorld(t *testing.T) *badWorld {
	t.Helper()
	server, env := environment(t)
	w := &badWorld{Server: server, env: env, processes: map[string]*function{}, bodies: map[[2]string]string{}, secrets: []string{onlyK0}}
	put := startFunction(t, "put", env...)
	for _, o := range []struct{ key, body string }{{"a", "old"}, {"a", "new"}, {"test-object", "text"}, {"b/ü", "umlaut"}, {"gone", "there"}} {
		a := put.invoke(t, fmt.Sprintf(`{"key":%q,"body":%q}`, o.key, o.body))
		if a.failed {
			t.Fatal(a.body)
		}
		w.bodies[[2]string{o.key, fields(t, a)["versionId"].(string)}] = o.body
	}
	client := s3.NewFromConfig(server.Admin)
	marker, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(objecttest.Bucket), Key: aws.String("gone")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(sourceBucket)}); err != nil {
		t.Fatal(err)
	}
	for _, o := range []struct{ bucket, key string }{{objecttest.Bucket, "plain"}, {objecttest.Bucket, "foreign"}, {sourceBucket, "s"}} {
		in := &s3.PutObjectInput{Bucket: &o.bucket, Key: &o.key, Body: strings.NewReader("x")}
		if o.key == "foreign" {
			raw := [ssec.KeySize]byte(bytes.Repeat([]byte("f"), ssec.KeySize))
			in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = ssec.NewKey(raw).Customer()
		}
		if _, err := client.PutObject(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	w.names = strings.NewReplacer("<secret>", server.SecretARN, "<marker>", *marker.VersionId,
		"<other-ca>", server.DirectEnvironment(t)["AWS_CA_BUNDLE"]) // not of the front's certificate
	w.before = w.state(t)
	return w
}

// process is the running function of an environment.
func (w *badWorld) process(t *testing.T, name, env, share string) *function {
	t.Helper()
	id := name + " " + env + " " + share
	if w.processes[id] == nil {
		all := slices.Concat(w.env, wantsMore[name], strings.Fields(w.names.Replace(env)))
		w.processes[id] = startFunction(t, name, all...)
	}
	return w.processes[id]
}

// A state is what must not change: the versions of the bucket and of the secret,
// with their labels.
type state struct {
	versions map[string]bool
	labels   map[string]string
}

func (w *badWorld) state(t *testing.T) state {
	t.Helper()
	now := state{map[string]bool{}, map[string]string{}}
	listed, err := s3.NewFromConfig(w.Admin).ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(objecttest.Bucket)})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range listed.Versions {
		now.versions[fmt.Sprint(*v.Key, *v.VersionId, *v.ETag, *v.Size)] = true
	}
	for _, m := range listed.DeleteMarkers {
		now.versions[fmt.Sprint(*m.Key, *m.VersionId)] = true
	}
	now.labels = labels(t, w.Server)
	return now
}

// labels are those of every version of the secret.
func labels(t *testing.T, server *objecttest.Server) map[string]string {
	t.Helper()
	out, err := secretsmanager.NewFromConfig(server.Admin).ListSecretVersionIds(t.Context(), &secretsmanager.ListSecretVersionIdsInput{
		SecretId: &server.SecretARN, IncludeDeprecated: aws.Bool(true),
	})
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]string{}
	for _, v := range out.Versions {
		of[*v.VersionId] = strings.Join(slices.Sorted(slices.Values(v.VersionStages)), " ")
	}
	return of
}
