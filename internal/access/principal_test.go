package access

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// readResources is a set of the resources that a template text has.
func readResources(t testing.TB, resources string) *resource.Set {
	t.Helper()
	path := filepath.Join(t.TempDir(), "app.template.json")
	if err := os.WriteFile(path, []byte(`{"Resources": {`+resources+`}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	stack, err := template.ReadTemplate(path, "111122223333", "eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	return resource.Read([]*template.Stack{stack})
}

const someBucket = `"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}},
	"Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "data", "PolicyDocument": {"Version": "2012-10-17", "Statement": [%s]}}}`

// Whoever a statement admits, or spares, is somebody who is asked: an answer that
// no row has would be access that nobody reviews.
func TestWhomStatementsMeanAreAsked(t *testing.T) {
	t.Parallel()
	statement := func(effect, more string) string {
		return `{"Sid": "S", "Effect": "` + effect + `", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*", ` + more + `}`
	}
	open := `{"Sid": "Open", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*", "Principal": {"AWS": "444455556666"}}, `
	for _, tc := range []struct{ statements, who, want string }{
		{statement("Allow", `"Principal": {"AWS": "444455556666"}`), "administrator@444455556666", allowed},
		{statement("Allow", `"Principal": {"AWS": "arn:aws:iam::444455556666:root"}`), "s3-user@444455556666", allowed},
		{statement("Allow", `"Principal": {"AWS": "arn:aws:sts::444455556666:assumed-role/app/me"}`), "assumed-role/app/me@444455556666", allowed},
		{statement("Allow", `"Principal": {"AWS": "arn:aws:iam::444455556666:user/ann"}`), "user/ann@444455556666", allowed},
		{statement("Allow", `"Principal": {"AWS": "arn:aws:sts::444455556666:federated-user/ann"}`), "federated-user/ann@444455556666", allowed},
		{statement("Allow", `"Principal": {"AWS": "AIDAEXAMPLE"}`), "AIDAEXAMPLE at data", unknown},
		{statement("Allow", `"Principal": {"CanonicalUser": "79a5"}`), "canonical user 79a5", allowed},
		{statement("Allow", `"Principal": {"Federated": "accounts.google.com"}, "Condition": {"StringEquals": {"accounts.google.com:aud": "app"}}`), "whoever accounts.google.com vouches for with accounts.google.com:aud app", not},
		{statement("Allow", `"Principal": {"Service": "cloudtrail.amazonaws.com"}`), "cloudtrail.amazonaws.com for a stranger", allowed},
		{statement("Allow", `"Principal": {"Service": "x.amazonaws.com"}, "Condition": {"StringEquals": {"AWS:sourceaccount": "444455556666"}}`), "x.amazonaws.com for 444455556666", allowed},
		{statement("Allow", `"Principal": {"Service": "x.amazonaws.com"}, "Condition": {"StringEquals": {"aws:SourceOrgID": "o-1"}}`), "x.amazonaws.com for 111122223333 with aws:SourceOrgID o-1", allowed},
		{statement("Allow", `"Principal": {"Service": "x.amazonaws.com"}, "Condition": {"ArnLike": {"AWS:SOURCEARN": "arn:aws:sns:*:444455556666:t?"}}`), "x.amazonaws.com for t?@444455556666", allowed},
		{statement("Allow", `"Principal": {"Service": "x.amazonaws.com"}, "Condition": {"StringEquals": {"aws:SourceOrgID": "o-1"}, "ArnLike": {"aws:SourceArn": "arn:aws:sns:*:444455556666:t"}}`), "x.amazonaws.com for t@444455556666 with aws:SourceOrgID o-1", allowed},
		{statement("Allow", `"Principal": {"Service": "x.amazonaws.com"}, "Condition": {"StringEquals": {"aws:SourceOrgID": "o-1", "aws:SourceAccount": "444455556666"}}`), "x.amazonaws.com for 444455556666 with aws:SourceOrgID o-1", allowed},
		{statement("Allow", `"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}`), "anyone with aws:PrincipalOrgID o-1", allowed},
		{statement("Allow", `"Principal": "*", "Condition": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}}`), "anyone with aws:PrincipalOrgPaths o-1/*", allowed},
		{statement("Allow", `"Principal": "*", "Condition": {"StringEquals": {"aws:sourcevpce": ["vpce-1", "vpce-2"]}}`), "anyone with aws:sourcevpce vpce-2", allowed},
		{statement("Allow", `"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}`), "anyone with aws:SourceIp 192.0.2.0/24", allowed},
		{statement("Allow", `"Principal": "*", "Condition": {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}}`), "anyone with aws:SourceVpc vpc-1, aws:VpcSourceIp 10.0.0.0/8", allowed},
		{statement("Allow", `"Principal": "*", "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/app-*"}}`), "role/app-*@*", allowed},
		{statement("Allow", `"Principal": "*", "Condition": {"ArnLike": {"aws:PRINCIPALARN": "arn:aws:iam::444455556666:*"}}`), "*@444455556666", allowed},
		{statement("Allow", `"Principal": "*", "Condition": {"StringLike": {"aws:PrincipalAccount": "4444*"}}`), "whoever has aws:PrincipalAccount 4444* at data", unknown},
		{statement("Allow", `"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "${aws:username}"}}`), "whoever meets aws:PrincipalTag/team ${aws:username} at data", unknown},
		{statement("Allow", `"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}`), "anyone with aws:PrincipalTag/team red", allowed},
		{statement("Allow", `"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "${s3:ExistingObjectTag/team}"}}`), "anyone with aws:PrincipalTag/team ${s3:ExistingObjectTag/team}", allowed},
		{statement("Allow", `"Principal": "*", "Condition": {"Null": {"aws:PrincipalTag/team": "false"}}`), "anyone with aws:PrincipalTag/team of another value", allowed},
		{statement("Allow", `"Principal": "*", "Condition": {"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}`), "anyone with aws:CurrentTime 2026-12-31T23:59:59Z", allowed},
		{statement("Allow", `"Principal": "*", "Condition": {"NumericLessThanEquals": {"s3:signatureAge": "600"}}`), "anyone with s3:signatureAge 600", allowed},
		{statement("Allow", `"Principal": {"AWS": "444455556666"}, "Condition": {"StringLike": {"aws:userid": "AROAX:*"}}`), "administrator@444455556666 with aws:userid AROAX:*", allowed},
		{statement("Allow", `"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalType": "Anonymous"}}`), nobody, allowed},
		{statement("Allow", `"Principal": {"AWS": "111122223333"}, "Condition": {"StringEquals": {"aws:username": "ann"}}`), "user/ann@111122223333", allowed},
		{open + statement("Deny", `"NotPrincipal": {"AWS": ["444455556666", "arn:aws:iam::444455556666:user/ann"]}`), "user/ann@444455556666", allowed},
		{open + statement("Deny", `"Principal": "*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}`), "administrator@444455556666", denied},
		{open + statement("Deny", `"Principal": "*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}`), "administrator@444455556666 with aws:SourceVpce vpce-1", allowed},
		{open + statement("Deny", `"Principal": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}`), "administrator@111122223333 with aws:SourceIp 192.0.2.0/24", allowed},
	} {
		set := readResources(t, fmt.Sprintf(someBucket, tc.statements))
		set.Buckets[0].PublicAccess.RestrictPublicBuckets = false
		principals := Principals(set)
		if !slices.ContainsFunc(principals, func(p Principal) bool { return p.Name == tc.who }) {
			var names []string
			for _, p := range principals {
				names = append(names, p.Name)
			}
			t.Errorf("%s:\n%q is not asked, but %s", tc.statements, tc.who, strings.Join(names, "; "))
			continue
		}
		a := ask(t, set, tc.who, "get", "bucket Data")
		if got := verdictOf(a); got != tc.want {
			t.Errorf("%s:\n%s: %s, want %s\n%s", tc.statements, tc.who, got, tc.want, a.Decision.Explain())
		}
	}
}

const unknown = "unknown"

func verdictOf(a Answer) string {
	switch {
	case a.Unknown != nil:
		return unknown
	case a.Allowed:
		return allowed
	case a.Denied:
		return denied
	}
	return not
}
