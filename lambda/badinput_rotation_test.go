package lambda

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/object/objecttest"
)

// A badRotation is a state of the secret in which a step fails.
type badRotation struct {
	name, step, want string
	pending          string // the text of AWSPENDING; <parent> is the version of AWSCURRENT
	current          string // what AWSCURRENT is edited to before
	token            string // in place of the pending version's
	calls            string // that meet the fault
	fault            *objecttest.Fault
	setUp            func(*testing.T, *objecttest.Server)
	givesUp          bool // AWSPENDING is taken off the version
}

const rotated = `{"v":1,"primary":"k1","parent":"<parent>","k0":"` + digits + `","k1":"` + other + `"}`

var badRotations = []badRotation{
	{name: "unknown step", step: "dropSecret", want: "BadRequest"},
	{name: "step in another case", step: "CreateSecret", want: "BadRequest"},
	{name: "no token", step: "createSecret", want: "BadRequest", token: " "},
	{name: "foreign token", step: "createSecret", want: "BadRequest", token: token(7)},
	{name: "foreign token", step: "finishSecret", want: "BadRequest", token: token(7)},
	{name: "current is no ring", step: "createSecret", want: "BadSecret", current: `{"v":1,"k0":"` + digits + `"}`},
	{name: "current lacks a key of previous", step: "createSecret", want: "KeyLost", current: onlyK1},
	{name: "full ring", step: "createSecret", want: "RingFull", current: fullRing()},
	{name: "pending is no ring", step: "createSecret", want: "BadSecret", pending: digits, givesUp: true},
	{name: "pending is no ring", step: "testSecret", want: "BadSecret", pending: `{"v":1,"k0":"` + digits + `"}`},
	{name: "pending is no ring", step: "finishSecret", want: "BadSecret", pending: `{"k0":"` + digits + `"}`, givesUp: true},
	{name: "pending lacks a key", step: "createSecret", want: "KeyLost", pending: strings.Replace(rotated, `"k0":"`+digits+`",`, "", 1), givesUp: true},
	{name: "pending lacks a key", step: "testSecret", want: "KeyLost", pending: strings.Replace(rotated, `"k0":"`+digits+`",`, "", 1)},
	{name: "pending lacks a key", step: "finishSecret", want: "KeyLost", pending: strings.Replace(rotated, `"k0":"`+digits+`",`, "", 1), givesUp: true},
	{name: "pending has another key", step: "finishSecret", want: "KeyLost", pending: strings.Replace(rotated, digits, third, 1), givesUp: true},
	{name: "pending has another parent", step: "createSecret", want: "Conflict", pending: strings.Replace(rotated, "<parent>", "not-a-key-00000000", 1), givesUp: true},
	{name: "pending has another parent", step: "testSecret", want: "Conflict", pending: strings.Replace(rotated, "<parent>", "not-a-key-00000000", 1)},
	{name: "pending has another parent", step: "finishSecret", want: "Conflict", pending: strings.Replace(rotated, "<parent>", "not-a-key-00000000", 1), givesUp: true},
	{name: "pending has no parent", step: "finishSecret", want: "Conflict", pending: added, givesUp: true},
	{name: "pending has no new key", step: "finishSecret", want: "Conflict", pending: `{"v":1,"primary":"k0","parent":"<parent>","k0":"` + digits + `"}`, givesUp: true},
	{name: "pending has two new keys", step: "finishSecret", want: "Conflict", pending: strings.Replace(rotated, `"k0":`, `"k2":"`+third+`","k0":`, 1), givesUp: true},
	{name: "pending holds nothing", step: "finishSecret", want: "Conflict"},
	{name: "the bucket blocks SSE-C", step: "testSecret", want: "AccessDenied", pending: rotated, setUp: func(t *testing.T, s *objecttest.Server) {
		s.SetEncryption(t, types.EncryptionTypeSseC, nil)
	}},
	{name: "S3 denies", step: "testSecret", want: "AccessDenied", pending: rotated, calls: "CreateMultipartUpload", fault: &objecttest.Fault{Status: 403, Code: "AccessDenied", Message: digits}},
	{name: "S3 denies the part", step: "testSecret", want: "AccessDenied", pending: rotated, calls: "UploadPart", fault: &objecttest.Fault{Status: 403, Code: "AccessDenied", Message: digits}},
	{name: "S3 breaks", step: "testSecret", want: "Unavailable", pending: rotated, calls: "UploadPart", fault: &objecttest.Fault{Status: 500, Code: "InternalError", Message: digits}},
	{name: "the secret is denied", step: "createSecret", want: "SecretAccessDenied", calls: "GetSecretValue", fault: &objecttest.Fault{Status: 400, Code: "AccessDeniedException", Message: digits}},
	{name: "the secret's answer breaks off", step: "createSecret", want: "Unavailable", calls: "GetSecretValue", fault: &objecttest.Fault{Cut: true}},
	{name: "the version is not written", step: "createSecret", want: "Throttled", calls: "PutSecretValue", fault: &objecttest.Fault{Status: 400, Code: "ThrottlingException", Message: digits}},
	{name: "the version is refused", step: "createSecret", want: "SecretAccessDenied", calls: "PutSecretValue", fault: &objecttest.Fault{Status: 400, Code: "AccessDeniedException", Message: digits}},
	{name: "the label is not moved", step: "finishSecret", want: "SecretAccessDenied", pending: rotated, calls: "UpdateSecretVersionStage", fault: &objecttest.Fault{Status: 400, Code: "AccessDeniedException", Message: digits}},
	{name: "the label is not moved", step: "finishSecret", want: "Unavailable", pending: rotated, calls: "UpdateSecretVersionStage", fault: &objecttest.Fault{Status: 500, Code: "InternalServiceError", Message: digits}},
}

