package policyfile

import (
	"errors"
	"fmt"
	"slices"

	"github.com/s3seal/s3seal/iam"
)

// Organization is the policies of AWS Organizations. They limit whole accounts
// and allow nothing. The zero value limits nobody.
type Organization struct {
	// Management is the account that no policy of the organization limits; "": it is
	// not among those that are asked about.
	// Source: AWS Organizations user guide, orgs_manage_policies_scps.
	Management string

	SCPs []Level // service control policies: whom the accounts' users and roles are limited by
	RCPs []Level // resource control policies: what the accounts' resources are limited by
}

// Level is a root, a unit or an account of an organization with all policies of a
// kind that are attached to it. A request must pass every level over its account.
type Level struct {
	Accounts []string // those under it; none: all
	Policies []iam.Source
}

// ServiceControl are the SCPs over an account.
func (o Organization) ServiceControl(account string) [][]iam.Source { return o.over(account, o.SCPs) }

// ResourceControl are the RCPs over an account.
func (o Organization) ResourceControl(account string) [][]iam.Source { return o.over(account, o.RCPs) }

func (o Organization) over(account string, levels []Level) [][]iam.Source {
	if account == o.Management {
		return nil
	}
	var list [][]iam.Source
	for _, l := range levels {
		if len(l.Accounts) == 0 || slices.Contains(l.Accounts, account) {
			list = append(list, l.Policies)
		}
	}
	return list
}

// NewSCPs makes a level of SCPs. Where none of them allows anything they are taken
// to stand beside FullAWSAccess, which Organizations attaches to every level:
// without it the accounts could do nothing.
//
// Source: AWS Organizations user guide, orgs_manage_policies_scps_evaluation and
// orgs_manage_policies_scps_syntax.
func NewSCPs(accounts []string, policies ...iam.Source) (Level, error) {
	l := Level{accounts, policies}
	allows := false
	for _, p := range policies {
		if i := namesPrincipal(p); i >= 0 {
			return Level{}, fmt.Errorf("%s: Statement[%d] names a principal, which no SCP does: an SCP is about all users and roles of its accounts", p.Name, i)
		}
		for _, s := range p.Document.Statement {
			allows = allows || s.Effect == iam.Allow
		}
	}
	if !allows {
		l.Policies = append(slices.Clone(policies), full("FullAWSAccess", nil))
	}
	return l, nil
}

// namesPrincipal is the first statement of a policy that names a principal; -1
// for none.
func namesPrincipal(p iam.Source) int {
	return slices.IndexFunc(p.Document.Statement, func(s iam.Statement) bool { return s.Principal != nil || s.NotPrincipal != nil })
}

// NewRCPs makes a level of RCPs, beside RCPFullAWSAccess, which can't be detached.
//
// Source: AWS Organizations user guide, orgs_manage_policies_rcps_syntax.
func NewRCPs(accounts []string, policies ...iam.Source) (Level, error) {
	for _, p := range policies {
		for i, s := range p.Document.Statement {
			if why := notOfRCP(s); why != nil {
				return Level{}, fmt.Errorf("%s: Statement[%d] %w", p.Name, i, why)
			}
		}
	}
	return Level{accounts, append(slices.Clone(policies), full("RCPFullAWSAccess", &iam.Principal{Any: true}))}, nil
}

func notOfRCP(s iam.Statement) error {
	switch {
	case s.Effect == iam.Allow:
		return errors.New("allows, and an RCP only denies: turn it into a Deny of what it leaves out")
	case slices.Contains(s.Action, "*"):
		return errors.New("has the Action \"*\", which only AWS's own RCP has: write the services, such as s3:*")
	case s.NotPrincipal != nil || len(s.NotAction) > 0:
		return errors.New("has NotPrincipal or NotAction, which an RCP can't have: write Principal \"*\" with a Condition, and Action")
	case s.Principal == nil || !s.Principal.Any && !slices.Equal(s.Principal.AWS, iam.Strings{"*"}):
		return errors.New("has another Principal than \"*\", the only one of an RCP: write \"*\", and whom it is about as a Condition")
	}
	return nil
}

func full(name string, principal *iam.Principal) iam.Source {
	return iam.Source{Name: name, Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Principal: principal, Action: iam.Strings{"*"}, Resource: iam.Strings{"*"},
	}}}}
}

// ReadSCPs reads a level of SCPs from files.
func ReadSCPs(accounts []string, files ...string) (Level, error) {
	return readLevel(NewSCPs, accounts, files)
}

// ReadRCPs reads a level of RCPs from files.
func ReadRCPs(accounts []string, files ...string) (Level, error) {
	return readLevel(NewRCPs, accounts, files)
}

func readLevel(level func([]string, ...iam.Source) (Level, error), accounts, files []string) (Level, error) {
	var policies []iam.Source
	var errs []error
	for _, file := range files {
		p, err := Read(file)
		policies, errs = append(policies, p), append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return Level{}, err
	}
	return level(accounts, policies...)
}
