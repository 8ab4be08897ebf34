package localaws_test

import (
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

// TestUnknownRegions: a Region that AWS doesn't have is refused at the start, with
// those that are near it.
func TestUnknownRegions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		regions []string
		want    string
	}{
		{[]string{"us-esat-1"}, `no such Region "us-esat-1": did you mean us-east-1?`},
		{[]string{"eu-west-1", "eu-central"}, `no such Region "eu-central": did you mean eu-central-1 or eu-central-2?`},
		{[]string{"atlantis"}, `no such Region "atlantis": give a Region's code, such as us-east-1`},
		{[]string{""}, `no such Region "": give a Region's code`},
	} {
		s, err := localaws.Start(localaws.Options{Accounts: []string{source}, Regions: test.regions})
		if err == nil {
			s.Close()
			t.Errorf("%q: started", test.regions)
		} else if !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %s", test.regions, err, test.want)
		}
	}
	s := start(t, func(o *localaws.Options) { o.Regions = []string{"cn-north-1", "us-gov-west-1", "eusc-de-east-1"} })
	if !strings.Contains(strings.Join(s.Env(source), " "), "AWS_REGION=cn-north-1") {
		t.Errorf("%q", s.Env(source))
	}
}
