package object

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/object/objecttest"
	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/policy"
)

// Each action of a function's policy is there for something that the function
// does: without it, something goes otherwise.
func TestEveryPermissionIsNeeded(t *testing.T) {
	t.Parallel()
	for _, v := range policy.Verbs() {
		if v == policy.VerbPut || v == policy.VerbGet {
			continue
		}
		for _, p := range []encryption.Pattern{encryption.SSES3, encryption.SSEKMSCMK, encryption.SSEC} {
			t.Run(string(v)+" "+string(p), func(t *testing.T) {
				t.Parallel()
				f := startUnder(t, p)
				objects := policy.Objects{BucketARN: "arn:aws:s3:::bucket", ViaService: "s3." + f.server.Admin.Region + ".amazonaws.com", KMSKeyARN: f.env["KMS_KEY_ARN"], SecretARN: f.env["SECRET_ARN"]}
				allowed := objects.Allow(v)
				version := f.prepare(t)
				want := f.doAll(t, v, version, allowed)
				if strings.Contains(want, string(function.AccessDenied)) || strings.Contains(want, "403") {
					t.Errorf("with all permissions:\n%s", want)
				}
				for lacking, less := range eachLess(allowed) {
					if got := f.doAll(t, v, version, less); got == want {
						t.Errorf("without %s nothing is otherwise:\n%s", lacking, got)
					}
				}
			})
		}
	}
}

// With ifMatch S3 demands s3:GetObject, which only a put function has that is to
// accept it.
func TestIfMatchNeedsTheRightToRead(t *testing.T) {
	t.Parallel()
	for _, p := range []encryption.Pattern{encryption.SSES3, encryption.SSEKMSCMK, encryption.SSEC} {
		t.Run(string(p), func(t *testing.T) {
			t.Parallel()
			f := startUnder(t, p)
			objects := policy.Objects{BucketARN: "arn:aws:s3:::bucket", ViaService: "s3." + f.server.Admin.Region + ".amazonaws.com", KMSKeyARN: f.env["KMS_KEY_ARN"], SecretARN: f.env["SECRET_ARN"]}
			for accepts, want := range map[bool]function.Type{true: "", false: function.AccessDenied} {
				objects.PutIfMatch = accepts
				put := f.open(invokePut, f.as(t, objects.Put())...)
				first := f.mustCall(t, put, `{"body":"a"}`)
				event := fmt.Sprintf(`{"body":"b","ifMatch":%q}`, first["etag"])
				if _, failed, text := f.call(t, put, event); failed != want {
					t.Errorf("PutIfMatch %t: %s %s, want %s", accepts, failed, text, want)
				}
			}
		})
	}
}

// eachLess yields the statements without one action, for each action, and says
// which one that is.
func eachLess(statements []iam.Statement) iter.Seq2[string, []iam.Statement] {
	return func(yield func(string, []iam.Statement) bool) {
		for i, s := range statements {
			for j, action := range s.Action {
				if strings.HasSuffix(action, "Annotation") {
					continue // the local AWS has none
				}
				less := slices.Clone(statements)
				less[i].Action = slices.Delete(slices.Clone(s.Action), j, j+1)
				if len(less[i].Action) == 0 {
					less = slices.Delete(less, i, i+1)
				}
				if !yield(s.Sid+" "+action, less) {
					return
				}
			}
		}
	}
}

