package function

import (
	"testing"

	"github.com/aws/smithy-go"
)

func TestADenialIsCutAfterTheResource(t *testing.T) {
	t.Parallel()
	const who = "User: arn:aws:sts::111122223333:assumed-role/put/f is not authorized to perform: s3:PutObject"
	const on = who + ` on resource: "arn:aws:s3:::bucket/a key"`
	for message, want := range map[string]string{
		who:                    who,
		who + " secret":        who,
		on:                     on,
		on + " secret":         on,
		on + " because secret": on,
		who + ` on resource: arn:aws:s3:::bucket/key because no identity-based policy allows the s3:PutObject action`: who + ` on resource: "arn:aws:s3:::bucket/key" because no identity-based policy allows the s3:PutObject action`,
		on + " with an explicit deny in a service control policy: secret":                                             on + " with an explicit deny in a service control policy",
		who + " on resource: secret": who,
		"secret":                     "",
		"User: secret is not authorized to perform: s3:PutObject":       "",
		"User: arn:a secret is not authorized to perform: s3:PutObject": "",
		"User: arn:a is not authorized to perform: secret/key":          "",
	} {
		if want != "" {
			want = ": " + want
		}
		want = "AWS answered AccessDenied (status 0, request id )" + want
		if got := Describe(&smithy.GenericAPIError{Code: "AccessDenied", Message: message}); got != want {
			t.Errorf("%s:\n got %s\nwant %s", message, got, want)
		}
	}
	if got := Describe(&smithy.GenericAPIError{Code: "InvalidRequest", Message: on}); got != "AWS answered InvalidRequest (status 0, request id )" {
		t.Errorf("another code: %s", got)
	}
}
