package partition

import "testing"

func TestOf(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]Partition{
		"":               {"aws", "amazonaws.com"},
		"eu-central-1":   {"aws", "amazonaws.com"},
		"us-east-9":      {"aws", "amazonaws.com"},
		"cn-north-1":     {"aws-cn", "amazonaws.com.cn"},
		"us-gov-west-1":  {"aws-us-gov", "amazonaws.com"},
		"us-isob-east-1": {"aws-iso-b", "sc2s.sgov.gov"},
		"eu-isof-east-9": {"aws-iso-f", "csp.hci.ic.gov"},
		"eusc-de-east-1": {"aws-eusc", "amazonaws.eu"},
	} {
		if got := Of(region); got != want {
			t.Errorf("%s: %v, want %v", region, got, want)
		}
	}
}

// A Region that stands under one partition and begins as those of another would
// be found in the wrong one.
func TestRegionsAreOfTheirPartition(t *testing.T) {
	t.Parallel()
	for _, p := range table {
		for _, region := range p.regions {
			if Of(region) != p.Partition || !HasRegion(region) {
				t.Errorf("%s is under %s and found in %s", region, p.Name, Of(region).Name)
			}
		}
	}
	if n := len(Regions()); n != 46 || HasRegion("eu-central-9") || HasRegion("") {
		t.Errorf("%d Regions", n)
	}
}
