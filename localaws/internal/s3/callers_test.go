package s3

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/s3seal/s3seal/iam"
)

// client is a client of a caller, over TLS.
func (w *world) client(c iam.Caller, region string) *sdk.Client {
	return w.clientTo(w.tls, c, region)
}

func (w *world) clientTo(server *httptest.Server, c iam.Caller, region string) *sdk.Client {
	w.mu.Lock()
	id := fmt.Sprintf("AKID%d", len(w.callers))
	w.callers[id] = c
	w.mu.Unlock()
	return sdk.New(sdk.Options{
		Region: region, BaseEndpoint: aws.String(server.URL), UsePathStyle: true, HTTPClient: server.Client(),
		Credentials: credentials.NewStaticCredentialsProvider(id, "secret", ""), RetryMaxAttempts: 1,
		DisableLogOutputChecksumValidationSkipped: true,
	})
}

func (w *world) root(account string) *sdk.Client {
	return w.client(iam.AccountRoot(account), tokyo)
}

// user makes a user with one policy of these statements.
func (w *world) user(account, name string, statements ...iam.Statement) iam.Caller {
	w.t.Helper()
	var policies []iam.Document
	if len(statements) > 0 {
		policies = append(policies, iam.Document{Version: iam.Version, Statement: statements})
	}
	if _, err := w.directory.AddUser(account, name, policies...); err != nil {
		w.t.Fatal(err)
	}
	return iam.User("arn:aws:iam::" + account + ":user/" + name)
}

func allow(actions, resources iam.Strings) iam.Statement {
	return iam.Statement{Effect: iam.Allow, Action: actions, Resource: resources}
}

// codeOfSDK is the code of an error that a client got; "" if it got none.
func codeOfSDK(err error) string {
	var e smithy.APIError
	if errors.As(err, &e) {
		return e.ErrorCode()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// refused fails unless err is the error with this status and code. HEAD has
// no code.
func (w *world) refused(err error, status int, code, message string) {
	w.t.Helper()
	var http interface{ HTTPStatusCode() int }
	var e smithy.APIError
	switch {
	case err == nil:
		w.t.Fatalf("no error, want %d %s", status, code)
	case !errors.As(err, &http) || http.HTTPStatusCode() != status:
		w.t.Fatalf("%v, want status %d %s", err, status, code)
	case code != "" && (!errors.As(err, &e) || e.ErrorCode() != code):
		w.t.Fatalf("%v, want code %s", err, code)
	case message != "" && !strings.Contains(e.ErrorMessage(), message):
		w.t.Fatalf("message %q, want one with %q", e.ErrorMessage(), message)
	}
}
