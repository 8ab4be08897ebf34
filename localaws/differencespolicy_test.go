package localaws_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/localaws"
)

// policyDifferences are about what a policy may say, and when it counts.
var policyDifferences = map[string]func(*testing.T){
	"A change of a policy, role or bucket counts at once": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		c := withBucket(t, s, "acme")
		put(t, c, "acme", "k", nil)
		get := func() error {
			_, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("acme"), Key: aws.String("k")})
			return err
		}
		for range 20 {
			setPolicy(t, s, `"Effect":"Deny","Principal":"*","Action":"s3:GetObject",`+onObjects)
			if err := get(); code(err) != "AccessDenied" {
				t.Errorf("denied: %v", err)
			}
			if status, answer := call(t, s, "s3", "DELETE /acme?policy", ""); status != 204 {
				t.Fatal(answer)
			}
			if err := get(); err != nil {
				t.Errorf("no longer denied: %v", err)
			}
		}
	},

	"A resource policy that names a role admits a later role of the same name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		put(t, withBucket(t, s, "acme"), "acme", "k", nil)
		role, err := s.AddRole(source, "reader", trust(source))
		if err != nil {
			t.Fatal(err)
		}
		setPolicy(t, s, `"Effect":"Allow","Principal":{"AWS":"`+role+`"},"Action":"s3:GetObject",`+onObjects)
		if err := s.RemoveRole(source, "reader"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.AddRole(source, "reader", trust(source)); err != nil {
			t.Fatal(err)
		}
		k, err := s.SessionCredentials(role, "later", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s3.NewFromConfig(config(s, k)).GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("acme"), Key: aws.String("k")}); err != nil {
			t.Error(err)
		}
		if _, policy := call(t, s, "s3", "GET /acme?policy", ""); !strings.Contains(policy, role) {
			t.Errorf("the policy does not name the role: %s", policy)
		}
	},

	"Accounts are those that the server was started with; a policy that names another is refused": answers(
		at{"bucket", `"Principal":{"AWS":"210987654321"},"Action":"s3:GetObject",` + onObjects, 400},
		at{"bucket", `"Principal":{"AWS":"` + replica + `"},"Action":"s3:GetObject",` + onObjects, 204},
		at{"trust", `"Principal":{"AWS":"210987654321"},"Action":"sts:AssumeRole"`, 400},
		at{"key", `{"Statement":[` + byAccount + `,{"Effect":"Allow","Principal":{"AWS":"210987654321"},"Action":"kms:Decrypt","Resource":"*"}]}`, 400},
		at{"secret", `"Principal":{"AWS":"210987654321"},"Action":"secretsmanager:GetSecretValue","Resource":"*"`, 400},
	),

	"An action or condition key that S3 did not have in September 2026 is refused in a bucket policy": answers(
		at{"bucket", ofAccount + `,"Action":"s3:FoldObjectIntoPaper",` + onObjects, 400},
		at{"bucket", ofAccount + `,"Action":"s3:GetObject",` + onObjects + `,"Condition":{"StringEquals":{"s3:PaperSize":"A4"}}`, 400},
	),

	"A service principal is refused in a policy if it has no suffix or a misspelt one (`s3`, `s3.amazonaws`), and accepted otherwise": answers(
		at{"trust", `"Principal":{"Service":"nothing"},"Action":"sts:AssumeRole"`, 400},
		at{"trust", `"Principal":{"Service":"s3.amazonaws"},"Action":"sts:AssumeRole"`, 400},
		at{"trust", `"Principal":{"Service":"nothing.amazonaws.com"},"Action":"sts:AssumeRole"`, 200},
		at{"bucket", `"Principal":{"Service":"nothing.amazonaws.com"},"Action":"s3:GetObject",` + onObjects, 204},
	),

	"A statement of a key policy without `Action` is refused": answers(
		at{"key", `{"Statement":[` + byAccount + `,{"Effect":"Allow",` + ofAccount + `,"Resource":"*"}]}`, 400},
	),
}

// at is where a policy is put, and the status of the answer.
type at struct {
	to, policy string
	status     int
}

func answers(rows ...at) func(*testing.T) {
	return func(t *testing.T) {
		t.Parallel()
		s := policyWorld(t)
		for _, row := range rows {
			if status, body := attachments[row.to].put(t, s, whole(row.policy)); status != row.status {
				t.Errorf("%s: %d %s, want %d", row.policy, status, body, row.status)
			}
		}
	}
}

// setPolicy gives the bucket acme a policy of one statement.
func setPolicy(t *testing.T, s *localaws.Server, statement string) {
	t.Helper()
	if status, answer := call(t, s, "s3", "PUT /acme?policy", `{"Version":"2012-10-17","Statement":[{`+statement+`}]}`); status != 204 {
		t.Fatal(answer)
	}
}
