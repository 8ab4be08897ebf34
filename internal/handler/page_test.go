package handler

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/golden"
)

func TestThePageHasEveryAction(t *testing.T) {
	t.Parallel()
	golden.Part(t, "../../docs/execution-policy.md", "<!-- Made by `go test ./internal/handler -update`: handlers. -->", table())
}

// table shows, of each type, what is granted and what is not.
func table() string {
	var b strings.Builder
	b.WriteString("| type | granted | never |\n| --- | --- | --- |\n")
	for _, typ := range Types() {
		granted, never := map[string]bool{}, map[string]bool{}
		for _, op := range Operations {
			for _, permission := range slices.Concat(Permissions(typ, op), Of(typ).also[op]) {
				name, known := action(permission)
				switch {
				case Except(typ, permission) != "":
					never[fmt.Sprintf("`%s`: %s", permission, Except(typ, permission))] = true
				case !known:
				case When(typ, permission) == "":
					granted["`"+name+"`"] = true
				default:
					granted[fmt.Sprintf("`%s` (%s)", name, strings.ReplaceAll(When(typ, permission), " ", ", "))] = true
				}
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", typ, joined(granted, ", "), joined(never, "; "))
	}
	return b.String()
}

func joined(set map[string]bool, separator string) string {
	return strings.Join(slices.Sorted(maps.Keys(set)), separator)
}
