package rule

import (
	"regexp"

	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/template"
)

// text is what the templates say in so many words.
type text struct {
	accounts   map[string]bool
	regions    map[string]bool // of those that conditions name, and of other stacks
	partitions map[string]bool
	patterns   bool // a pattern that fits some Regions
}

var (
	accountNumber = regexp.MustCompile(`\b[0-9]{12}\b`)
	partitionName = regexp.MustCompile(`\barn:(aws[a-z-]*):`)
	regionPattern = regexp.MustCompile(`\b(?:af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)-[a-z0-9-]*[*?]`)
)

func readText(stacks []*template.Stack) text {
	t := text{map[string]bool{}, map[string]bool{}, map[string]bool{}, false}
	for _, s := range stacks {
		if s.Account != "" {
			t.accounts[s.Account] = true
		}
		if s.Region != "" {
			t.regions[s.Region] = true
			t.partitions[partition.Of(s.Region).Name] = true
		}
		t.read(s.Template.Conditions, true)
		t.read(s.Template.Mappings, false)
		for _, r := range s.Template.Resources {
			t.read(r.RawProperties, false)
		}
		for _, p := range s.Template.Parameters {
			t.read(p.Default, false)
			t.read(p.AllowedValues, false)
		}
	}
	for _, account := range loadBalancers {
		delete(t.accounts, account) // nobody deploys there
	}
	return t
}

func (t *text) read(v any, condition bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			t.read(key, condition)
			t.read(value, condition)
		}
	case []any:
		for _, e := range v {
			t.read(e, condition)
		}
	case string:
		for _, account := range accountNumber.FindAllString(v, -1) {
			t.accounts[account] = true
		}
		for _, m := range partitionName.FindAllStringSubmatch(v, -1) {
			t.partitions[m[1]] = true
		}
		if condition && partition.HasRegion(v) {
			t.regions[v] = true
		}
		t.patterns = t.patterns || regionPattern.MatchString(v)
	}
}
