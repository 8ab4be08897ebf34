package bootstrap

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/execution"
	"github.com/s3seal/s3seal/internal/stage"
)

// Together gives the policies of all stages of the file that stand in an
// environment: those that generate gives or, if these are too many for a role, what
// the names of the stages have in common. Those of one alone stay as they are.
func Together(file *stage.File, e stage.Environment, generate PerStage) ([]iam.Document, error) {
	var exact, wide []iam.Statement
	var alone []iam.Document
	stages := 0
	for i := range file.Stages {
		s := &file.Stages[i]
		if !slices.Contains(s.Environments(), e) {
			continue
		}
		all, err := generate(s)
		if err != nil {
			return nil, err
		}
		stages++
		alone = all[e]
		for _, d := range alone {
			exact = append(exact, d.Statement...)
		}
		wide = append(wide, widen(all[e], s, e)...)
	}
	if stages == 1 {
		return alone, nil
	}
	if documents, err := execution.Split(unite(exact)); err == nil && fits(documents) {
		return documents, nil
	}
	for i := range wide {
		wide[i] = concrete(wide[i], e)
	}
	return execution.Split(unite(wide))
}

// fits reports whether a template has room for the documents, and for what is
// around each.
func fits(documents []iam.Document) bool {
	text, err := json.Marshal(documents)
	return err == nil && len(text)+1000+200*len(documents) <= mostTemplate
}

// concrete undoes placed.
func concrete(s iam.Statement, e stage.Environment) iam.Statement {
	undo := strings.NewReplacer("arn:${AWS::Partition}:", "arn:"+e.Partition()+":", "${AWS::AccountId}", e.Account, "${AWS::Region}", e.Region, "${!", "${")
	all := func(list iam.Strings) (out iam.Strings) {
		for _, v := range list {
			out = append(out, undo.Replace(v))
		}
		return out
	}
	s.Resource = all(s.Resource)
	for operator, keys := range s.Condition {
		for key, values := range keys {
			s.Condition[operator][key] = all(values)
		}
	}
	return s
}

// widen writes what a policy says of one stage in one place so that it says the
// same for the other stages in other places: account, Region and partition as
// CloudFormation's pseudo parameters, and "*" for what the stage's own name and
// prefix are in names. Each policy works in its own account only, so what it gains
// are the names of that account which are built as those of a stage are.
func widen(documents []iam.Document, s *stage.Stage, e stage.Environment) []iam.Statement {
	var all []iam.Statement
	for _, d := range documents {
		for _, st := range d.Statement {
			resources := make(iam.Strings, len(st.Resource))
			for i, r := range st.Resource {
				resources[i] = widenARN(r, s, e)
			}
			st.Resource = unique(resources)
			conditions := iam.Condition{}
			for operator, keys := range st.Condition {
				conditions[operator] = map[string]iam.Strings{}
				for key, values := range keys {
					for _, v := range values {
						conditions[operator][key] = append(conditions[operator][key], placed(strings.ReplaceAll(v, "${", "${!"), e))
					}
				}
			}
			if st.Condition != nil {
				st.Condition = conditions
			}
			all = append(all, st)
		}
	}
	return all
}

// hash is what the CDK puts behind a name that it makes of a construct's path,
// whose first part is the stack.
var (
	hash  = regexp.MustCompile(`[0-9A-F]{8}`)
	stars = regexp.MustCompile(`\*{2,}`)
)

func widenARN(arn string, s *stage.Stage, e stage.Environment) string {
	arn = strings.ReplaceAll(arn, "${", "${!") // of policies, not of CloudFormation
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return placed(arn, e)
	}
	name := parts[5]
	for _, word := range []string{s.Prefix, s.Name} {
		name = replaceWord(name, word)
	}
	// Logical ids and names that the CDK makes have no hyphens.
	segment := strings.LastIndexAny(name, "/:") + 1
	if rest, ok := strings.CutPrefix(name[segment:], strings.ReplaceAll(s.Name, "-", "")); ok && rest != "" && 'a' <= rest[0] && rest[0] <= 'z' {
		name = name[:segment] + "*" + hash.ReplaceAllString(rest, "*")
	}
	parts[5] = stars.ReplaceAllString(name, "*")
	return placed(strings.Join(parts, ":"), e)
}

// replaceWord writes "*" where a word stands that no letter or digit touches.
func replaceWord(text, word string) string {
	var b strings.Builder
	for done := 0; ; {
		i := strings.Index(text[done:], word)
		if i < 0 {
			return b.String() + text[done:]
		}
		from, to := done+i, done+i+len(word)
		b.WriteString(text[done:from])
		if from > 0 && isWord(text[from-1]) || to < len(text) && isWord(text[to]) {
			b.WriteString(word)
		} else {
			b.WriteByte('*')
		}
		done = to
	}
}

func isWord(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

// placed writes the pseudo parameters for where a text is about.
func placed(text string, e stage.Environment) string {
	return strings.NewReplacer("arn:"+e.Partition()+":", "arn:${AWS::Partition}:", e.Account, "${AWS::AccountId}", e.Region, "${AWS::Region}").Replace(text)
}

// unite makes one statement of those that differ in their resources only.
func unite(statements []iam.Statement) []iam.Statement {
	var all []iam.Statement
	at := map[string]int{}
	for _, s := range statements {
		condition, _ := json.Marshal(s.Condition) // of strings
		key := fmt.Sprint(s.Action, string(condition))
		i, found := at[key]
		if !found {
			i, at[key] = len(all), len(all)
			all = append(all, iam.Statement{Sid: fmt.Sprintf("Statement%d", i+1), Effect: s.Effect, Action: s.Action, Condition: s.Condition})
		}
		all[i].Resource = append(all[i].Resource, s.Resource...)
	}
	for i := range all {
		all[i].Resource = unique(all[i].Resource)
	}
	return all
}

func unique(list iam.Strings) iam.Strings {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
