// Package problem finds what AWS refuses in a policy document that follows IAM's
// grammar, and what it ignores without a word: an action that doesn't exist, a
// condition key that no request carries, a statement that never matches.
//
// AWS adds actions and keys all the time, so what is not in the data of the package
// authorization counts as misspelt only if it is close to something that is.
package problem

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/authorization"
)

// Kind is what a policy belongs to.
type Kind int

// The kinds of policies. Other is a resource policy of which no more is known.
const (
	Identity Kind = iota // of a user, role or group, a boundary or a session policy
	Bucket
	AccessPoint
	Key
	Trust
	Secret
	Control // an SCP or RCP
	Other
)

// Subject is what a policy is of. ARN is "" where it isn't known.
type Subject struct {
	Kind Kind
	ARN  string
}

// Code tells what kind of mistake a problem is.
type Code int

// The kinds of mistakes.
const (
	PrincipalMissing Code = iota
	PrincipalProhibited
	PrincipalMisspelt
	PrincipalUnsupported // of trust policies only
	TenantUnchecked      // anybody of a shared identity provider
	ResourceMissing
	ResourceProhibited
	ResourceMalformed
	ResourceElsewhere // not what the policy is of
	ActionUnknown
	ActionElsewhere // of a service that the policy is not of
	ActionWithoutResource
	KeyUnknown
	KeyInapplicable
	OperatorUnfit
	ValueUnfit
	Contradiction
	RolesAllPassed
	PartitionUnknown
	ResourceCut // an ARN with too few parts
)

// Problem is one mistake.
type Problem struct {
	Statement int    // its index
	Element   string // "Action", "Condition.StringEquals.s3:prefix"
	Code      Code
	Text      string // what is wrong, and what to write

	// Refused is whether AWS refuses the policy; else it accepts it, and the
	// statement does less or more than it says. Words are those of the service. A
	// problem that has them and isn't Refused is about what AWS may have added since
	// authorization.Date: if it hasn't, it refuses the policy.
	Refused bool
	Words   string
}

// where is the place of a problem, as the errors of [iam.ParseDocument] write it.
func (p Problem) where() string { return fmt.Sprintf("Statement[%d].%s: ", p.Statement, p.Element) }

// Find gives the problems of a policy, statement by statement.
func Find(d iam.Document, of Subject) []Problem {
	var found []Problem
	for i := range d.Statement {
		c := &checker{subject: of, statement: &d.Statement[i], index: i, matched: map[string][]authorization.Action{}}
		c.principals()
		c.resources()
		c.actions()
		c.actionsOnResources()
		c.conditions()
		c.contradictions()
		c.passedRoles()
		found = append(found, c.found...)
	}
	return found
}

// checker looks at one statement.
type checker struct {
	subject   Subject
	statement *iam.Statement
	index     int
	matched   map[string][]authorization.Action // by pattern
	found     []Problem
}

func (c *checker) is(kinds ...Kind) bool { return slices.Contains(kinds, c.subject.Kind) }

// wrong reports a mistake that the service refuses, if it has words for it. about is
// the word that is wrong.
func (c *checker) wrong(code Code, element, about, format string, args ...any) {
	said := strings.ReplaceAll(words[c.subject.Kind][code], "%s", about)
	c.found = append(c.found, Problem{c.index, element, code, fmt.Sprintf(format, args...), said != "", said})
}

// doubtful is wrong for what AWS may have added since.
func (c *checker) doubtful(code Code, element, about, format string, args ...any) {
	c.wrong(code, element, about, format, args...)
	c.found[len(c.found)-1].Refused = false
}

// ignored reports a mistake that the service accepts, as far as is known.
func (c *checker) ignored(code Code, element, format string, args ...any) {
	c.found = append(c.found, Problem{c.index, element, code, fmt.Sprintf(format, args...), false, ""})
}

// nothing is what comes of a statement that never matches.
func (c *checker) nothing() string {
	if c.statement.Effect == iam.Deny {
		return "the statement refuses nothing"
	}
	return "the statement gives nothing"
}

// everything is what comes of a condition that is always fulfilled.
func (c *checker) everything() string {
	if c.statement.Effect == iam.Deny {
		return "the statement refuses as if the condition weren't there"
	}
	return "the statement allows as if the condition weren't there"
}
