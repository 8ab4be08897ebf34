package resource

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/policyfile"
	"github.com/s3seal/s3seal/internal/template"
)

// Limit adds policies of an organization, which no template tells.
func (s *Set) Limit(o policyfile.Organization) {
	s.organization.SCPs = append(s.organization.SCPs, o.SCPs...)
	s.organization.RCPs = append(s.organization.RCPs, o.RCPs...)
	if o.Management != "" {
		s.organization.Management = o.Management
	}
}

// Organization is all of the organization's policies that are read.
func (s *Set) Organization() policyfile.Organization { return s.organization }

// takeOrganization finds what the organization leaves of the caller's account and
// of the resource's.
func (s *Set) takeOrganization(q *question) {
	q.policies.SCPs = s.organization.ServiceControl(q.Caller.Account())
	q.policies.RCPs = s.organization.ResourceControl(q.request.ResourceAccount)
	for _, l := range s.unreadLimits {
		if account := l.of(q); l.account == "" || l.account == account {
			q.limits = append(q.limits, l.Unread)
		}
	}
}

// unreadLimit is a policy of an organization that may be over an account; "" for
// all accounts.
type unreadLimit struct {
	Unread
	account    string
	ofResource bool // an RCP
}

func (l unreadLimit) of(q *question) string {
	if l.ofResource {
		return q.request.ResourceAccount
	}
	return q.Caller.Account()
}

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

// readOrganization reads the SCPs and RCPs that stacks make. One whose targets are
// a root or a unit, whose accounts no template tells, may limit any account. One
// that allows limits an account only if FullAWSAccess was taken from it.
func (s *Set) readOrganization(stacks []*template.Stack) {
	for _, stack := range stacks {
		for _, r := range stack.ResourcesOfType("AWS::Organizations::Policy") {
			if created, err := r.Created(); err == nil && !created {
				continue
			}
			kind, err := r.Properties().Get("Type").String()
			ofResource := kind == "RESOURCE_CONTROL_POLICY"
			if err == nil && !ofResource && kind != "SERVICE_CONTROL_POLICY" {
				continue // such as a tag policy: no request is decided by it
			}
			targets, targetsErr := r.Properties().Get("TargetIds").Default([]any{}).Strings()
			if targetsErr != nil || err != nil {
				s.mayLimit(r, ofResource, "", errors.Join(err, targetsErr))
				continue
			}
			for _, target := range targets {
				if !accountID.MatchString(target) {
					s.mayLimit(r, ofResource, "", fmt.Errorf("which accounts are under %s, which %s limits", target, r.LogicalID))
				} else if err := s.limitAccount(r, ofResource, target); err != nil {
					s.mayLimit(r, ofResource, target, err)
				}
			}
		}
	}
}

func (s *Set) limitAccount(r *template.Resource, ofResource bool, account string) error {
	p := readPolicy(r, OrganizationPolicy, r.Properties(), "Content")
	if _, err := r.Created(); err != nil || p.Err != nil {
		return errors.Join(err, p.Err)
	}
	list, level := &s.organization.SCPs, policyfile.NewSCPs
	if ofResource {
		list, level = &s.organization.RCPs, policyfile.NewRCPs
	}
	if slices.ContainsFunc(p.Statements, func(st Statement) bool { return st.Effect == iam.Allow }) {
		return fmt.Errorf("whether %s stands beside FullAWSAccess, so that it takes nothing away", p.Name)
	}
	l, err := level([]string{account}, source("policy "+p.Name+" of the organization", p))
	if err == nil {
		*list = append(*list, l)
	}
	return err
}

func (s *Set) mayLimit(r *template.Resource, ofResource bool, account string, why error) {
	s.unread(r, why)
	s.unreadLimits = append(s.unreadLimits, unreadLimit{Unread{r, why}, account, ofResource})
}
