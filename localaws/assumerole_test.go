package localaws_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws"
)

func assume(ctx context.Context, c *sts.Client, role string, change ...func(*sts.AssumeRoleInput)) (localaws.Credentials, error) {
	in := &sts.AssumeRoleInput{RoleArn: &role, RoleSessionName: aws.String("session")}
	for _, f := range change {
		f(in)
	}
	out, err := c.AssumeRole(ctx, in)
	if err != nil {
		return localaws.Credentials{}, err
	}
	k := out.Credentials
	return localaws.Credentials{AccessKeyID: *k.AccessKeyId, SecretAccessKey: *k.SecretAccessKey, SessionToken: *k.SessionToken, Expiration: *k.Expiration}, nil
}

// TestAssumeRoleNeedsBothSides: who may assume which role.
//
// Source: IAM user guide, reference_policies_evaluation-logic-cross-account and
// id_roles_create_for-user.
func TestAssumeRoleNeedsBothSides(t *testing.T) {
	t.Parallel()
	s := start(t)
	may := statement(iam.Allow, "sts:AssumeRole", "*")
	users := map[string]localaws.Credentials{}
	for _, u := range []struct {
		account, name string
		policies      []iam.Document
	}{
		{source, "with", []iam.Document{may}}, {source, "without", nil},
		{replica, "with", []iam.Document{may}}, {replica, "without", nil},
		{source, "forbidden", []iam.Document{may, statement(iam.Deny, "sts:AssumeRole", "*")}},
	} {
		k, err := s.AddUser(u.account, u.name, u.policies...)
		if err != nil {
			t.Fatal(err)
		}
		users[u.account+" "+u.name] = k
	}
	user := func(account, name string) string { return "arn:aws:iam::" + account + ":user/" + name }
	external := trust(replica)
	external.Statement[0].Condition = iam.Condition{"StringEquals": {"sts:ExternalId": {"secret"}}}
	noExternal := trust(source)
	noExternal.Statement[0].Condition = iam.Condition{"Null": {"sts:ExternalId": {"true"}}} // as the CDK's bootstrap roles
	for name, document := range map[string]iam.Document{
		"own-account": trust(source), "own-user": trust(user(source, "without")),
		"other-account": trust(replica), "other-user": trust(user(replica, "without"), user(replica, "with")),
		"external": external, "no-external": noExternal,
		"service": {Version: iam.Version, Statement: []iam.Statement{{Effect: iam.Allow, Action: iam.Strings{"sts:AssumeRole"},
			Principal: &iam.Principal{Service: iam.Strings{"lambda.amazonaws.com"}}}}},
	} {
		if _, err := s.AddRole(source, name, document); err != nil {
			t.Fatal(err)
		}
	}
	id := func(in *sts.AssumeRoleInput) { in.ExternalId = aws.String("secret") }
	tests := map[string]struct {
		user, role string
		change     func(*sts.AssumeRoleInput)
		allowed    bool
	}{
		"own account trusted, user may":          {source + " with", "own-account", nil, true},
		"own account trusted, user may not":      {source + " without", "own-account", nil, false},
		"own account trusted, user denied":       {source + " forbidden", "own-account", nil, false},
		"own user trusted by name needs no more": {source + " without", "own-user", nil, true},
		"own user not named":                     {source + " with", "own-user", nil, false},
		"other account trusted, user may":        {replica + " with", "other-account", nil, true},
		"other account trusted, user may not":    {replica + " without", "other-account", nil, false},
		"other user named, may":                  {replica + " with", "other-user", nil, true},
		"other user named, may not":              {replica + " without", "other-user", nil, false},
		"account that isn't trusted":             {replica + " with", "own-account", nil, false},
		"external id given":                      {replica + " with", "external", id, true},
		"external id missing":                    {replica + " with", "external", nil, false},
		"external id forbidden, none given":      {source + " with", "no-external", nil, true},
		"external id forbidden, given":           {source + " with", "no-external", id, false},
		"role of a service":                      {source + " with", "service", nil, false},
		"role that doesn't exist":                {source + " with", "none", nil, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var changes []func(*sts.AssumeRoleInput)
			if test.change != nil {
				changes = append(changes, test.change)
			}
			role := "arn:aws:iam::" + source + ":role/" + test.role
			k, err := assume(t.Context(), stsClient(s, users[test.user]), role, changes...)
			if !test.allowed {
				if code(err) != "AccessDenied" || !strings.Contains(err.Error(), "is not authorized to perform: sts:AssumeRole on resource: "+role) {
					t.Fatalf("want AccessDenied, have %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			out, err := stsClient(s, k).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
			if err != nil {
				t.Fatal(err)
			}
			if want := "arn:aws:sts::" + source + ":assumed-role/" + test.role + "/session"; *out.Arn != want || *out.Account != source || !strings.HasSuffix(*out.UserId, ":session") {
				t.Errorf("caller %s, id %s", *out.Arn, *out.UserId)
			}
		})
	}
}

func TestSessionsExpire(t *testing.T) {
	t.Parallel()
	// The client's clock stands between the server's two times, so that its
	// signatures are never too old.
	now := clock{offset: -14 * time.Minute}
	s := start(t, func(o *localaws.Options) { o.Now = now.now })
	role, err := s.AddRole(source, "r", trust(source))
	if err != nil {
		t.Fatal(err)
	}
	k, err := assume(t.Context(), stsClient(s, s.Credentials(source)), role, func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(900) })
	if err != nil {
		t.Fatal(err)
	}
	c := stsClient(s, k)
	if _, err := c.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}); err != nil {
		t.Fatalf("fresh: %v", err)
	}
	now.offset = 2 * time.Minute
	if _, err := c.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}); code(err) != "ExpiredToken" {
		t.Errorf("after 16 minutes: %v", err)
	}
}

