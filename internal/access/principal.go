package access

import (
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

	// Class is the name of the principal whose answers this one has where no
	// line of a table names it; "" for nobody's.
	Class string

	// Note is what the name leaves out: a condition in full, a boundary.
	Note string

	conditional bool // Class is meant on every resource
	onBuckets   bool // and here on buckets only

	// open stands for whom the policies admit and no caller can be: an id of what
	// was deleted, or somebody behind a condition that can't be solved.
	open *open
}

const (
	stranger  = "stranger"
	aStranger = "a stranger"
	nobody    = "nobody"
)

// Principals are the principals of the stacks, as the package comment lists
// them.
func Principals(set *resource.Set) []Principal {
	r := readRoster(set)
	var list []Principal
	for _, role := range set.Roles {
		list = append(list, r.own(&role.Identity, role.Caller()))
	}
	for _, u := range set.Users() {
		list = append(list, r.own(u, iam.User(u.ARN)))
	}
	for _, p := range permissionSets(set) {
		list = append(list, p.Principal)
	}
	for _, arn := range sorted(r.users) {
		p := r.outsider(arn, "s3:*")
		if i := set.IdentityOf(p.Caller); i != nil {
			// What its own account could make of one whom another account's
			// policies admit.
			p.Name, p.Identity, p.Class = ShortName(i.LogicalID)+" with all permissions", question.Allowing("*"), r.administrator(i.Account).Name
		}
		list = append(list, p)
		if r.abroad[arn] && set.IdentityOf(p.Caller) == nil {
			p.Name, p.Class = p.Name+" with all permissions", ""
			list = append(list, p.allowed("*"))
		}
	}
	for _, arn := range sorted(r.trusted) {
		if !r.users[arn] {
			list = append(list, r.outsider(arn, "sts:AssumeRole"))
		}
	}
	for _, account := range sorted(r.accounts) {
		list = append(list, r.inAccount(account)...)
	}
	for _, service := range sorted(r.services) {
		list = append(list, r.service(service, question.Stranger, aStranger))
	}
	list = append(list, r.sourcesOf()...)
	list = append(list, r.anyone())
	for _, arn := range append(sorted(r.users), sorted(r.trusted)...) {
		if _, role, ok := strings.Cut(arn, ":role/"); ok {
			list = append(list, Principal{Name: "stranger's " + role, Caller: question.Role(r.partition, question.Stranger, fill(role)), Identity: question.Allowing("*"), Class: stranger})
		}
	}
	list = append(list, Principal{Name: nobody, Caller: iam.Anonymous()})
	slices.SortStableFunc(r.conditional, func(a, b Principal) int { return strings.Compare(a.Name, b.Name) })
	list = append(list, r.conditional...)
	tellPrincipalsApart(list)
	list = unique(list)
	for i := range list {
		list[i].shorten()
	}
	return list
}

// own is a role or user that the stacks make.
func (r *roster) own(i *resource.Identity, c iam.Caller) Principal {
	p := Principal{Name: ShortName(i.LogicalID), Caller: c}
	if i.Boundary != nil {
		p.Note = "within the boundary " + strings.TrimPrefix(i.Boundary.Name, "policy ")
	}
	return p
}

// outsider is somebody whom a policy names, with what its own account lets it do.
func (r *roster) outsider(arn, allowing string) Principal {
	p := Principal{Name: shortARN(arn), Caller: callerOf(arn)}.allowed(allowing)
	if r.accounts[p.Caller.Account()] && allowing == "s3:*" {
		p.Class = "s3-user@" + p.Caller.Account()
	}
	return p
}

// allowed is p with a policy of its own. A federated user has no permission
// beyond those of the session policy that it was made with.
func (p Principal) allowed(actions string) Principal {
	p.Identity = question.Allowing(actions)
	if strings.Contains(p.Caller.ARN(), ":federated-user/") {
		p.Session = p.Identity
	}
	return p
}

// inAccount is who every account has or could have, and the services that act for it.
func (r *roster) inAccount(account string) []Principal {
	administrator := r.administrator(account)
	list := []Principal{
		{Name: "root@" + account, Caller: question.Root(r.partition, account), Class: administrator.Name},
		administrator,
		{Name: "s3-user@" + account, Caller: question.Role(r.partition, account, "s3-user"), Identity: question.Allowing("s3:*"), Class: administrator.Name, onBuckets: true},
	}
	for _, service := range sorted(r.services) {
		list = append(list, r.service(service, account, account))
	}
	return list
}

func (r *roster) administrator(account string) Principal {
	return Principal{Name: "administrator@" + account, Caller: question.Administrator(r.partition, account), Identity: question.Allowing("*")}
}

func (r *roster) anyone() Principal {
	return Principal{Name: stranger, Caller: question.Administrator(r.partition, question.Stranger), Identity: question.Allowing("*")}
}

func (r *roster) service(name, account, whose string) Principal {
	p := Principal{
		Name: name + " for " + whose, Caller: iam.ServicePrincipal(name),
		Context: question.Context{conditionkey.SourceAccount: {account}},
	}
	if whose != aStranger {
		p.Class = r.serving(name)
	}
	return p
}

// serving is the service that acts for a stranger, if that is asked: what it may,
// it may for everybody.
func (r *roster) serving(name string) string {
	if !r.services[name] {
		return ""
	}
	return name + " for " + aStranger
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

// tellPrincipalsApart gives roles and users of one name, such as those of a stack
// that is deployed into two accounts, their account too, and those of one account
// the name that they have there.
func tellPrincipalsApart(list []Principal) {
	for _, further := range []func(iam.Caller) string{
		func(c iam.Caller) string { return "@" + c.Account() },
		func(c iam.Caller) string { return " (" + resource.ARN(c.PrincipalARN()).Resource + ")" },
	} {
		callers := map[string]iam.Caller{}
		several := map[string]bool{}
		for _, p := range list {
			if c, ok := callers[p.Name]; ok && c != p.Caller && p.Caller.PrincipalARN() != "" {
				several[p.Name] = true
			}
			callers[p.Name] = p.Caller
		}
		for i, p := range list {
			if several[p.Name] {
				list[i].Name += further(p.Caller)
			}
			if several[p.Class] && p.conditional {
				list[i].Class += further(p.Caller)
			}
		}
	}
}

func unique(list []Principal) []Principal {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(p Principal) bool {
		known := seen[p.Name]
		seen[p.Name] = true
		return known
	})
}

// shorten keeps a name within what a line of a table has room for; the note has
// all of it.
func (p *Principal) shorten() {
	name := short(p.Name, longestName)
	if name != p.Name && p.Note != "" {
		p.Note = p.Name + "; " + p.Note
	} else if name != p.Name {
		p.Note = p.Name
	}
	p.Name = name
}
