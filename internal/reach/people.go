package reach

import (
	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// Principals are those of the tables, and in each account of the stacks
// somebody with all of Lambda and somebody with all of IAM: they may use no
// object, and may become who does.
func Principals(set *resource.Set) []access.Principal {
	list := access.Principals(set)
	seen := map[string]bool{}
	for _, b := range set.Buckets {
		if b.Account == "" || seen[b.Account] {
			continue
		}
		seen[b.Account] = true
		for _, service := range []string{"lambda", "iam"} {
			name := service + "-user"
			list = append(list, access.Principal{
				Name:     name + "@" + b.Account,
				Caller:   question.Role(resource.ARN(b.ARN).Partition, b.Account, name),
				Identity: question.Allowing(service + ":*"),
			})
		}
	}
	return list
}
