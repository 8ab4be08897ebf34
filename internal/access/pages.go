package access

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/s3seal/s3seal/internal/alike"
	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/policyfile"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// Pages gives a page for every stage, and for every stack that belongs to none,
// by the name of its file. The organization limits all of them. Of stages that
// are alike in a snapshot, the page of one stands for those of all that would
// read the same but for names, accounts, Regions and tags of their own.
func Pages(a *template.Assembly, o policyfile.Organization, page func(title string, stacks []*template.Stack, set *resource.Set) string) map[string]string {
	p := pages{o, page, map[string][]*template.Stack{}}
	var stages []string
	for _, s := range a.Stacks {
		name := StageOf(s)
		if p.stacks[name] == nil {
			stages = append(stages, name)
		}
		p.stacks[name] = append(p.stacks[name], s)
	}
	members := map[string]alike.Member{}
	for _, m := range a.Members {
		members[m.Stage()] = m
	}
	files, stands := map[string]string{}, map[string][]string{}
	for _, m := range a.Members { // in the order of the list, whatever that of the stacks is
		if m.Stage() != m.Like && p.reads(m, members[m.Like], files) {
			stands[m.Like] = append(stands[m.Like], m.Stage())
			delete(p.stacks, m.Stage())
		}
	}
	for _, name := range stages {
		if p.stacks[name] == nil {
			continue
		}
		text := p.of(name, files)
		if others := stands[name]; others != nil {
			title, rest, _ := strings.Cut(text, "\n\n")
			text = title + "\n\n" + standsFor(others) + "\n" + rest
		}
		files[name+".md"] = text
	}
	return files
}

type pages struct {
	organization policyfile.Organization
	page         func(title string, stacks []*template.Stack, set *resource.Set) string
	stacks       map[string][]*template.Stack // by stage
}

// of is a stage's page, made once.
func (p *pages) of(stage string, files map[string]string) string {
	if files[stage+".md"] == "" {
		set := resource.Read(p.stacks[stage])
		set.Limit(p.organization)
		files[stage+".md"] = p.page(stage, p.stacks[stage], set)
	}
	return files[stage+".md"]
}

// reads says whether the page of a member reads as that of one that stands for
// it. Nothing but the partition tells accounts and Regions apart there, unless an
// organization's policies do; then both are made.
func (p *pages) reads(m, like alike.Member, files map[string]string) bool {
	for _, region := range []string{alike.Region, alike.ReplicaRegion} {
		if partition.Of(m.Values[region]) != partition.Of(like.Values[region]) {
			return false
		}
	}
	if len(p.organization.SCPs)+len(p.organization.RCPs) == 0 {
		return true
	}
	return SamePage(like, p.of(like.Stage(), files), m, p.of(m.Stage(), map[string]string{}))
}

// SamePage says whether the pages of two members read the same but for what is
// each one's own, and for the stand-ins of what AWS will call its resources.
func SamePage(a alike.Member, page string, b alike.Member, other string) bool {
	form, ok := a.Form(page)
	own, also := b.Form(other)
	return ok && also && withoutStandIns(form) == withoutStandIns(own)
}

// withoutStandIns leaves out what package template makes up of the names of AWS.
func withoutStandIns(form string) string {
	return hashes.ReplaceAllString(cutNames.ReplaceAllString(form, "$1…"), "$1…")
}

var (
	// cutNames are logical ids that are cut, as CloudFormation does, where the
	// stack's name leaves them no room.
	cutNames = regexp.MustCompile(`(\x00stage\x00)[-0-9A-Za-z]*-[0-9A-Z]{12}\b`)
	hashes   = regexp.MustCompile(`(:secret:[^` + "`" + `\s]*-)[0-9A-Za-z]{6}\b|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
)

// standsFor lists the stages that a page stands for.
func standsFor(stages []string) string {
	const room = 100
	var b strings.Builder
	words := strings.Fields(fmt.Sprintf("It is also the page of these stages, which differ in names, accounts, Regions and tags with placeholders only (test/snapshots/%s): %s.",
		alike.FileName, strings.Join(stages, ", ")))
	width := 0
	for _, w := range words {
		if width > 0 && width+1+len(w) > room {
			b.WriteString("\n")
			width = 0
		}
		if width > 0 {
			b.WriteString(" ")
			width++
		}
		b.WriteString(w)
		width += len(w)
	}
	return b.String() + "\n"
}
