package encryption_test

import (
	"os"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/encryption"
)

func TestEveryTraitIsSaid(t *testing.T) {
	seen := map[string]encryption.Pattern{}
	for _, p := range encryption.Patterns() {
		r := p.Traits()
		for name, text := range map[string]string{
			"Title": r.Title, "Column": r.Column, "ID": r.ID, "BucketName": r.BucketName, "Algorithm": r.Algorithm, "Object": r.Object, "Page": r.Page,
		} {
			if text == "" {
				t.Errorf("%s has no %s", p, name)
			}
			if unique := name == "Title" || name == "Column" || name == "ID" || name == "BucketName"; unique && seen[name+text] != "" {
				t.Errorf("%s has the %s %q of %s", p, name, text, seen[name+text])
			}
			seen[name+text] = p
		}
		for _, other := range encryption.Patterns() {
			// Who looks for what a pattern has by its id would find both.
			if other != p && strings.HasPrefix(other.Traits().ID, r.ID) {
				t.Errorf("the ID of %s begins that of %s", p, other)
			}
		}
		if r.Key == 0 {
			t.Errorf("%s has no Key", p)
		}
		// What has one algorithm and one kind of key could not be told apart.
		if got := encryption.OfDefault(r.Algorithm, r.Key == encryption.CustomerManaged); got != p && r.Key != encryption.CustomerProvided {
			t.Errorf("a bucket under %s is taken for one under %s", p, got)
		}
		if r.BucketKey && !r.IsKMS() {
			t.Errorf("%s has a Bucket Key and no key of KMS", p)
		}
	}
}

func TestWhatIsNoPattern(t *testing.T) {
	if p := encryption.Pattern("sse-kms"); p.Known() || p.Traits() != (encryption.Traits{}) {
		t.Errorf("%s is a pattern", p)
	}
	for algorithm, want := range map[string]encryption.Pattern{"aws:kms:dsse": encryption.DSSEKMS, "aws:fsx": "", "": ""} {
		if got := encryption.OfDefault(algorithm, false); got != want {
			t.Errorf("%s without a key is %q, want %q", algorithm, got, want)
		}
	}
}

func TestEveryPatternHasItsPage(t *testing.T) {
	choice, err := os.ReadFile("../docs/encryption.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range encryption.Patterns() {
		page := string(p) + ".md"
		if _, err := os.Stat("../docs/" + page); err != nil {
			t.Error(err)
		}
		if link := "- [`" + string(p) + "`](" + page + ")"; !strings.Contains(string(choice), link) {
			t.Errorf("docs/encryption.md has no %s", link)
		}
	}
}