// fullRing has no room for one more key.
func fullRing() string {
	text := strings.TrimSuffix(onlyK0, "}")
	for i := 0; len(text) < 65_400; i++ {
		text += fmt.Sprintf(`,"f%d":"%064x"`, i, i+1)
	}
	return text + "}"
}

// A failed step leaves AWSCURRENT where it is, and no version loses a label but
// AWSPENDING.
func TestBadRotations(t *testing.T) {
	t.Parallel()
	for _, c := range badRotations {
		t.Run(c.step+" "+c.name, func(t *testing.T) {
			t.Parallel()
			server, env := environment(t)
			put := startFunction(t, "put", env...)
			put.put(t, "a")
			secrets := []string{onlyK0, c.pending, c.current}
			if c.current != "" {
				edit(t, server, c.current)
			}
			announce(t, server, token(1))
			client := secretsmanager.NewFromConfig(server.Admin)
			if c.pending != "" {
				now, err := client.GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: &server.SecretARN, VersionStage: aws.String("AWSCURRENT")})
				if err != nil {
					t.Fatal(err)
				}
				text := strings.Replace(c.pending, "<parent>", *now.VersionId, 1)
				if _, err := client.PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{
					SecretId: &server.SecretARN, ClientRequestToken: aws.String(token(1)), SecretString: &text, VersionStages: []string{"AWSPENDING"},
				}); err != nil {
					t.Fatal(err)
				}
			}
			if c.setUp != nil {
				c.setUp(t, server)
			}
			before := labels(t, server)
			server.Lock()
			server.Fault = func(operation string) *objecttest.Fault {
				if operation == c.calls {
					return c.fault
				}
				return nil
			}
			server.Unlock()
			rotate := startRotate(t, env)
			id := token(1)
			if c.token != "" {
				id = strings.TrimSpace(c.token)
			}
			a := rotate.invoke(t, step(server, c.step, id))
			server.Lock()
			server.Fault = nil
			server.Unlock()
			checkFailure(t, c.name, c.want, a)
			if c.givesUp {
				before[token(1)] = ""
			}
			after := labels(t, server)
			for version, label := range before {
				if after[version] != label {
					t.Errorf("the version %s had the labels %q, and has %q", version, label, after[version])
				}
			}
			checkNoSecret(t, secrets, []string{a.body, rotate.output.String(), put.output.String()})
			if c.current == "" {
				checkRead(t, startFunction(t, "get", env...), "a")
			}
		})
	}
}
