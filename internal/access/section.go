package access

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/s3seal/s3seal/iam"
)

// section writes the answers about a resource: who may what by which statement,
// and what is refused to whom.
func (a *asking) section(b *strings.Builder) {
	fmt.Fprintf(b, "\n## %s\n\n", a.Name)
	fmt.Fprintf(b, "`%s`\n\n", a.ARN)
	for _, text := range []string{a.Assumption, a.settings()} {
		if text != "" {
			lines(b, "", text)
			b.WriteString("\n")
		}
	}
	b.WriteString("| who | may | by |\n| --- | --- | --- |\n")
	for p, who := range a.principals {
		grants, class := a.grants(p), a.class(p)
		if class < 0 && len(grants) == 0 || class >= 0 && sameGrants(grants, a.grants(class)) {
			continue
		}
		if len(grants) == 0 {
			grants = []grant{{may: []string{"nothing"}}}
		}
		for _, g := range grants {
			name, by := inCell(who.Name), reasonBeside(g.by, who.Name)
			row(b, g.may, func(may string) string {
				return fmt.Sprintf("| %s | %s | %s |", name, inCell(may), by)
			})
		}
	}
	a.refusalTable(b)
}

func (a *asking) refusalTable(b *strings.Builder) {
	refusals := a.refusals()
	if len(refusals) == 0 && len(a.blockers()) == 0 {
		return
	}
	b.WriteString("\n| operation | refused by | to |\n| --- | --- | --- |\n")
	for _, r := range refusals {
		who := "everybody"
		switch {
		case r.who == everybodyElse:
			who = "everybody else"
		case r.who >= 0:
			who = inCell(a.principals[r.who].Name)
		}
		reason := reasonBeside(r.reason, who)
		row(b, a.summary(r.some, make(operations, len(a.Operations))), func(list string) string {
			return fmt.Sprintf("| %s | %s | %s |", inCell(list), reason, who)
		})
	}
	for _, by := range a.blockers() {
		some := make(operations, len(a.Operations))
		for i, o := range a.Operations {
			some[i] = o.BlockedBy == by
		}
		row(b, a.summary(some, make(operations, len(a.Operations))), func(list string) string {
			return fmt.Sprintf("| %s | %s | whoever may |", inCell(list), by)
		})
	}
}

// blockers are the settings that refuse operations to everybody, in order.
func (a *asking) blockers() []string {
	set := map[string]bool{}
	for _, o := range a.Operations {
		if o.BlockedBy != "" {
			set[o.BlockedBy] = true
		}
	}
	return sorted(set)
}

// reasonBeside is a reason that leaves a name, and any operation, room in a line.
func reasonBeside(reason, name string) string {
	return inCell(short(reason, max(24, widest-longestOperation-utf8.RuneCountInString(name)-len("|  |  |  |"))))
}

// settings are what beside the policies decides about a bucket or a function, as
// words.
func (a *asking) settings() string {
	if a.function != nil && len(a.function.URLs) > 0 {
		return "Has a URL, which authenticates by " + strings.Join(a.function.URLs, ", ") + "."
	}
	if a.bucket == nil {
		return ""
	}
	b := a.bucket
	list := []string{"Default: " + b.Algorithm}
	if k := a.set.KeyWithARN(b.KeyARN); k != nil {
		list[0] += " under " + ShortName(k.LogicalID)
	} else if b.Key != "" {
		list[0] += " under `" + b.Key + "`"
	}
	if b.BucketKey {
		list = append(list, "with a Bucket Key")
	}
	if len(b.Blocked) > 0 {
		list = append(list, "blocks "+strings.Join(b.Blocked, ", "))
	}
	switch b.PublicAccess {
	case iam.PublicAccessBlock{BlockPublicPolicy: true, RestrictPublicBuckets: true}:
		list = append(list, "public access blocked")
	case iam.PublicAccessBlock{}:
		list = append(list, "public access not blocked")
	default:
		list = append(list, "public access blocked in part")
	}
	if b.ACLsInForce() {
		list = append(list, "ACLs in force ("+b.Ownership+")")
	}
	if b.ACL != "" {
		list = append(list, "ACL "+b.ACL)
	}
	return strings.Join(list, "; ") + "."
}
