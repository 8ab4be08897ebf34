package cloudformation

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// maxAllocated is what a request with a template of at most maxBody bytes may
// allocate until all that it starts is done. The most was 32 MB when it was
// set.
const maxAllocated = 64 << 20

// TestNoTemplateTakesMuchMemory can't run beside others: it counts what all
// allocate. How long a template takes says BenchmarkHostileTemplates.
func TestNoTemplateTakesMuchMemory(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(hostile)) {
		template := hostile[name]
		if len(template) > maxBody {
			t.Fatalf("%s: %d bytes", name, len(template))
		}
		for _, action := range []string{"ValidateTemplate", "GetTemplateSummary", "CreateChangeSet", "CreateStack"} {
			f := newFake(t)
			f.objects["b/itself"] = template
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := f.request(action, template)
			runtime.ReadMemStats(&after)
			if n := after.TotalAlloc - before.TotalAlloc; n > maxAllocated {
				t.Errorf("%s: %s allocates %d MB", name, action, n>>20)
			}
			if err != nil && len(err.Error()) > 8*maxBody {
				t.Errorf("%s: %s answers an error of %d bytes", name, action, len(err.Error()))
			}
		}
	}
}

// request asks for an operation on the template and waits for what it starts.
func (f *fake) request(action, template string) (node, error) {
	parameters := map[string][]string{
		"CreateChangeSet": {"StackName=S", "ChangeSetName=c", "ChangeSetType=CREATE"},
		"CreateStack":     {"StackName=S"},
	}[action]
	return f.do(home, action, append(parameters, "TemplateBody="+template)...)
}

// These bounds are not AWS's.
func TestBoundsOfWhatATemplateResolvesTo(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"one deep Fn::Sub":     "there are too many values to resolve",
		"joins of a long text": "there is too much text to resolve",
	} {
		_, err := newFake(t).request("CreateStack", hostile[name])
		wantError(t, err, want)
	}
	f := newFake(t)
	f.objects["b/itself"] = hostile["a nested stack of itself"]
	if _, err := f.request("CreateStack", f.objects["b/itself"]); err != nil {
		t.Fatal(err)
	}
	equal(t, "status", f.status("S"), "ROLLBACK_COMPLETE")
	equal(t, "stacks", len(f.stacks), maxNesting+1)
	last := f.stacks[maxNesting]
	if why := f.why(last.id, "N", "CREATE_FAILED"); !strings.Contains(why, "does not carry out stacks that are nested deeper than 50") {
		t.Errorf("reason: %s", why)
	}
}

func BenchmarkHostileTemplates(b *testing.B) {
	for _, name := range slices.Sorted(maps.Keys(hostile)) {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f := newFake(b)
				f.objects["b/itself"] = hostile[name]
				_, _ = f.request("CreateStack", hostile[name]) // most are refused
			}
		})
	}
}

// Source: CloudFormation user guide, cloudformation-limits.
func TestQuotasOfATemplate(t *testing.T) {
	t.Parallel()
	const key = `"A":{"Type":"AWS::KMS::Key"}`
	entries := func(n int, pattern string) string {
		var l []string
		for i := range n {
			l = append(l, fmt.Sprintf(pattern, i))
		}
		return strings.Join(l, ",")
	}
	long := strings.Repeat("n", 256)
	for name, test := range map[string]struct{ most, more, want string }{
		"parameters": {
			`"Parameters":{` + entries(200, `"P%d":{"Type":"String","Default":"d"}`) + `}`, `"Parameters":{` + entries(201, `"P%d":{"Type":"String","Default":"d"}`) + `}`,
			"Number of parameters, 201, is greater than maximum allowed, 200",
		},
		"outputs": {
			`"Outputs":{` + entries(200, `"O%d":{"Value":"v"}`) + `}`, `"Outputs":{` + entries(201, `"O%d":{"Value":"v"}`) + `}`,
			"Number of outputs, 201, is greater than maximum allowed, 200",
		},
		"mappings": {
			`"Mappings":{` + entries(200, `"M%d":{"a":{"b":"c"}}`) + `}`, `"Mappings":{` + entries(201, `"M%d":{"a":{"b":"c"}}`) + `}`,
			"Number of mappings, 201, is greater than maximum allowed, 200",
		},
		"attributes of a mapping": {
			`"Mappings":{"M":{` + entries(200, `"a%d":{"b":"c"}`) + `}}`, `"Mappings":{"M":{` + entries(201, `"a%d":{"b":"c"}`) + `}}`,
			"Number of attributes of mapping M, 201, is greater than maximum allowed, 200",
		},
		"name of a mapping": {
			`"Mappings":{"` + long[1:] + `":{"a":{"b":"c"}}}`, `"Mappings":{"` + long + `":{"a":{"b":"c"}}}`, "is longer than 255 characters",
		},
		"name of an output": {
			`"Outputs":{"` + long[1:] + `":{"Value":"v"}}`, `"Outputs":{"` + long + `":{"Value":"v"}}`, "a name here has at most 255 characters",
		},
		"name of a resource": {`"Metadata":{}`, `"Resources":{"` + long + `":{"Type":"AWS::KMS::Key"}}`, "a name here has at most 255 characters"},
		"description": {
			`"Description":"` + strings.Repeat("d", 1024) + `"`, `"Description":"` + strings.Repeat("d", 1025) + `"`,
			"'Description' length is greater than 1024.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			equal(t, "status", f.deploy("Most", `{"Resources":{`+key+`},`+test.most+`}`), "CREATE_COMPLETE")
			more := `{"Resources":{` + key + `},` + test.more + `}`
			if strings.HasPrefix(test.more, `"Resources"`) {
				more = `{` + test.more + `}`
			}
			_, err := f.request("CreateStack", more)
			wantError(t, err, test.want)
		})
	}
}
