package access

import (
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/resource"
)

// A table that is short because it leaves something out is no proof: every
// answer is read back from the printed page, as a reviewer would read it.
func TestEveryAnswerCanBeReadFromThePage(t *testing.T) {
	t.Parallel()
	if !testing.Short() {
		a := readAssembly(t, examples)
		for _, stage := range []string{"full", "wide"} { // which have every option
			stacks := Stacks(a, stage)
			set := resource.Read(stacks)
			compareWithPage(t, stage, set, readPage(Markdown(stage, stacks, set)))
		}
	}
	// What the reviewed stages have none of: the public, somebody who is spared,
	// what is not read, and long names.
	set := readResources(t, strings.ReplaceAll(someBucket, "%s", `
		{"Sid": "Public", "Effect": "Allow", "Principal": "*", "Action": "s3:Get*", "Resource": "arn:aws:s3:::data/*"},
		{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/`+strings.Repeat("a-long-name-", 9)+`"}, "Action": ["s3:PutObject", "s3:PutObjectAcl"], "Resource": "arn:aws:s3:::data/`+strings.Repeat("a/long/key/", 9)+`*"},
		{"Sid": "Pipe", "Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::data", "Condition": {"StringEquals": {"s3:prefix": ["a|b", ""]}}},
		{"Sid": "Spares", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::data/*", "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}, "Null": {"aws:SourceVpce": "true"}}},
		{"Sid": "Canonical", "Effect": "Allow", "Principal": {"CanonicalUser": "79a5"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"}`)+`,
		"Guest": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/NoSuchPolicyAtAll"],
			"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Federated": "accounts.google.com"}, "Action": "sts:AssumeRoleWithWebIdentity"}]}}}`)
	set.Buckets[0].PublicAccess.RestrictPublicBuckets = false
	compareWithPage(t, "one bucket", set, readPage(Markdown("one bucket", nil, set)))
}

func compareWithPage(t *testing.T, page string, set *resource.Set, read map[string]*section) {
	t.Helper()
	principals := Principals(set)
	wrong, answers := 0, 0
	for _, r := range Resources(set) {
		a := notAsked(set, principals, r)
		s := read[a.Name]
		if s == nil {
			t.Errorf("%s: no section %s", page, a.Name)
			continue
		}
		for p, who := range principals {
			for i, o := range a.Operations {
				answers++
				if got, want := s.answer(a, p, i), cellOf(Ask(set, who, o), o); !got.is(want) {
					if wrong++; wrong < 9 {
						t.Errorf("%s: %s: %s, %s: read %v, want %v", page, a.Name, who.Name, o.Name, got, want)
					}
				}
			}
		}
	}
	if answers == 0 || wrong > 0 {
		t.Errorf("%s: %d of %d answers are read wrongly", page, wrong, answers)
	}
}

// section is the two tables of a resource, by whom they are about.
type section struct{ may, refused map[string][]tableRow }

type tableRow struct {
	operations []string
	by         string
}

func readPage(text string) map[string]*section {
	sections := map[string]*section{}
	var s *section
	refusals := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "## "); ok {
			s, refusals = &section{map[string][]tableRow{}, map[string][]tableRow{}}, false
			sections[name] = s
		}
		cells := strings.Split(strings.Trim(strings.ReplaceAll(line, `\|`, "\x00"), "|"), " | ")
		if s == nil || len(cells) != 3 || strings.Contains(line, "---") {
			continue
		}
		for i := range cells {
			cells[i] = strings.ReplaceAll(strings.TrimSpace(cells[i]), "\x00", "|")
		}
		switch {
		case cells[0] == "operation":
			refusals = true
		case refusals:
			s.refused[cells[2]] = append(s.refused[cells[2]], tableRow{strings.Split(cells[0], "; "), cells[1]})
		default:
			s.may[cells[0]] = append(s.may[cells[0]], tableRow{strings.Split(cells[1], "; "), cells[2]})
		}
	}
	return sections
}

// answer is what the page says of somebody and an operation.
func (s *section) answer(a *asking, p, operation int) cell {
	reason := s.refusal(a, p, operation)
	if reason != notRefused {
		return cell{isDenied, reason}
	}
	who := p
	for who >= 0 && s.may[a.principals[who].Name] == nil {
		who = a.class(who)
	}
	if who < 0 {
		return cell{}
	}
	for _, row := range s.may[a.principals[who].Name] {
		if row.has(a, operation) {
			return cell{isAllowed, row.by}
		}
	}
	return cell{}
}

func (s *section) refusal(a *asking, p, operation int) string {
	find := func(who string) string {
		for _, row := range s.refused[who] {
			if row.has(a, operation) {
				return row.by
			}
		}
		return ""
	}
	if all := find("everybody"); all != "" {
		return all
	}
	for ; p >= 0; p = a.class(p) {
		if reason := find(a.principals[p].Name); reason != "" {
			return reason
		}
	}
	if others := find("everybody else"); others != "" {
		return others
	}
	return notRefused
}

func (r tableRow) has(a *asking, operation int) bool {
	o := a.Operations[operation]
	return slices.ContainsFunc(r.operations, func(name string) bool {
		g := slices.IndexFunc(groups, func(g group) bool { return g.name == name })
		return name == o.Name || name == everything || g >= 0 && groups[g].has(o)
	})
}

// is compares with what was asked: the page may have cut the reason.
func (c cell) is(asked cell) bool {
	if asked.verdict == isUnknown {
		asked = cell{isDenied, asked.refusal()}
	}
	start, _, cut := strings.Cut(c.by, "…")
	return c.verdict == asked.verdict && (c.by == asked.by || cut && strings.HasPrefix(asked.by, start))
}