// prepare puts objects: one with two versions, and one of before the bucket had
// versions, each with a tag, under a ring that is rotated then. It returns the
// id of the first version.
func (f *functions) prepare(t *testing.T) (version string) {
	t.Helper()
	first := f.mustCall(t, f.put, `{"body":"first"}`)
	f.retag(t, "k0")
	f.mustCall(t, f.put, `{"body":"second"}`)
	f.retag(t, "k0")
	f.versioning(t, types.BucketVersioningStatusSuspended)
	f.mustCall(t, f.put, `{"key":"old","body":"old"}`)
	_, err := f.client().PutObjectTagging(t.Context(), &s3.PutObjectTaggingInput{
		Bucket: aws.String(objecttest.Bucket), Key: aws.String("old"), Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String(ssec.KeyIDTag), Value: aws.String("k0")}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	f.versioning(t, types.BucketVersioningStatusEnabled)
	if f.env["SECRET_ARN"] != "" {
		f.setSecret(t, ringOf("k1="+hex1, "k0="+hex0))
	}
	return first["versionId"].(string)
}

func (f *functions) versioning(t *testing.T, status types.BucketVersioningStatus) {
	t.Helper()
	_, err := f.client().PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: aws.String(objecttest.Bucket), VersioningConfiguration: &types.VersioningConfiguration{Status: status},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// doAll invokes a function, as a user with the statements, with everything that
// it can be asked, and says how that went.
func (f *functions) doAll(t *testing.T, v policy.Verb, version string, statements []iam.Statement) string {
	t.Helper()
	invoke := map[policy.Verb]func(context.Context, *Store, []byte) ([]byte, error){
		policy.VerbHead: invokeHead, policy.VerbList: invokeList, policy.VerbDelete: invokeDelete, policy.VerbCopy: invokeCopy, policy.VerbPresign: invokePresign,
	}[v]
	h := f.open(invoke, f.as(t, statements)...)
	reads := []string{`{}`, `{"versionId":"` + version + `"}`, `{"key":"none"}`}
	events := map[policy.Verb][]string{
		policy.VerbHead:   reads,
		policy.VerbStream: reads,
		policy.VerbList:   {`{}`, `{"versions":true}`},
		policy.VerbCopy: {
			`{"from":{"key":"test-object"},"key":"copy"}`, `{"from":{"key":"test-object","versionId":"` + version + `"},"key":"copy"}`,
			`{"from":{"key":"old"},"key":"copy"}`, `{"from":{"key":"none"},"key":"copy"}`,
			`{"from":{"key":"old"},"key":"own","createOnly":true,"requestToken":"t"}`, `{"from":{"key":"old"},"key":"own","createOnly":true,"requestToken":"t"}`,
		},
		policy.VerbPresign: {`{WITH"key":"test-object"}`, `{WITH"versionId":"` + version + `"}`, `{WITH"key":"none"}`, `{WITH"key":"new","method":"put"}`},
	}[v]
	if v == policy.VerbDelete {
		put := f.mustCall(t, f.put, `{"key":"gone","body":"b"}`)
		events = []string{fmt.Sprintf(`{"key":"gone","ifMatch":%q}`, put["etag"]), `{"key":"gone"}`}
	}
	logged := len(f.log.String())
	var said []string
	for _, event := range events {
		said = append(said, f.outcome(t, v, h, event))
	}
	if v == policy.VerbCopy && f.env["SECRET_ARN"] != "" {
		f.server.SetEncryption(t, types.EncryptionTypeSseC, nil)
		said = append(said, "blocked: "+f.outcome(t, v, h, events[0]))
		f.server.SetEncryption(t, types.EncryptionTypeNone, nil)
	}
	// A tag that cannot be read is a warning, and costs tries.
	said = append(said, fmt.Sprintf("%d warnings", strings.Count(f.log.String()[logged:], `"WARN"`)))
	return strings.Join(said, "\n")
}

// outcome says how an event went: a presigned URL is used too.
func (f *functions) outcome(t *testing.T, v policy.Verb, h *Handler, event string) string {
	t.Helper()
	with := ""
	if f.env["SECRET_ARN"] != "" {
		with = `"withKey":true,`
	}
	event = strings.Replace(event, "WITH", with, 1)
	var out []byte
	var err error
	if v == policy.VerbStream {
		var s *Stream
		if s, err = h.stream(t.Context(), json.RawMessage(event)); err == nil {
			s.Close()
		}
	} else {
		out, err = h.Invoke(t.Context(), []byte(event))
	}
	if err != nil {
		return event + ": " + err.(messages.InvokeResponse_Error).Type
	}
	if v != policy.VerbPresign {
		return event + ": ok"
	}
	var p presigned
	if err := json.Unmarshal(out, &p); err != nil {
		t.Fatal(err)
	}
	status, _ := f.send(t, p, p.Headers, "")
	return fmt.Sprintf("%s: %d", event, status)
}

// as makes a user with the statements, and returns the variables with which a
// function acts as that user.
func (f *functions) as(t *testing.T, statements []iam.Statement) []string {
	t.Helper()
	document, err := json.Marshal(policy.Document(statements...))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for name, value := range f.server.NewUser(t, string(document)) {
		list = append(list, name+"="+value)
	}
	return list
}
