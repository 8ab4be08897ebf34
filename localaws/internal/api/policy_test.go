package api_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

func TestPolicyIsAnObjectOrText(t *testing.T) {
	t.Parallel()
	const document = `{"Statement":[]}`
	for given, want := range map[string]api.Policy{
		"{\n  \"Statement\": [ ]\n}": document,
		strconv.Quote(document):      document,
		`"no policy"`:                "no policy",
		"null":                       "",
	} {
		var p struct{ PolicyDocument api.Policy }
		if err := api.DecodeProperties(json.RawMessage(`{"PolicyDocument":`+given+`}`), &p); err != nil || p.PolicyDocument != want {
			t.Errorf("%s: %q, %v; want %q", given, p.PolicyDocument, err, want)
		}
	}
}

func TestPolicyNotYetKnownCanBeRead(t *testing.T) {
	t.Parallel()
	statement := func(rest string) string {
		return `{"Statement":[{"Effect":"Allow","Action":"s3:GetObject"` + rest + `}]}`
	}
	for name, tt := range map[string]struct{ give, wrong string }{
		"principal":           {statement(`,"Principal":{"AWS":"` + unknown + `"}`), ""},
		"part of a principal": {statement(`,"Principal":{"AWS":["arn:aws:iam::` + unknown + `:root"]}`), ""},
		"resources":           {statement(`,"Resource":["` + unknown + `","` + unknown + `/*","arn:aws:s3:::` + unknown + `/*"]`), ""},
		"ARN in a condition":  {statement(`,"Condition":{"ArnLike":{"aws:SourceArn":"` + unknown + `"}}`), ""},
		"number and address":  {statement(`,"Condition":{"NumericEquals":{"a":["` + unknown + `"]},"IpAddress":{"aws:SourceIp":"` + unknown + `"}}`), ""},
		"the whole document":  {`"` + unknown + `"`, ""},
		"part of text":        {strconv.Quote(statement(`,"Resource":"` + unknown + `"`)), ""},
		"statements of text":  {strconv.Quote(`{"Statement":[` + unknown + `]}`), ""},
		"wrong text":          {strconv.Quote(statement(`,"Resource":"` + unknown + `","Conditon":{}`)), "Conditon"},
		"a wrong element":     {statement(`,"Resource":"` + unknown + `","Conditon":{}`), "Conditon"},
		"a wrong operator":    {statement(`,"Resource":"` + unknown + `","Condition":{"StringIs":{"a":"b"}}`), "StringIs"},
		"a wrong value":       {statement(`,"Resource":"` + unknown + `","Condition":{"Bool":{"a":"` + unknown + `","b":"maybe"}}`), "maybe"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p api.Policy
			if err := json.Unmarshal([]byte(tt.give), &p); err != nil {
				t.Fatal(err)
			}
			_, err := iam.ParseDocument([]byte(p.Known()))
			if tt.wrong == "" && err != nil || tt.wrong != "" && (err == nil || !strings.Contains(err.Error(), tt.wrong)) {
				t.Errorf("error %v, want one with %q", err, tt.wrong)
			}
		})
	}
}
