package apitest

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// UserARN is the ARN of a user.
func UserARN(account, name string) string { return "arn:aws:iam::" + account + ":user/" + name }

// Call is a call of a user: "444455556666/admin".
func Call(who, region string) api.Call {
	account, name, _ := strings.Cut(who, "/")
	return api.Call{RequestID: "r", Caller: iam.User(UserARN(account, name)), Account: account, Region: region, Secure: true}
}

var scope = regexp.MustCompile(`Credential=([^/]+/[^/]+)/[0-9]{8}/([^/]+)/`)

// Serve serves until the test ends, and gives the URL. The caller of a request
// is whom its access key id names, as Call reads it; signatures are not checked.
func Serve(t testing.TB, serve func(http.ResponseWriter, *http.Request, api.Call)) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m := scope.FindStringSubmatch(r.Header.Get("Authorization"))
		serve(w, r, Call(m[1], m[2]))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// Config is that of an SDK client which calls a server of Serve as someone.
func Config(serverURL, who, region string) aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: &serverURL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(who, "secret", ""),
	}
}

// JSON calls an operation in the AWS JSON 1.1 protocol without a network, and
// gives status and body of the answer. target is "AmazonSSM.GetParameter".
func JSON(s api.Service, c api.Call, target, body string) (int, string) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", target)
	return do(s, c, r)
}

// Query calls an operation in the query protocol without a network, with
// parameters "Name=value", and gives status and body of the answer.
func Query(s api.Service, c api.Call, action string, parameters ...string) (int, string) {
	v := url.Values{"Action": {action}}
	for _, p := range parameters {
		name, value, _ := strings.Cut(p, "=")
		v.Set(name, value)
	}
	return do(s, c, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(v.Encode())))
}

func do(s api.Service, c api.Call, r *http.Request) (int, string) {
	w := httptest.NewRecorder()
	s.Serve(w, r, c)
	return w.Code, w.Body.String()
}

// WantError checks the code of an error, of an SDK or of a service, and a part
// of its message.
func WantError(t testing.TB, err error, code, message string) {
	t.Helper()
	var e smithy.APIError
	var own *api.Error
	gotCode, gotMessage := "", ""
	switch {
	case errors.As(err, &e):
		gotCode, gotMessage = e.ErrorCode(), e.ErrorMessage()
	case errors.As(err, &own):
		gotCode, gotMessage = own.Code, own.Message
	}
	if gotCode != code || !strings.Contains(gotMessage, message) {
		t.Fatalf("error = %v; want %s with %q", err, code, message)
	}
}

// Must is the value of a call that succeeds: Must[string](t)(f()).
func Must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
