package sts

import (
	"errors"
	"testing"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/identity"
)

const account = "111122223333"

var testTime = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// newService has a role that Lambda may assume for one function only.
func newService(t *testing.T) (s *Service, d *identity.Directory, role string) {
	t.Helper()
	d, err := identity.NewDirectory(func() time.Time { return testTime }, account)
	if err != nil {
		t.Fatal(err)
	}
	role, err = d.AddRole(account, "function", iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Action: iam.Strings{"sts:AssumeRole"},
		Principal: &iam.Principal{Service: iam.Strings{"lambda.amazonaws.com"}},
		Condition: iam.Condition{"ArnEquals": {"aws:SourceArn": {"arn:aws:lambda:eu-west-1:111122223333:function:f"}}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return New(Options{Directory: d, Authorizer: identity.NewAuthorizer(d, identity.NewDecisionLog(10))}), d, role
}

func lambda(source string) api.Call {
	return api.Call{
		Caller: iam.ServicePrincipal("lambda.amazonaws.com"), Region: "eu-west-1", RequestID: "id", Time: testTime, Secure: true,
		Session: []iam.Source{{Name: "someone's"}},
		Context: map[string]iam.Strings{"aws:SourceArn": {source}, "aws:SourceAccount": {account}, "aws:SecureTransport": {"true"}},
	}
}

func TestServiceAssumesARole(t *testing.T) {
	t.Parallel()
	s, _, role := newService(t)
	before := lambda("arn:aws:lambda:eu-west-1:111122223333:function:f")
	c, err := s.AssumeRole(before, role, "session")
	if err != nil {
		t.Fatal(err)
	}
	if c.Caller != iam.RoleSession(role, "session") || c.Account != account || c.Session != nil ||
		c.Region != "eu-west-1" || c.RequestID != "id" || !c.Secure || c.Context["aws:SecureTransport"] == nil {
		t.Errorf("call %+v", c)
	}
	if c.Context["aws:SourceArn"] != nil || c.Context["aws:SourceAccount"] != nil {
		t.Errorf("the session still has the service's source: %v", c.Context)
	}
	if before.Context["aws:SourceArn"] == nil {
		t.Error("the service's own call was changed")
	}
}

func TestServiceIsDeniedByTheTrustPolicy(t *testing.T) {
	t.Parallel()
	s, _, role := newService(t)
	other := lambda("arn:aws:lambda:eu-west-1:111122223333:function:f")
	other.Caller = iam.ServicePrincipal("s3.amazonaws.com")
	for name, test := range map[string]struct {
		call api.Call
		role string
	}{
		"another service": {other, role}, "another source": {lambda("arn:aws:lambda:eu-west-1:111122223333:function:g"), role}, "no such role": {lambda("arn:aws:lambda:eu-west-1:111122223333:function:f"), role + "x"},
	} {
		_, err := s.AssumeRole(test.call, test.role, "session")
		_, err2 := s.RoleCredentials(test.call, test.role, "session")
		for _, err := range []error{err, err2} {
			var e *api.Error
			if !errors.As(err, &e) || e.Code != "AccessDenied" {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestRoleCredentialsSign(t *testing.T) {
	t.Parallel()
	s, d, role := newService(t)
	k, err := s.RoleCredentials(lambda("arn:aws:lambda:eu-west-1:111122223333:function:f"), role, "session")
	if err != nil {
		t.Fatal(err)
	}
	found, ok := d.Credential(k.AccessKeyID)
	if !ok || found.Secret != k.SecretAccessKey || found.Token != k.SessionToken || found.Caller != iam.RoleSession(role, "session") ||
		!found.Expires.Equal(testTime.Add(time.Hour)) || !k.Expiration.Equal(found.Expires) {
		t.Errorf("%+v for %+v", found, k)
	}
}
