package access

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/resource"
)

// Principal is somebody who asks.
type Principal struct {
	Name     string
	Caller   iam.Caller
	Identity []iam.Source           // for whom the stacks do not make
	Context  map[string]iam.Strings // that every request of this principal has
}

// Principals are the principals of the stacks, as the package comment lists
// them.
func Principals(set *resource.Set) []Principal {
	named := policiesName(set)
	var list []Principal
	for _, r := range set.Roles {
		list = append(list, Principal{Name: ShortName(r.LogicalID), Caller: r.Caller()})
	}
	for _, arn := range named.users {
		if role := set.RoleWithARN(arn); role != nil {
			// What its own account could make of a role that another
			// account's policies admit.
			list = append(list, Principal{
				Name: ShortName(role.LogicalID) + " with all permissions", Caller: role.Caller(), Identity: everything("*"),
			})
			continue
		}
		list = append(list, Principal{Name: shortARN(arn), Caller: caller(arn), Identity: everything("s3:*")})
	}
	for _, arn := range named.trusted {
		list = append(list, Principal{Name: shortARN(arn), Caller: caller(arn), Identity: everything("sts:AssumeRole")})
	}
	for _, account := range named.accounts {
		prefix := "arn:" + named.partition + ":iam::" + account
		list = append(list,
			Principal{Name: "root@" + account, Caller: iam.AccountRoot(prefix + ":root")},
			Principal{Name: "administrator@" + account, Caller: iam.RoleSession(prefix+":role/administrator", "session"), Identity: everything("*")},
			Principal{Name: "s3-user@" + account, Caller: iam.RoleSession(prefix+":role/s3-user", "session"), Identity: everything("s3:*")},
		)
		for _, service := range named.services {
			list = append(list, Principal{
				Name:    service + " for " + account,
				Caller:  iam.ServicePrincipal(service),
				Context: map[string]iam.Strings{"aws:SourceAccount": {account}},
			})
		}
	}
	for _, service := range named.services {
		list = append(list, Principal{
			Name:    service + " for a stranger",
			Caller:  iam.ServicePrincipal(service),
			Context: map[string]iam.Strings{"aws:SourceAccount": {Stranger}},
		})
	}
	list = append(list, sourcesOf(set, named.sources)...)
	stranger := "arn:" + named.partition + ":iam::" + Stranger + ":role/"
	list = append(list, Principal{Name: "stranger", Caller: iam.RoleSession(stranger+"administrator", "session"), Identity: everything("*")})
	for _, arn := range slices.Concat(named.users, named.trusted) {
		if _, role, ok := strings.Cut(arn, ":role/"); ok {
			list = append(list, Principal{Name: "stranger's " + role, Caller: iam.RoleSession(stranger+role, "session"), Identity: everything("*")})
		}
	}
	return unique(append(list, Principal{Name: "nobody", Caller: iam.Anonymous()}))
}

// WithAllPermissions is p with an IAM policy that allows everything.
func (p Principal) WithAllPermissions() Principal {
	p.Identity = everything("*")
	return p
}

func everything(action string) []iam.Source {
	return []iam.Source{{
		Name: "own IAM policy",
		Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
			Sid: "IAM", Effect: iam.Allow, Action: iam.Strings{action}, Resource: iam.Strings{"*"},
		}}},
	}}
}

func caller(arn string) iam.Caller {
	if strings.Contains(arn, ":user/") {
		return iam.User(arn)
	}
	return iam.RoleSession(arn, "session")
}

// shortARN is "role/name@111122223333".
func shortARN(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 {
		return arn
	}
	return parts[5] + "@" + parts[4]
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
		n.partition = strings.Split(b.ARN, ":")[1]
		accounts[b.Account] = true
		if b.Policy != nil {
			mention(b.Policy.Document, users, services, sources)
		}
	}
	for _, k := range set.Keys {
		mention(k.Policy.Document, users, services, sources)
	}
	for _, s := range set.Secrets {
		if s.Policy != nil {
			mention(s.Policy.Document, users, services, sources)
		}
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
			for _, arn := range keys["aws:PrincipalArn"] {
				arns[arn] = true
			}
		}
	}
}
