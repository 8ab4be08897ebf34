package identity

import (
	"testing"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

func TestPrincipalExists(t *testing.T) {
	t.Parallel()
	d := newDirectory(t)
	if _, err := d.AddUser(own, "u"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.AddRole(own, "r", trusting(own)); err != nil {
		t.Fatal(err)
	}
	for principal, want := range map[string]bool{
		"*":                                               true,
		own:                                               true,
		"999999999999":                                    false,
		"arn:aws:iam::" + own + ":root":                   true,
		"arn:aws:iam::999999999999:root":                  false,
		"arn:aws:iam::" + own + ":user/u":                 true,
		"arn:aws:iam::" + own + ":user/v":                 false,
		"arn:aws:iam::" + other + ":user/u":               false,
		"arn:aws:iam::" + own + ":role/r":                 true,
		"arn:aws:iam::" + own + ":role/p/r":               false, // another path
		"arn:aws:iam::" + own + ":role/u":                 false,
		"arn:aws:iam::" + own + ":group/g":                false,
		"arn:aws:sts::" + own + ":assumed-role/r/session": true,
		"arn:aws:sts::" + own + ":assumed-role/r":         false,
		"arn:aws:sts::" + own + ":assumed-role/x/session": false,
		"arn:aws:s3:::bucket":                             false,
		"":                                                false,
	} {
		if got := d.PrincipalExists(principal); got != want {
			t.Errorf("%q: %v", principal, got)
		}
	}
	policy := granting(iam.Allow, "s3:*", own).Document
	if bad := api.InvalidPrincipal(d, policy); bad != "" {
		t.Errorf("%q is invalid", bad)
	}
	policy.Statement[0].Principal.AWS = iam.Strings{own, "arn:aws:iam::" + own + ":role/later"}
	if bad := api.InvalidPrincipal(d, policy); bad != "arn:aws:iam::"+own+":role/later" {
		t.Errorf("%q is invalid", bad)
	}
}

func TestKeyDiesWithItsOwner(t *testing.T) {
	t.Parallel()
	d := newDirectory(t)
	k, err := d.AddUser(own, "u")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := d.Credential(k.AccessKeyID); !ok {
		t.Fatal("the new key isn't found")
	}
	delete(d.accounts[own].users, "u")
	if _, ok := d.Credential(k.AccessKeyID); ok {
		t.Error("the key outlives its user")
	}
	if _, err := d.AddUser(own, "u"); err != nil {
		t.Fatal(err)
	}
	if _, ok := d.Credential(k.AccessKeyID); ok {
		t.Error("a new user of the same name inherits the key")
	}
}

func TestExpiredSessionsAreForgottenAfterADay(t *testing.T) {
	t.Parallel()
	now := testTime
	d, err := NewDirectory(func() time.Time { return now }, own)
	if err != nil {
		t.Fatal(err)
	}
	role, err := d.AddRole(own, "r", trusting(own))
	if err != nil {
		t.Fatal(err)
	}
	issue := func() api.Credentials {
		t.Helper()
		k, err := d.IssueSession(role, "s", time.Hour, nil)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	first := issue()
	now = now.Add(24 * time.Hour)
	issue()
	if _, ok := d.Credential(first.AccessKeyID); !ok {
		t.Error("forgotten within a day: its holder would not learn that it is expired")
	}
	now = now.Add(2 * time.Hour)
	issue()
	if _, ok := d.Credential(first.AccessKeyID); ok {
		t.Error("kept for ever")
	}
}

func TestBadAccounts(t *testing.T) {
	t.Parallel()
	for name, accounts := range map[string][]string{
		"letters": {"11112222333a"}, "short": {"1111"}, "twice": {own, own}, "empty": {""},
	} {
		if _, err := NewDirectory(time.Now, accounts...); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
