package template

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

func TestStandInsHaveTheFormThatTheServiceDemands(t *testing.T) {
	t.Parallel()
	s := stackOf(t, `{"Resources": {
		"Data": {"Type": "AWS::S3::Bucket"}, "Key": {"Type": "AWS::KMS::Key"},
		"Multi": {"Type": "AWS::KMS::Key", "Properties": {"MultiRegion": true}},
		"Role": {"Type": "AWS::IAM::Role"}, "Ring": {"Type": "AWS::SecretsManager::Secret"},
		"Put": {"Type": "AWS::Lambda::Function"}, "Vpc": {"Type": "AWS::EC2::VPC"},
		"Pipelines": {"Type": "AWS::IAM::OIDCProvider", "Properties": {"Url": "https://ci.example.com/id/1"}}, "Corp": {"Type": "AWS::IAM::SAMLProvider"}}}`)
	s.Name, s.Account, s.Region = "Dev-Source", "111122223333", "eu-west-1"
	for expr, pattern := range map[string]string{
		"${Data}":               `dev-source-data-[a-z0-9]{12}`,
		"${Data.Arn}":           `arn:aws:s3:::dev-source-data-[a-z0-9]{12}`,
		"${Key}":                `[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}`,
		"${Multi}":              `mrk-[0-9a-f]{32}`,
		"${Role}":               `Dev-Source-Role-[A-Z0-9]{12}`,
		"${Role.Arn}":           `arn:aws:iam::111122223333:role/Dev-Source-Role-[A-Z0-9]{12}`,
		"${Role.RoleId}":        `AROA[A-Z0-9]{17}`,
		"${Ring}":               `arn:aws:secretsmanager:eu-west-1:111122223333:secret:Dev-Source-Ring-[A-Z0-9]{12}-[a-z0-9]{6}`,
		"${Put.Arn}":            `arn:aws:lambda:eu-west-1:111122223333:function:Dev-Source-Put-[A-Z0-9]{12}`,
		"${Pipelines}":          `arn:aws:iam::111122223333:oidc-provider/ci\.example\.com/id/1`,
		"${Corp.Arn}":           `arn:aws:iam::111122223333:saml-provider/Dev-Source-Corp-[A-Z0-9]{12}`,
		"${Vpc}":                `vpc-0[0-9a-f]{16}`,
		"${AWS::StackId}":       `arn:aws:cloudformation:eu-west-1:111122223333:stack/Dev-Source/[-0-9a-f]{36}`,
		"${Key.Arn} ${Key.Arn}": `(arn:aws:kms:eu-west-1:111122223333:key/[-0-9a-f]{36} ?){2}`,
	} {
		got, err := s.Resolve(map[string]any{"Fn::Sub": expr}, "Here")
		if err != nil || !regexp.MustCompile("^("+pattern+")$").MatchString(got.(string)) {
			t.Errorf("%s: %v %v, want %s", expr, got, err, pattern)
		}
	}
}

func TestStandInsAreDistinctAndTheSameInEveryRun(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Long", 40)
	read := func(account, stack string) *Stack {
		s := stackOf(t, `{"Resources": {"A`+long+`": {"Type": "AWS::S3::Bucket"}, "A`+long+`2": {"Type": "AWS::S3::Bucket"},
			"B": {"Type": "AWS::IAM::Role"}, "K": {"Type": "AWS::KMS::Key"}, "B`+long+`": {"Type": "AWS::IAM::Role"}}}`)
		s.Account, s.Name = account, stack
		return s
	}
	seen := map[string]string{}
	for _, account := range []string{"111122223333", "444455556666"} {
		for _, stack := range []string{"Dev", long} {
			for _, r := range read(account, stack).Resources() {
				name, err := r.Ref()
				if err != nil {
					t.Fatal(err)
				}
				where := fmt.Sprint(account, stack, r.LogicalID)
				if before, ok := seen[name]; ok {
					t.Errorf("%s is the name of %s and %s", name, before, where)
				}
				seen[name] = where
				if limit := map[string]int{"AWS::S3::Bucket": 63, "AWS::IAM::Role": 64, "AWS::KMS::Key": 36}[r.Type]; len(name) > limit {
					t.Errorf("%s has %d bytes", name, len(name))
				}
				if again, err := read(account, stack).Resource(r.LogicalID).Ref(); again != name {
					t.Errorf("%s, then %s %v", name, again, err)
				}
			}
		}
	}
}
