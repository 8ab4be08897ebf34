package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/resource"
)

// Of those who are taken to be alike, one is asked. Asked each, they have the same
// answers.
func TestWhoeverIsAlikeHasTheSameAnswers(t *testing.T) {
	t.Parallel()
	sets := map[string]*resource.Set{}
	for name, statement := range map[string]string{
		"a pattern":    `"Principal": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*-4"}}`,
		"a name":       `"Principal": {"AWS": "arn:aws:iam::111122223333:role/app-1"}`,
		"a session":    `"Principal": {"AWS": "arn:aws:sts::111122223333:assumed-role/app-1/session"}`,
		"the account":  `"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}`,
		"a variable":   `"Principal": "*", "Condition": {"StringLike": {"s3:prefix": "${aws:PrincipalArn}"}}`,
		"a spared one": `"Principal": "*", "Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app-2"}}`,
	} {
		for _, effect := range []string{"Allow", "Deny"} {
			text := fmt.Sprintf(someBucket, `{"Effect": "`+effect+`", "Action": "s3:*", "Resource": ["arn:aws:s3:::data", "arn:aws:s3:::data/*"], `+statement+`}`)
			for i, about := range []string{"arn:aws:s3:::other/*", "arn:aws:s3:::data/*", "arn:aws:s3:::d*", "arn:aws:s3", "arn:aws:sqs:us-east-1:111122223333:q", "arn:aws:s3:::${aws:username}", "arn:aws:s3*"} {
				text += fmt.Sprintf(`, "App%d": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "app-%d",
					"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
					"Policies": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "%s"}]}}]}}`, i, i, about)
			}
			sets[effect+" for "+name] = readResources(t, text)
		}
	}
	if !testing.Short() {
		sets["prod"] = readStage(t, readAssembly(t, snapshots), "prod")
	}
	shared := 0
	for name, set := range sets {
		principals := Principals(set)
		for _, r := range Resources(set) {
			like, seen := likenessOf(set, r), map[string]int{}
			for i, p := range principals {
				alike := like.alike(p)
				first, ok := seen[alike]
				if !ok {
					seen[alike] = i
					continue
				}
				if strings.HasPrefix(alike, "role ") {
					shared++
				}
				if j := slices.IndexFunc(r.Operations, func(o Operation) bool {
					return cellOf(Ask(set, p, o), o) != cellOf(Ask(set, principals[first], o), o)
				}); j >= 0 {
					t.Errorf("%s: %s is not like %s at %s to %s", name, p.Name, principals[first].Name, r.Name, r.Operations[j].Name)
				}
			}
		}
	}
	if shared == 0 {
		t.Error("no two roles were alike")
	}
}

// An access point admits all services alike, and the bucket behind it each to an
// action of its own: one can't answer for another.
func TestServicesBehindAnAccessPointAreToldApart(t *testing.T) {
	t.Parallel()
	set := readResources(t, `
		"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}},
		"Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "data", "PolicyDocument": {"Statement": [
			{"Sid": "A", "Effect": "Allow", "Principal": {"Service": "athena.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::data/*"},
			{"Sid": "B", "Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"}]}}},
		"Point": {"Type": "AWS::S3::AccessPoint", "Properties": {"Name": "point", "Bucket": "data",
			"PublicAccessBlockConfiguration": {"RestrictPublicBuckets": false},
			"Policy": {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:eu-west-1:111122223333:accesspoint/point/object/*"}}}}`)
	_, section, _ := strings.Cut(Markdown("one bucket", nil, set), "## access point Point")
	for _, line := range []string{
		"| athena.amazonaws.com for a stranger | s3:PutObject | A |",
		"| backup.amazonaws.com for a stranger | s3:GetObject | B |",
	} {
		if !strings.Contains(section, line) {
			t.Errorf("the page doesn't say %q, but\n%s", line, section)
		}
	}
}
