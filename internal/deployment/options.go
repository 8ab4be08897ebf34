package deployment

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/spelling"
	"github.com/s3seal/s3seal/internal/template"
)

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

func (r *reader) checkOptions() error {
	if err := CheckAccount(r.Account); err != nil {
		return fmt.Errorf("--account %w; what is of one file alone stands in a file for --deployment", err)
	}
	if err := checkRegion(r.Region); err != nil {
		return fmt.Errorf("--region %w", err)
	}
	for _, pattern := range r.Exclude {
		if _, err := filepath.Match(pattern, ""); err != nil {
			return fmt.Errorf("--exclude %q: not a pattern: write one such as test or *.yaml", pattern)
		}
	}
	return nil
}

// checkUse refuses options that nothing is of: a misspelt one would leave rules
// undecided in silence.
func (r *reader) checkUse() {
	for _, pattern := range r.unused {
		r.errorf("--exclude %q: no folder has a file or folder of that name or path", pattern)
	}
	if len(r.plain) == 0 && (r.Account != "" || r.Region != "" || len(r.Parameters) > 0) {
		r.errorf("%s: it has its own accounts, Regions and parameters; leave out --account, --region and --parameters", r.noTemplate())
		return
	}
	for _, name := range slices.Sorted(maps.Keys(r.Parameters)) {
		if !slices.ContainsFunc(r.plain, func(p plain) bool { return p.stack.Template.Parameters[name] != nil }) {
			var known []string
			for _, p := range r.plain {
				known = append(known, parameterNames(p.stack)...)
			}
			r.errorf("--parameters %s: no template has such a parameter%s", name, instead(name, known))
		}
	}
}

func (r *reader) noTemplate() string {
	if len(r.stacks) > 0 && len(r.paths) == 1 {
		return r.paths[0] + " is an assembly"
	}
	return "only assemblies were given"
}

// CheckAccount refuses what can be no account's id; "" is none.
func CheckAccount(account string) error {
	if account == "" || accountID.MatchString(account) {
		return nil
	}
	return fmt.Errorf("%q: an account is 12 digits", account)
}

func checkRegion(region string) error {
	if region == "" || partition.HasRegion(region) {
		return nil
	}
	return fmt.Errorf("%q: no such Region%s", region, instead(region, partition.Regions()))
}

// instead ends an error about a name with those that are near it, or with all if
// they are few.
func instead(name string, known []string) string {
	const few = 12
	known = slices.Compact(slices.Sorted(slices.Values(known)))
	if near := spelling.Similar(name, known); len(near) > 0 {
		return ": did you mean " + strings.Join(near, " or ") + "?"
	}
	switch n := len(known); {
	case n == 0 || n > few:
		return ""
	case n == 1:
		return ": the only one is " + known[0]
	}
	return ": there are " + strings.Join(known, ", ")
}

func parameterNames(s *template.Stack) []string {
	return slices.Sorted(maps.Keys(s.Template.Parameters))
}

// parametersOf are those of the values that a template has a parameter for.
func parametersOf(s *template.Stack, values map[string]string) map[string]string {
	own := map[string]string{}
	for name, value := range values {
		if s.Template.Parameters[name] != nil {
			own[name] = value
		}
	}
	return own
}
