package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
)

// keyTests are all lines of a condition that are about one key, whose name
// counts in any case.
type keyTests struct {
	name, lower string
	tests       iam.Condition // by operator; the key is probe
	values      iam.Strings   // of all operators but Null
	known       map[string]bool
}

// probe stands for the key when its values are looked for: one that IAM
// derives from no caller.
const probe = "aws:PrincipalTag/probe"

// keysOf are the keys of a condition, in order.
func keysOf(c iam.Condition) []*keyTests {
	var list []*keyTests
	for operator, keys := range c {
		for name, values := range keys {
			lower := strings.ToLower(name)
			i := slices.IndexFunc(list, func(k *keyTests) bool { return k.lower == lower })
			if i < 0 {
				i = len(list)
				list = append(list, &keyTests{name: name, lower: lower, tests: iam.Condition{}})
			}
			k := list[i]
			k.name = min(k.name, name)
			if k.tests[operator] == nil {
				k.tests[operator] = map[string]iam.Strings{}
			}
			k.tests[operator][probe] = append(k.tests[operator][probe], values...)
			if operator != "Null" {
				k.values = append(k.values, values...)
			}
		}
	}
	for _, k := range list {
		slices.Sort(k.values)
	}
	slices.SortFunc(list, func(a, b *keyTests) int { return cmp.Compare(a.lower, b.lower) })
	return list
}

func valuesOf(c iam.Condition, lower string) iam.Strings {
	for _, k := range keysOf(c) {
		if k.lower == lower {
			return k.values
		}
	}
	return nil
}

// asked are the keys that the operations have, with every value that tells
// something; all others come with whoever asks.
var asked = lowerCase(conditionkey.SecureTransport, conditionkey.TLSVersion, conditionkey.ACL, conditionkey.Encryption,
	conditionkey.KMSKeyID, conditionkey.CustomerAlgorithm, conditionkey.ViaService, conditionkey.S3Context)

// derived are the keys that follow from who asks, or from the resource.
var derived = lowerCase(conditionkey.PrincipalARN, conditionkey.PrincipalAccount, conditionkey.PrincipalIsAWSService,
	conditionkey.CallerAccount, "aws:FederatedProvider", "aws:PrincipalServiceName", "aws:PrincipalType", "aws:username",
	"aws:ResourceAccount", "s3:ResourceAccount")

func lowerCase(keys ...string) map[string]bool {
	set := map[string]bool{}
	for _, k := range keys {
		set[strings.ToLower(k)] = true
	}
	return set
}

// state is a key at a value, with words for it.
type state struct {
	key, value, words string
	further           question.Context // that the value's variables need
}

// states are the values of a key that its lines tell apart: those that satisfy
// them all, and those that a negated line keeps out. absent says that the lines
// hold without the key too.
func (k *keyTests) states() (fitting, excluded []state, absent bool) {
	absent = k.hold(nil)
	for _, c := range k.candidates() {
		if k.fits(c) {
			fitting = append(fitting, c)
		} else {
			excluded = append(excluded, c)
		}
	}
	return fitting, excluded, absent
}

func (k *keyTests) fits(s state) bool {
	return k.hold(question.With(s.further, question.Context{probe: {s.value}}))
}

// holdsAt says whether the lines hold at a value; many operations have the same.
func (k *keyTests) holdsAt(value string) bool {
	if _, ok := k.known[value]; !ok {
		if k.known == nil {
			k.known = map[string]bool{}
		}
		k.known[value] = k.hold(question.Context{probe: {value}})
	}
	return k.known[value]
}

// hold asks the evaluator itself, which alone knows what the operators mean.
func (k *keyTests) hold(c question.Context) bool {
	return holds(k.tests, c)
}

func holds(c iam.Condition, keys question.Context) bool {
	everything := iam.Source{Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Action: iam.Strings{"*"}, Resource: iam.Strings{"*"}, Condition: c,
	}}}}
	return iam.Evaluate(iam.Request{
		Caller: question.Administrator("aws", question.Stranger), Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/object",
		ResourceAccount: question.Stranger, Context: keys,
	}, iam.Policies{Identity: []iam.Source{everything}}).Allowed
}
