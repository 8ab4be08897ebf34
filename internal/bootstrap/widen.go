package bootstrap

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/stage"
)

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
	whole := regexp.MustCompile(`(^|[^a-z0-9])` + regexp.QuoteMeta(word) + `($|[^a-z0-9])`)
	for whole.MatchString(text) {
		text = whole.ReplaceAllString(text, "${1}*${2}")
	}
	return text
}

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
			at[key] = len(all)
			s.Sid = ""
			all = append(all, s)
			continue
		}
		all[i].Resource = unique(append(slices.Clone(all[i].Resource), s.Resource...))
	}
	return all
}

func unique(list iam.Strings) iam.Strings {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// pack puts statements into as few documents as IAM has room for.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func pack(statements []iam.Statement) []iam.Document {
	const most = 6144 // characters, of a managed policy
	var all []iam.Document
	length := most
	for _, s := range statements {
		text, _ := json.Marshal(s) // of strings
		if length+len(text) > most-100 {
			all = append(all, iam.Document{Version: iam.Version})
			length = 0
		}
		last := &all[len(all)-1]
		last.Statement = append(last.Statement, s)
		length += len(text) + 1
	}
	return all
}
