package adoption

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/golden"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// The page has what roles do, in a policy that a boundary can begin with: one that
// lacks an action would take it from a role without a word.
func TestBoundaryOfThePage(t *testing.T) {
	t.Parallel()
	document, err := json.MarshalIndent(iam.Document{Version: iam.Version, Statement: []iam.Statement{
		{Sid: "RolesOfStages", Effect: iam.Allow, Action: actions(t), Resource: iam.Strings{"*"}},
	}}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden.Part(t, "../../docs/adoption.md", "<!-- Made by `go test ./internal/adoption -update`. -->", "\n```json\n"+string(document)+"\n```\n\n")
}

// actions are all that the roles of the tests' stages may do, of which one has every
// option.
func actions(t *testing.T) []string {
	t.Helper()
	assembly, err := template.ReadAssembly("../access/testdata/assembly")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, r := range resource.Read(assembly.Stacks).Roles {
		for _, p := range r.Policies {
			for _, s := range p.Document.Statement {
				for _, action := range s.Action {
					if strings.Contains(action, "*") || s.Effect != iam.Allow {
						t.Errorf("role %s: %s %s: say it in the page in another way", r.Name, s.Effect, action)
					}
					all[action] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}
