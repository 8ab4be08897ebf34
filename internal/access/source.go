package access

import (
	"cmp"
	"maps"
	"slices"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// source is what a policy admits a service for: the resource and the account
// that the service has to act for (the confused deputy).
type source struct {
	service string
	arn     string // aws:SourceArn; may be a pattern
	account string // aws:SourceAccount, or that of the ARN
}

func (s source) compare(t source) int {
	return cmp.Or(cmp.Compare(s.service, t.service), cmp.Compare(s.account, t.account), cmp.Compare(s.arn, t.arn))
}

// sourcesIn are the sources that a statement names for a service.
func sourcesIn(s iam.Statement, service string) map[source]bool {
	account := ""
	for _, a := range valuesOf(s.Condition, "aws:sourceaccount") {
		account = a
	}
	sources := map[source]bool{}
	for _, arn := range valuesOf(s.Condition, "aws:sourcearn") {
		sources[source{service, arn, cmp.Or(account, resource.ARN(arn).AccountID)}] = true
	}
	return sources
}

// sourcesOf are the services that act for sources: each for every one of its
// own, for each account for another resource there, and for each of its Regions
// for a stranger who names the right one.
func (r *roster) sourcesOf() []Principal {
	sources := slices.SortedFunc(maps.Keys(r.sources), source.compare)
	var list []Principal
	for i, s := range sources {
		list = append(list, r.acting(s, r.nameOf(s), s.account, s.arn))
		same := i+1 < len(sources) && sources[i+1].service == s.service && sources[i+1].account == s.account
		if !same {
			list = append(list, r.acting(s, "another source@"+s.account, s.account, "arn:"+resource.ARN(s.arn).Partition+":s3:::another-source"))
		}
		if !same || resource.ARN(sources[i+1].arn).Region != resource.ARN(s.arn).Region {
			list = append(list, r.acting(s, "a stranger's "+r.nameOf(s), question.Stranger, s.arn))
		}
	}
	return list
}

// acting is the service of a source, for somebody's resource.
func (r *roster) acting(s source, whose, account, arn string) Principal {
	return Principal{
		Name:    s.service + " for " + whose,
		Caller:  iam.ServicePrincipal(s.service),
		Class:   r.serving(s.service),
		Context: question.Context{conditionkey.SourceAccount: {fill(account)}, conditionkey.SourceARN: {fill(arn)}},
	}
}

// servicesOf are a service as a statement admits it: for each of its sources or
// accounts, or for the account itself.
func (r *roster) servicesOf(h held, s iam.Statement, service string) []Principal {
	var list []Principal
	for _, of := range slices.SortedFunc(maps.Keys(sourcesIn(s, service)), source.compare) {
		list = append(list, r.acting(of, r.nameOf(of), of.account, of.arn))
	}
	accounts := valuesOf(s.Condition, "aws:sourceaccount")
	if len(accounts) == 0 {
		accounts = iam.Strings{h.account}
	}
	for _, account := range accounts {
		if len(sourcesIn(s, service)) == 0 {
			list = append(list, r.service(service, fill(account), account))
		}
	}
	return list
}

// nameOf is the name of a source, with its Region where another one has the same.
func (r *roster) nameOf(s source) string {
	name := s.name(r.set)
	for t := range r.sources {
		if t != s && t.service == s.service && t.name(r.set) == name {
			return name + " in " + resource.ARN(s.arn).Region
		}
	}
	return name
}

// name is "SseS3@111122223333" for a bucket of the stacks.
func (s source) name(set *resource.Set) string {
	if parts := resource.ARN(s.arn); parts.Service == "s3" && parts.AccountID == "" {
		if b := set.BucketNamed(parts.Resource); b != nil {
			return ShortName(b.LogicalID) + "@" + s.account
		}
		return parts.Resource + "@" + s.account
	}
	return shortARN(s.arn)
}
