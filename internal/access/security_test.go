package access

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/resource"
)

// SECURITY.md says of single statements which side they take. One that is
// renamed or gone would leave a promise that nothing keeps.
func TestSecurityPageNamesStatementsThatThereAre(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(page), "| statement |")
	if !found {
		t.Fatal("SECURITY.md has no table of statements")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	sids := map[string]bool{}
	for _, b := range resource.Read(readAssembly(t, examples).Stacks).Buckets {
		for _, s := range b.Policy.Document.Statement {
			sids[s.Sid] = true
		}
	}
	var named []string
	for _, m := range regexp.MustCompile("`((?:Deny|Require)[A-Za-z]+)`").FindAllStringSubmatch(table, -1) {
		named = append(named, m[1])
		if !sids[m[1]] {
			t.Errorf("SECURITY.md names %s, and no bucket has such a statement", m[1])
		}
	}
	// Each is a choice that the page explains, but those about TLS.
	for sid := range sids {
		refuses := strings.HasPrefix(sid, "Deny") || strings.HasPrefix(sid, "Require")
		if refuses && sid != "DenyInsecureTransport" && sid != "DenyOldTLS" && !slices.Contains(named, sid) {
			t.Errorf("SECURITY.md doesn't say which side %s takes", sid)
		}
	}
}
