package access

import (
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/resource"
)

// roster is who the policies of a set are about.
type roster struct {
	set         *resource.Set
	partition   string
	accounts    map[string]bool // that have resources, or that a policy admits
	users       map[string]bool // ARNs of users, roles and sessions whom the policies of resources name
	trusted     map[string]bool // ARNs of those whom trust policies name
	abroad      map[string]bool // those of users whom another account's policies name
	services    map[string]bool // those that are admitted whatever they act for
	sources     map[source]bool // what services are admitted for
	conditional []Principal     // those whom only a condition admits or spares
}

func readRoster(set *resource.Set) *roster {
	r := &roster{
		set: set, partition: "aws",
		accounts: map[string]bool{}, users: map[string]bool{}, trusted: map[string]bool{}, abroad: map[string]bool{},
		services: map[string]bool{}, sources: map[source]bool{},
	}
	for _, b := range set.Buckets {
		r.partition = resource.ARN(b.ARN).Partition
		r.accounts[b.Account] = true
	}
	for _, role := range set.Roles {
		r.accounts[role.Account] = true
	}
	held := policiesOf(set)
	for _, h := range held {
		for _, s := range h.document.Statement {
			r.mention(h, s)
		}
	}
	for _, h := range held { // when all accounts are known
		for _, s := range h.document.Statement {
			r.meet(h, s)
		}
	}
	return r
}

// held is a policy with what it belongs to.
type held struct {
	document iam.Document
	arn      string    // of the resource; "" for the policies of a principal, wholeAccount for an organization's
	account  string    // of the resource
	trust    bool      // of a role
	holder   Principal // of an identity policy
}

// wholeAccount stands for every resource, or every caller, of an account.
const wholeAccount = "*"

func policiesOf(set *resource.Set) []held {
	var list []held
	guarded := func(arn, account string, p *iam.Source) {
		if p != nil {
			list = append(list, held{document: p.Document, arn: arn, account: account})
		}
	}
	for _, b := range set.Buckets {
		guarded(b.ARN, b.Account, b.Policy)
	}
	for _, a := range set.AccessPoints {
		guarded(a.ARN, a.Account, a.Policy)
	}
	for _, k := range set.Keys {
		guarded(k.ARN, k.Account, k.Policy)
	}
	for _, s := range set.Secrets {
		guarded(s.ARN, s.Account, s.Policy)
	}
	for _, f := range set.Functions {
		guarded(f.ARN, f.Account, f.Policy)
	}
	var r roster
	attached := func(i *resource.Identity, p Principal) {
		for _, own := range i.Policies {
			list = append(list, held{document: own.Document, holder: p})
		}
		if i.Boundary != nil {
			list = append(list, held{document: i.Boundary.Document, holder: p})
		}
	}
	for _, role := range set.Roles {
		list = append(list, held{document: role.Trust.Document, arn: role.ARN, account: role.Account, trust: true})
		attached(&role.Identity, r.own(&role.Identity, role.Caller()))
	}
	for _, u := range set.Users() {
		attached(u, r.own(u, iam.User(u.ARN)))
	}
	for _, p := range permissionSets(set) {
		attached(p.identity, p.Principal)
	}
	return append(list, organizationOf(set)...)
}

// organizationOf are the policies of the organization, once for each account
// that has buckets.
func organizationOf(set *resource.Set) []held {
	var list []held
	o := set.Organization()
	seen := map[string]bool{}
	for _, b := range set.Buckets {
		if seen[b.Account] {
			continue
		}
		seen[b.Account] = true
		for _, level := range slices.Concat(o.ServiceControl(b.Account), o.ResourceControl(b.Account)) {
			for _, p := range level {
				list = append(list, held{document: p.Document, arn: wholeAccount, account: b.Account})
			}
		}
	}
	return list
}

// assigned is a permission set in an account, where it is a role.
type assigned struct {
	Principal
	identity *resource.Identity
}

func permissionSets(set *resource.Set) []assigned {
	var list []assigned
	var r roster
	for _, p := range set.PermissionSets {
		for _, account := range p.Accounts {
			who := r.own(&p.Identity, p.Caller(account))
			who.Name = "permission set " + p.Name + "@" + account
			list = append(list, assigned{who, &p.Identity})
		}
	}
	return list
}

// mention adds whom a statement names, as a principal or in a condition.
func (r *roster) mention(h held, s iam.Statement) {
	name := func(arn string) {
		if h.trust {
			r.trusted[arn] = true
			return
		}
		r.users[arn] = true
		if resource.ARN(arn).AccountID != h.account && h.arn != "" && h.arn != wholeAccount {
			r.abroad[arn] = true
		}
	}
	for _, p := range []*iam.Principal{s.Principal, s.NotPrincipal} {
		if p == nil {
			continue
		}
		for _, who := range p.AWS {
			switch account := accountOf(who); {
			case nameable(who):
				name(who)
			case account != "":
				r.accounts[account] = true
			}
		}
		for _, service := range p.Service {
			if of := sourcesIn(s, service); len(of) > 0 {
				maps.Copy(r.sources, of)
				continue
			}
			r.services[service] = true
			for _, account := range valuesOf(s.Condition, "aws:sourceaccount") {
				r.conditional = append(r.conditional, r.service(service, fill(account), account))
			}
		}
	}
	for _, k := range keysOf(s.Condition) {
		for _, value := range k.values {
			switch {
			case k.lower == "aws:principalarn" && nameable(value):
				name(value)
			case k.lower == "aws:principalarn" && accountOf(value) != "":
				r.accounts[accountOf(value)] = true
			case isAccount(value) && slices.Contains([]string{"aws:principalaccount", "kms:calleraccount"}, k.lower):
				r.accounts[value] = true
			case strings.HasPrefix(k.lower, "aws:principalservicename"):
				r.services[value] = true
			}
		}
	}
}

// nameable says whether an ARN is that of a role, a user or a session, or a
// pattern that one of them fits.
func nameable(arn string) bool {
	parts := resource.ARN(arn)
	return parts.Service == "iam" && (strings.HasPrefix(parts.Resource, "role/") || strings.HasPrefix(parts.Resource, "user/") || strings.HasPrefix(parts.Resource, "*")) ||
		parts.Service == "sts" && strings.Count(parts.Resource, "/") == 2 && strings.HasPrefix(parts.Resource, "assumed-role/") ||
		parts.Service == "sts" && strings.HasPrefix(parts.Resource, "federated-user/")
}

// accountOf is the account that a principal stands for: its number, or the ARN of its root.
func accountOf(principal string) string {
	if parts := resource.ARN(principal); parts.Service == "iam" && parts.Resource == "root" {
		principal = parts.AccountID
	}
	if isAccount(principal) {
		return principal
	}
	return ""
}

func isAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

func sorted[T ~string](set map[T]bool) []T { return slices.Sorted(maps.Keys(set)) }