func TestAssumeRoleLimits(t *testing.T) {
	t.Parallel()
	s := start(t)
	role, err := s.AddRole(source, "r", trust(source), statement(iam.Allow, "sts:AssumeRole", "*"))
	if err != nil {
		t.Fatal(err)
	}
	c := stsClient(s, s.Credentials(source))
	k, err := assume(t.Context(), c, role)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change func(*sts.AssumeRoleInput)
		code   string
	}{
		"beyond the role's longest session": {func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(3601) }, "ValidationError"},
		"shorter than 15 minutes":           {func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(899) }, "ValidationError"},
		"session name":                      {func(in *sts.AssumeRoleInput) { in.RoleSessionName = aws.String("a b") }, "ValidationError"},
		"no role ARN":                       {func(in *sts.AssumeRoleInput) { in.RoleArn = aws.String("arn:aws:iam::x:role") }, "ValidationError"},
		"session policy that isn't one":     {func(in *sts.AssumeRoleInput) { in.Policy = aws.String("{}") }, "MalformedPolicyDocument"},
		"MFA is refused by name": {func(in *sts.AssumeRoleInput) {
			in.SerialNumber, in.TokenCode = aws.String("arn:aws:iam::x:mfa/u"), aws.String("1")
		}, "ValidationError"},
	} {
		if _, err := assume(t.Context(), c, role, test.change); code(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	chained := stsClient(s, k)
	if _, err := assume(t.Context(), chained, role); err != nil {
		t.Errorf("role chaining: %v", err)
	}
}

func TestSessionPolicyLimitsTheRole(t *testing.T) {
	t.Parallel()
	s := start(t)
	role, err := s.AddRole(source, "r", trust(source), statement(iam.Allow, "sts:AssumeRole", "*"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddRole(source, "target", trust(source)); err != nil {
		t.Fatal(err)
	}
	target := "arn:aws:iam::" + source + ":role/target"
	admin := stsClient(s, s.Credentials(source))
	for policy, want := range map[string]string{
		"": "",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"` + target + `"}}`: "",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`:                        "AccessDenied",
	} {
		k, err := assume(t.Context(), admin, role, func(in *sts.AssumeRoleInput) {
			if policy != "" {
				in.Policy = &policy
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := assume(t.Context(), stsClient(s, k), target); code(err) != want {
			t.Errorf("session policy %q: %v, want %q", policy, err, want)
		}
	}
}
