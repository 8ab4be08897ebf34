package access

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// Principal is somebody who asks.
type Principal struct {
	Name     string
	Caller   iam.Caller
	Identity []iam.Source     // for whom the stacks do not make
	Context  question.Context // that every request of this principal has

	// Boundary and Session limit them further. A nil Boundary is that of whom the
	// stacks make.
	Boundary *iam.Source
	Session  []iam.Source
}

// Principals are the principals of the stacks, as the package comment lists
// them.
func Principals(set *resource.Set) []Principal {
	named := policiesName(set)
	var list []Principal
	for _, r := range set.Roles {
		list = append(list, Principal{Name: ShortName(r.LogicalID), Caller: r.Caller()})
	}
	for _, u := range set.Users() {
		list = append(list, Principal{Name: ShortName(u.LogicalID), Caller: iam.User(u.ARN)})
	}
	for _, arn := range named.users {
		p := Principal{Name: shortARN(arn), Caller: question.Caller(arn), Identity: question.Allowing("s3:*")}
		if i := set.IdentityOf(p.Caller); i != nil {
			// What its own account could make of one whom another account's
			// policies admit.
			p.Name, p.Identity = ShortName(i.LogicalID)+" with all permissions", question.Allowing("*")
		}
		list = append(list, p)
	}
	for _, arn := range named.trusted {
		list = append(list, Principal{Name: shortARN(arn), Caller: question.Caller(arn), Identity: question.Allowing("sts:AssumeRole")})
	}
	for _, account := range named.accounts {
		list = append(list,
			Principal{Name: "root@" + account, Caller: question.Root(named.partition, account)},
			Principal{Name: "administrator@" + account, Caller: question.Administrator(named.partition, account), Identity: question.Allowing("*")},
			Principal{Name: "s3-user@" + account, Caller: question.Role(named.partition, account, "s3-user"), Identity: question.Allowing("s3:*")},
		)
		for _, service := range named.services {
			list = append(list, Principal{
				Name:    service + " for " + account,
				Caller:  iam.ServicePrincipal(service),
				Context: question.Context{conditionkey.SourceAccount: {account}},
			})
		}
	}
	for _, service := range named.services {
		list = append(list, Principal{
			Name:    service + " for a stranger",
			Caller:  iam.ServicePrincipal(service),
			Context: question.Context{conditionkey.SourceAccount: {question.Stranger}},
		})
	}
	list = append(list, sourcesOf(set, named.sources)...)
	list = append(list, Principal{Name: "stranger", Caller: question.Administrator(named.partition, question.Stranger), Identity: question.Allowing("*")})
	for _, arn := range slices.Concat(named.users, named.trusted) {
		if _, role, ok := strings.Cut(arn, ":role/"); ok {
			list = append(list, Principal{Name: "stranger's " + role, Caller: question.Role(named.partition, question.Stranger, role), Identity: question.Allowing("*")})
		}
	}
	return unique(append(list, Principal{Name: "nobody", Caller: iam.Anonymous()}))
}

// shortARN is "role/name@111122223333".
func shortARN(arn string) string {
	parts := resource.ARN(arn)
	if parts.Service == "" {
		return arn
	}
	return parts.Resource + "@" + parts.AccountID
}

// ShortName is a logical id without the hash that the CDK puts at its end.
func ShortName(logicalID string) string {
	return logicalIDHash.ReplaceAllString(logicalID, "")
}

var logicalIDHash = regexp.MustCompile(`[0-9A-F]{8}$`)

func unique(list []Principal) []Principal {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(p Principal) bool {
		known := seen[p.Name]
		seen[p.Name] = true
		return known
	})
}

// names is who the policies of a set are about.
type names struct {
	partition string
	accounts  []string // that have resources
	users     []string // users and roles whom bucket, key and secret policies name
	trusted   []string // those whom only trust policies name
	services  []string // those that are admitted whatever they act for
	sources   []source // what services are admitted for
}

func policiesName(set *resource.Set) names {
	users, trusted, accounts := map[string]bool{}, map[string]bool{}, map[string]bool{}
	services, sources := map[string]bool{}, map[source]bool{}
	n := names{partition: "aws"}
	for _, b := range set.Buckets {
		n.partition = resource.ARN(b.ARN).Partition
		accounts[b.Account] = true
	}
	for _, p := range set.ResourcePolicies() {
		mention(p.Document, users, services, sources)
	}
	for _, r := range set.Roles {
		accounts[r.Account] = true
		mention(r.Trust.Document, trusted, services, sources)
	}
	maps.DeleteFunc(trusted, func(arn string, _ bool) bool { return users[arn] })
	n.accounts = slices.Sorted(maps.Keys(accounts))
	n.users = slices.Sorted(maps.Keys(users))
	n.trusted = slices.Sorted(maps.Keys(trusted))
	n.services = slices.Sorted(maps.Keys(services))
	n.sources = slices.SortedFunc(maps.Keys(sources), source.compare)
	return n
}

// mention adds whom a policy names, as a principal or in a condition.
func mention(d iam.Document, arns, services map[string]bool, sources map[source]bool) {
	for _, s := range d.Statement {
		if s.Principal != nil {
			for _, arn := range s.Principal.AWS {
				if strings.Contains(arn, ":role/") || strings.Contains(arn, ":user/") {
					arns[arn] = true
				}
			}
			for _, service := range s.Principal.Service {
				if of := sourcesIn(s, service); len(of) > 0 {
					maps.Copy(sources, of)
					continue
				}
				services[service] = true
			}
		}
		for _, keys := range s.Condition {
			for _, arn := range keys[conditionkey.PrincipalARN] {
				arns[arn] = true
			}
		}
	}
}
