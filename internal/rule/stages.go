package rule

import (
	"slices"

	"github.com/s3seal/s3seal/internal/stage"
)

// StageAccounts are the accounts of a stages.yaml, which is what
// Options.Accounts wants: those of its environments. The ARNs in it are of the
// same accounts; package stage refuses others.
func StageAccounts(f *stage.File) []string {
	var list []string
	for _, s := range f.Stages {
		list = append(list, s.Source.Account)
		if s.Replica != nil {
			list = append(list, s.Replica.Account)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
