package rule

import (
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/template"
)

// checkPlaced checks stacks that leave nothing open. An app of many stages is
// checked group by group, so that no more than one is held resolved, and of
// groups that are alike, one that nothing is said of speaks for the others.
func checkPlaced(stacks []*template.Stack, options Options) Report {
	report := Report{Findings: []Finding{}, Unknown: []Unknown{}, Acknowledged: []Acknowledged{}}
	state := options
	state.Before = nil
	clean, done := newClean(options.Accounts), 0
	for _, group := range placedGroups(stacks) {
		if options.Progress != nil {
			options.Progress(group[0].Name, done)
		}
		done += len(group)
		if clean.has(group) {
			continue
		}
		of := Report{}
		d := newDeployment(group, state)
		d.all = stacks
		d.try(stateRules(), &of)
		if len(of.Findings)+len(of.Unknown)+len(of.Acknowledged) == 0 {
			clean.add(group)
		}
		report.append(of)
	}
	if options.Before != nil { // what moved may have done so from one group to another
		newUpdate(stacks, options).try(beforeRules, &report)
	}
	return report
}

// placedGroups are the stacks that may have to do with each other, as groups has
// them for stacks that leave the same open; those of one account are together.
func placedGroups(stacks []*template.Stack) [][]*template.Stack {
	defines := map[string]int{}
	joined := newJoined(len(stacks))
	for i, s := range stacks {
		l := links{defines: map[string]bool{}}
		l.readNames(s)
		if l.wide {
			return [][]*template.Stack{stacks}
		}
		l.defines[s.Account] = true
		if s.ArtifactID != "" {
			l.defines["artifact "+s.ArtifactID] = true
		}
		for name := range l.defines {
			if first, ok := defines[name]; ok {
				joined.join(first, i)
			} else {
				defines[name] = i
			}
		}
	}
	sorted := slices.Sorted(maps.Keys(defines))
	for i, s := range stacks {
		l := links{mentions: map[string]bool{}}
		l.readMentions(s)
		for _, id := range s.Dependencies {
			l.mentions["artifact "+id] = true
		}
		for name := range l.mentions {
			if of, ok := defines[name]; ok {
				joined.join(of, i)
			} else if strings.ContainsAny(name, "*?") {
				for _, of := range meant(sorted, name) {
					joined.join(defines[of], i)
				}
			}
		}
	}
	return joined.groups(stacks)
}

// clean are groups of stacks of which no rule on stacks as they are says
// anything. It says nothing of another one either that differs from one of them
// in numbers alone, of the accounts and in the names of the stacks, and in what the
// CDK makes of these, each replaced everywhere by the same: no rule looks at such a
// word but to compare it, except with the accounts that it knows.
type clean struct {
	accounts []string
	byForm   map[string][][]template.Form
}

func newClean(accounts []string) *clean {
	return &clean{accounts, map[string][][]template.Form{}}
}

func (c *clean) add(group []*template.Stack) {
	if key, forms := formsOf(group); forms != nil && c.usual(group) {
		c.byForm[key] = append(c.byForm[key], forms)
	}
}

func (c *clean) has(group []*template.Stack) bool {
	key, forms := formsOf(group)
	if forms == nil || !c.usual(group) {
		return false
	}
	own := ownWords(group)
	return slices.ContainsFunc(c.byForm[key], func(one []template.Form) bool { return renamed(one, forms, own) })
}

// ownWords are the words that may stand for those of another group: accounts,
// parts of the stacks' names, and names that the CDK makes of the stage's.
func ownWords(group []*template.Stack) func(word string) bool {
	names, letters := map[string]bool{}, ""
	for _, s := range group {
		names[s.Account] = true
		for word := range template.NumberedWords(s.Name) {
			names[word] = true
		}
		letters = strings.ReplaceAll(s.OfStage(), "-", "")
	}
	return func(word string) bool {
		if names[word] {
			return true
		}
		_, made := template.Hash(word)
		return made && letters != "" && strings.HasPrefix(word, letters)
	}
}

// usual says that the rules know nothing special of the accounts of stacks.
func (c *clean) usual(group []*template.Stack) bool {
	ofAWS := accountsOfServices()
	return !slices.ContainsFunc(group, func(s *template.Stack) bool {
		return ofAWS[s.Account] || placeholder.MatchString(s.Account) || s.Account == question.Stranger ||
			len(c.accounts) > 0 && !slices.Contains(c.accounts, s.Account)
	})
}

// formsOf are the forms of stacks; nil if one has none.
func formsOf(group []*template.Stack) (key string, forms []template.Form) {
	for _, s := range group {
		f, ok := s.Form()
		if !ok {
			return "", nil
		}
		key += string(f.Text[:])
		forms = append(forms, f)
	}
	return key, forms
}

// renamed says whether others have their words in the places of one, each word
// that differs always in the place of the same, and only one of its own.
func renamed(one, others []template.Form, own func(string) bool) bool {
	there, back := map[string]string{}, map[string]string{}
	for i := range one {
		words := slices.Collect(others[i].Words())
		n := 0
		for word := range one[i].Words() {
			if n == len(words) {
				return false
			}
			other := words[n]
			n++
			if known, ok := there[word]; ok && known != other {
				return false
			}
			if known, ok := back[other]; ok && known != word || word != other && !own(other) {
				return false
			}
			there[word], back[other] = other, word
		}
		if n != len(words) {
			return false
		}
	}
	return true
}
