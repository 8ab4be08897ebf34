package rule

import (
	"regexp"
	"slices"

	"github.com/s3seal/s3seal/internal/stage"
)

// StageAccounts are the accounts that a stages.yaml names: of its environments
// and of the ARNs in it. They are what Options.Accounts wants.
func StageAccounts(f *stage.File) []string {
	var list []string
	arns := func(texts ...string) {
		for _, text := range texts {
			for _, m := range accountField.FindAllStringSubmatch(text, -1) {
				list = append(list, m[1])
			}
		}
	}
	for i := range f.Stages {
		s := &f.Stages[i]
		list = append(list, s.Source.Account)
		arns(s.Key.Administrators...)
		arns(s.Key.Users...)
		arns(s.Buckets.SSEC.SecretARN, s.Buckets.SSEC.SecretKeyARN)
		if s.Replica != nil {
			list = append(list, s.Replica.Account)
			arns(s.Replica.KMSKeyARN)
			arns(s.Replica.Readers...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// accountField is an account in an ARN, or a text that is one.
var accountField = regexp.MustCompile(`(?:^|:)([0-9]{12})(?:$|:)`)
