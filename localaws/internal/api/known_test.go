package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

const unknown = api.NotYetKnown

func TestKnownLeavesOutWhatNoTextCanStandFor(t *testing.T) {
	t.Parallel()
	type rule struct{ Days *int }
	type properties struct {
		Name    string
		Size    int
		Ratio   json.Number
		On      bool
		Names   []string
		Rules   []rule
		Tags    map[string]int
		Policy  json.RawMessage
		Nothing *rule
	}
	for name, tt := range map[string]struct{ give, want string }{
		"text stays":        {`{"Name":"a-` + unknown + `"}`, `{"Name":"a-` + unknown + `"}`},
		"texts in a list":   {`{"Names":["` + unknown + `","a"]}`, `{"Names":["` + unknown + `","a"]}`},
		"a number":          {`{"Size":"` + unknown + `"}`, `{"Size":null}`},
		"a number as text":  {`{"Ratio":"` + unknown + `"}`, `{"Ratio":null}`},
		"a truth value":     {`{"On":"` + unknown + `"}`, `{"On":null}`},
		"a list":            {`{"Names":"` + unknown + `"}`, `{"Names":null}`},
		"an object":         {`{"Nothing":"` + unknown + `"}`, `{"Nothing":null}`},
		"a number below":    {`{"Rules":[{"Days":"` + unknown + `"}]}`, `{"Rules":[{"Days":null}]}`},
		"a number in a map": {`{"Tags":{"a":"` + unknown + `"}}`, `{"Tags":{"a":null}}`},
		"a policy":          {`{"Policy":{"Statement":"` + unknown + `"}}`, `{"Policy":{"Statement":"` + unknown + `"}}`},
		"what is known":     {`{"Size":"x","On":7}`, `{"On":7,"Size":"x"}`},
		"no JSON":           {`{`, `{`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := api.Known(json.RawMessage(tt.give), properties{}); string(got) != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	var p properties
	err := api.DecodeProperties(api.Known(json.RawMessage(`{"Size":"`+unknown+`","Rules":[{"Colour":"`+unknown+`"}]}`), p), &p)
	if err == nil || !strings.Contains(err.Error(), `"Colour"`) {
		t.Errorf("an unknown property whose value is not known yet gives %v", err)
	}
}
