package resourcetype

import (
	"strings"
	"testing"
)

func TestMeant(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"AWS::S3::Bukcet":                  "AWS::S3::Bucket",
		"AWS::S3::bucket":                  "AWS::S3::Bucket",
		"AWS:S3::Bucket":                   "AWS::S3::Bucket",
		"AWS::S3::BucketsPolicy":           "AWS::S3::BucketPolicy",
		"AWS::Lambda::Permision":           "AWS::Lambda::Permission",
		"AWS::S3::Bucket":                  "",
		"AWS::S3::QuantumStore":            "",
		"AWS::SES::Topic":                  "", // of a service of its own
		"AWS::Lambda::EventInvokeConfig":   "",
		"AWS::WAF::LoggingConfiguration":   "",
		"AWS::Redshift::Cluster2":          "",
		"Custom::Bucket":                   "",
		"":                                 "",
		strings.Repeat("AWS::S3::", 1<<20): "",
	} {
		if got := Meant(name); got != want {
			t.Errorf("%.40s: %q, want %q", name, got, want)
		}
	}
}

// No known type is taken for a slip of another one: what AWS adds may be as near.
func TestKnownTypesAreApart(t *testing.T) {
	t.Parallel()
	for a := range load().types {
		for b := range load().types {
			if a != b && serviceOf(a) == serviceOf(b) && misspelt(a, b) {
				t.Errorf("%s is taken for %s", a, b)
			}
		}
	}
}
