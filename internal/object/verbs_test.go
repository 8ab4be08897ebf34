package object

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/function"
)

var (
	invokeHead    = answering((*Store).Head)
	invokeList    = answering((*Store).List)
	invokeDelete  = answering((*Store).Delete)
	invokeCopy    = answering((*Store).Copy)
	invokePresign = answering((*Store).Presign)
)

// startUnder is start with the key that the pattern asks for, named.
func startUnder(t testing.TB, pattern encryption.Pattern) *functions {
	f := start(t, pattern)
	if pattern.Traits().Key == encryption.CustomerManaged {
		f.env["KMS_KEY_ARN"] = f.newKey(t)
		f.put, f.get = f.open(invokePut), f.open(invokeGet)
	}
	return f
}

func eachPattern(t *testing.T, test func(*testing.T, *functions, encryption.Pattern)) {
	for _, p := range encryption.Patterns() {
		t.Run(string(p), func(t *testing.T) {
			t.Parallel()
			test(t, startUnder(t, p), p)
		})
	}
}

// client is the administrator's.
func (f *functions) client() *s3.Client { return s3.NewFromConfig(f.server.Admin) }

func TestHeadSaysWhatAGetWould(t *testing.T) {
	t.Parallel()
	eachPattern(t, func(t *testing.T, f *functions, _ encryption.Pattern) {
		head := f.open(invokeHead)
		put := f.mustCall(t, f.put, `{"key":"a/b","body":"first","contentType":"text/x"}`)
		f.mustCall(t, f.put, `{"key":"a/b","body":"second one"}`)
		for _, event := range []string{`{"key":"a/b"}`, fmt.Sprintf(`{"key":"a/b","versionId":%q}`, put["versionId"])} {
			got, want := f.mustCall(t, head, event), f.mustCall(t, f.get, event)
			for _, field := range []string{"bucket", "key", "versionId", "etag", "encryption", "kmsKeyArn", "keyId", "size", "contentType"} {
				if got[field] != want[field] {
					t.Errorf("event %s: %s is %v, and get says %v", event, field, got[field], want[field])
				}
			}
			if got["storageClass"] != "STANDARD" || got["lastModified"] == nil {
				t.Errorf("event %s: %v", event, got)
			}
		}
		for event, want := range map[string]function.Type{
			`{"key":"none"}`:                 function.ObjectNotFound,
			`{"key":"a/b","versionId":"no"}`: function.BadRequest,
			`{"versions":true}`:              function.BadRequest,
		} {
			if _, failed, text := f.call(t, head, event); failed != want {
				t.Errorf("event %s: %s: %s; want %s", event, failed, text, want)
			}
		}
	})
}

// After a rotation head and copy find the old key by the tag.
func TestHeadFindsTheKey(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusForbidden, http.StatusBadRequest} {
		f := start(t, encryption.SSEC)
		f.mustCall(t, f.put, `{}`)
		f.setSecret(t, ringOf("k1="+hex1, "k0="+hex0))
		f.answerWrongKeys(status)
		f.calls()
		if got := f.mustCall(t, f.open(invokeHead), `{}`); got["keyId"] != "k0" {
			t.Errorf("head: %v", got)
		}
		if got, want := f.calls(), "GetSecretValue 1 HeadObject 1 GetObjectTagging 1"; got != want {
			t.Errorf("calls %s, want %s", got, want)
		}
		f.retag(t)
		if got := f.mustCall(t, f.open(invokeHead), `{}`); got["keyId"] != "k0" {
			t.Errorf("head without the tag: %v", got)
		}
		f.setSecret(t, ringOf("k1="+hex1))
		if _, failed, text := f.call(t, f.open(invokeHead), `{}`); failed != function.NoMatchingKey {
			t.Errorf("without the key: %s: %s", failed, text)
		}
	}
}

