package bucketname

import (
	"strings"
	"testing"
)

func TestFault(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"acme":                   "",
		"acme.data":              "",
		strings.Repeat("a", 63):  "",
		strings.Repeat("a", 64):  "has 64 characters",
		"ab":                     "has 2 characters",
		"Acme":                   "capital letters",
		"acme_data":              IllegalCharacters,
		"a..b":                   "two dots",
		"192.168.5.4":            "IP address",
		"acme-":                  "hyphen",
		".acme":                  "hyphen",
		"xn--acme":               "begins with",
		"amzn-s3-demo-acme":      "begins with",
		"acme-s3alias":           "access point aliases",
		"acme.mrap":              "Multi-Region",
		"acme--table-s3":         "table buckets",
		"acme" + suffixOfExample: "", // which namespace it is in, the name alone doesn't say
	} {
		got, instead := Fault(name)
		if (want == "") != (got == "") || !strings.Contains(got, want) || (got == "") != (instead == "") {
			t.Errorf("%q: %q, %q; want %q", name, got, instead, want)
		}
	}
}

const suffixOfExample = "-111122223333-us-west-2-an"

func TestIsAccountRegional(t *testing.T) {
	t.Parallel()
	if got := Suffix("111122223333", "us-west-2"); got != suffixOfExample {
		t.Errorf("the suffix is %s", got)
	}
	for name, want := range map[string]bool{
		"acme" + suffixOfExample:              true,
		"acme-an" + suffixOfExample:           true,
		"acme-111122223333-us-gov-west-1-an":  true,
		suffixOfExample:                       false,
		suffixOfExample[1:]:                   false,
		"acme-an":                             false,
		"acme-11112222333-us-west-2-an":       false,
		"acme-111122223333-us-west-2-an-more": false,
		"acme_" + suffixOfExample:             false,
	} {
		if IsAccountRegional(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
	for region, want := range map[string]bool{"us-west-2": true, "me-south-1": false} {
		if HasAccountRegional(region) != want {
			t.Errorf("%s: %v", region, !want)
		}
	}
}
