package localaws_test

import (
	"bytes"
	"context"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/localaws"
)

// TestFormSignedByTheSDK goes through the front door: the SDK signs a form, and a
// browser without credentials sends it.
func TestFormSignedByTheSDK(t *testing.T) {
	t.Parallel()
	const account = "111122223333"
	log := new(logged)
	server, err := localaws.Start(localaws.Options{Accounts: []string{account}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	ctx, bucket, key := context.Background(), aws.String("forms"), aws.String("from/a browser.txt")
	client := s3.NewFromConfig(server.Config(server.Credentials(account)))
	if _, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: bucket}); err != nil {
		t.Fatal(err)
	}
	signed, err := s3.NewPresignClient(client).PresignPostObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key}, func(o *s3.PresignPostOptions) {
		o.Expires = time.Minute
		o.Conditions = []any{[]any{"content-length-range", 1, 10}}
	})
	if err != nil {
		t.Fatal(err)
	}
	post := func(edit func(map[string]string), text string) int {
		fields := maps.Clone(signed.Values)
		edit(fields)
		status, _ := postForm(t, server, signed.URL, fields, text)
		return status
	}
	for name, e := range map[string]struct {
		edit func(map[string]string)
		text string
		want int
	}{
		"as signed":      {func(map[string]string) {}, "text", http.StatusNoContent},
		"too long":       {func(map[string]string) {}, "a longer text", http.StatusBadRequest},
		"another key":    {func(f map[string]string) { f["key"] = "other" }, "text", http.StatusForbidden},
		"another policy": {func(f map[string]string) { f["policy"] = f["policy"][:len(f["policy"])-4] + "fQ==" }, "text", http.StatusForbidden},
		"a field added":  {func(f map[string]string) { f["x-amz-meta-a"] = "b" }, "text", http.StatusForbidden},
	} {
		if got := post(e.edit, e.text); got != e.want {
			t.Errorf("%s: %d, want %d", name, got, e.want)
		}
	}
	if _, err := client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: key}); err != nil {
		t.Error(err)
	}
	done(t, server.Close())
	for _, want := range []string{ // the browser itself is anonymous
		" 400 EntityTooLarge: s3:PostObject on arn:aws:s3:::forms/from/a browser.txt by arn:aws:iam::111122223333:user/administrator, request ",
		" 403 SignatureDoesNotMatch: s3:PostObject on /forms by anonymous, request ",
	} {
		if !strings.Contains(log.text.String(), want) {
			t.Errorf("no %q in the log:\n%s", want, log.text.String())
		}
	}
}

// postForm sends a form with a file, as a browser does.
func postForm(t *testing.T, s *localaws.Server, url string, fields map[string]string, text string) (int, string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", "any.txt")
	if err == nil {
		_, err = part.Write([]byte(text))
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.HTTPClient().Post(url, form.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(answer)
}