func TestAFunctionWithoutKeysSaysSoOfAnSSECObject(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	f.mustCall(t, f.put, `{}`)
	head := f.open(invokeHead, "ENCRYPTION=sse-s3")
	if _, failed, text := f.call(t, head, `{}`); failed != function.NoMatchingKey {
		t.Errorf("%s: %s", failed, text)
	}
}

func TestListGoesThroughThePages(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSES3)
	list, remove := f.open(invokeList), f.open(invokeDelete)
	keys := []string{"a +%/é", "a\u0001\"<", "b/1", "b/2", "c"}
	slices.Sort(keys)
	for _, k := range keys {
		for range 2 {
			if _, err := f.put.store.Put(t.Context(), PutRequest{Key: k}); err != nil {
				t.Fatal(err)
			}
		}
	}
	f.mustCall(t, remove, `{"key":"c"}`)
	pages := func(fields string) (lines []string) {
		event := "{" + fields + `"maxKeys":2}`
		for range 20 {
			page := f.mustCall(t, list, event)
			for _, o := range page["objects"].([]any) {
				o := o.(map[string]any)
				line := o["key"].(string)
				if o["deleteMarker"] == true {
					line += " marker"
				}
				if o["latest"] == true {
					line += " latest"
				}
				lines = append(lines, line)
			}
			token, ok := page["continuationToken"]
			if !ok {
				return lines
			}
			event = fmt.Sprintf(`{%s"maxKeys":2,"continuationToken":%q}`, fields, token)
		}
		t.Fatal("the list has no end")
		return nil
	}
	if got := pages(""); !slices.Equal(got, keys[:4]) {
		t.Errorf("objects %q", got)
	}
	var versions []string
	for _, k := range keys[:4] {
		versions = append(versions, k+" latest", k)
	}
	versions = append(versions, "c marker latest", "c", "c")
	if got := pages(`"versions":true,`); !slices.Equal(got, versions) {
		t.Errorf("versions %q, want %q", got, versions)
	}
	if got := pages(`"prefix":"b/",`); !slices.Equal(got, keys[2:4]) {
		t.Errorf("under b/: %q", got)
	}
	after := f.mustCall(t, list, `{"startAfter":"b/1","delimiter":"/"}`)
	if got := fmt.Sprint(after["prefixes"], len(after["objects"].([]any))); got != "[b/] 0" {
		t.Errorf("with a delimiter: %s", got)
	}
}

func TestDeleteLeavesAMarker(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	remove := f.open(invokeDelete)
	put := f.mustCall(t, f.put, `{}`)
	for event, want := range map[string]function.Type{
		`{"key":"test-object","ifMatch":"0123456789abcdef0123456789abcdef"}`: function.Conflict,
		`{"key":"none","ifMatch":"*"}`:                                       function.ObjectNotFound,
	} {
		if _, failed, text := f.call(t, remove, event); failed != want {
			t.Errorf("event %s: %s: %s", event, failed, text)
		}
	}
	f.mustCall(t, f.get, `{}`)
	got := f.mustCall(t, remove, fmt.Sprintf(`{"key":"test-object","ifMatch":%q}`, put["etag"]))
	if got["deleteMarker"] != true || got["versionId"] == nil || got["versionId"] == put["versionId"] {
		t.Errorf("delete answered %v", got)
	}
	if _, failed, _ := f.call(t, f.get, `{}`); failed != function.ObjectNotFound {
		t.Errorf("after the delete: %q", failed)
	}
	if old := f.mustCall(t, f.get, fmt.Sprintf(`{"versionId":%q}`, put["versionId"])); old["body"] != "s3seal!" {
		t.Errorf("the version: %v", old)
	}
	if again := f.mustCall(t, remove, `{"key":"test-object"}`); again["deleteMarker"] != true {
		t.Errorf("a second delete: %v", again)
	}
}

