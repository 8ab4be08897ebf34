package api_test

import (
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

func TestDecodePropertiesCoercesScalars(t *testing.T) {
	t.Parallel()
	type rule struct {
		Days    int
		Enabled *bool
		Name    string
	}
	type properties struct {
		Rules []rule
		Tags  map[string]string
	}
	tests := map[string]struct{ give, wrong string }{
		"as typed":           {`{"Rules":[{"Days":7,"Enabled":true,"Name":"a"}],"Tags":{"k":"1"}}`, ""},
		"all as text":        {`{"Rules":[{"Days":"7","Enabled":"true","Name":"a"}],"Tags":{"k":"1"}}`, ""},
		"text as scalars":    {`{"Rules":[{"Days":7,"Enabled":true,"Name":"a"}],"Tags":{"k":1}}`, ""},
		"no number":          {`{"Rules":[{"Days":"seven"}]}`, "Days"},
		"no truth value":     {`{"Rules":[{"Enabled":"maybe"}]}`, "Enabled"},
		"a list as a number": {`{"Rules":[{"Days":[7]}]}`, "Days"},
		"unknown property":   {`{"Colour":"red"}`, "Colour"},
		"unknown below":      {`{"Rules":[{"Colour":"red"}]}`, "Colour"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p properties
			err := api.DecodeProperties([]byte(test.give), &p)
			if test.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), test.wrong) {
					t.Errorf("error %v, want one that names %s", err, test.wrong)
				}
				return
			}
			if err != nil || len(p.Rules) != 1 || p.Rules[0].Days != 7 || !*p.Rules[0].Enabled || p.Rules[0].Name != "a" || p.Tags["k"] != "1" {
				t.Errorf("%+v, %v", p, err)
			}
		})
	}
}