func TestBadEventsOfTheOtherVerbs(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	long := strings.Repeat("k", 1025)
	for _, c := range []struct {
		verb        func(context.Context, *Store, []byte) ([]byte, error)
		event, want string
	}{
		{invokeHead, `[]`, `the event is a JSON array: want an object with the fields key, versionId`},
		{invokeHead, `{"key":1}`, `"key" is a JSON number: want a string`},
		{invokeHead, `{"range":"bytes=0-1"}`, `unknown field: want key, versionId`},
		{invokeHead, `{"key":"` + long + `"}`, `"key" has 1025 bytes`},
		{invokeHead, `{"versionId":"` + long + `"}`, `"versionId" has 1025 bytes`},
		{invokeHead, `{"key"`, `the event is not JSON`},
		{invokeList, `{"maxKeys":"7"}`, `"maxKeys" is a JSON string: want a whole number`},
		{invokeList, `{"maxKeys":1.5}`, `"maxKeys" is a JSON number: want a whole number`},
		{invokeList, `{"maxKeys":0}`, `"maxKeys" is 0: want 1 to 1000`},
		{invokeList, `{"maxKeys":1001}`, `want 1 to 1000`},
		{invokeList, `{"startAfter":"a","continuationToken":"b"}`, `send one`},
		{invokeList, `{"versions":true,"continuationToken":"b"}`, `"continuationToken" is none`},
		{invokeList, `{"continuationToken":"b"}`, `AWS answered InvalidArgument`},
		{invokeDelete, `{}`, `the event has no "key"`},
		{invokeDelete, ``, `the event has no "key"`},
		{invokeDelete, `{"key":"a","versionId":"v"}`, `unknown field: want key, ifMatch`},
		{invokeDelete, `{"key":"a","ifMatch":"\u0007"}`, `want an ETag`},
		{invokeDelete, `{"key":"` + long + `"}`, `"key" has 1025 bytes`},
		{invokeCopy, `{}`, `the event has no "from.key"`},
		{invokeCopy, `{"from":{"key":"a"}}`, `the event has no "key"`},
		{invokeCopy, `{"from":"a","key":"b"}`, `"from" is a JSON string: want an object with the fields key, versionId`},
		{invokeCopy, `{"from":{"key":"a","bucket":"x"},"key":"b"}`, `unknown field`},
		{invokeCopy, `{"from":{"key":7},"key":"b"}`, `"key" is a JSON number: want a string`},
		{invokeCopy, `{"from":{"key":"a"},"key":"b","ifMatch":"x","createOnly":true}`, `send one`},
		{invokeCopy, `{"from":{"key":"a"},"key":"b","ifMatch":"*"}`, `want an ETag`},
		{invokePresign, `{"method":"delete"}`, `"method" is "delete": want "get" or "put"`},
		{invokePresign, `{"method":"put","versionId":"v"}`, `"versionId" is for "get"`},
		{invokePresign, `{"contentType":"text/x"}`, `are for "put"`},
		{invokePresign, `{"createOnly":true}`, `are for "put"`},
		{invokePresign, `{"method":"put","contentType":"a\r\nb"}`, `printable ASCII`},
		{invokePresign, `{"expiresIn":0}`, `"expiresIn" is 0: want 1 to 43200 seconds`},
		{invokePresign, `{"expiresIn":43201}`, `want 1 to 43200 seconds`},
		{invokePresign, `{"expiresIn":"1h"}`, `"expiresIn" is a JSON string: want a whole number`},
	} {
		_, failed, text := f.call(t, f.open(c.verb), c.event)
		if failed != function.BadRequest || !strings.Contains(text, c.want) {
			t.Errorf("event %.60s: %s: %s; want %q", c.event, failed, text, c.want)
		}
	}
	if _, failed, text := f.call(t, f.open(invokePresign, "ENCRYPTION=sse-s3"), `{"withKey":true}`); failed != function.BadRequest {
		t.Errorf("withKey without SSE-C: %s: %s", failed, text)
	}
}
