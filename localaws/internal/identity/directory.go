package identity

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Directory is who exists: accounts with their users, roles and managed
// policies, and every access key. Its methods may be called concurrently.
type Directory struct {
	now func() time.Time

	mu       sync.RWMutex
	accounts map[string]*account
	keys     map[string]*key // by access key id
}

type account struct {
	users    map[string]*entity        // by name
	roles    map[string]*entity        // by name
	policies map[string]*managedPolicy // by ARN

	// placements is where CloudFormation has put inline policies, by the
	// physical id of the AWS::IAM::Policy.
	placements map[string]policyProperties
}

// entity is a user or a role.
type entity struct {
	arn, id, path, name string
	created             time.Time
	inline              map[string]policy
	attached            []string // ARNs of managed policies, in the order of attaching
	boundary            string   // ARN of a managed policy or ""
	tags                map[string]string

	// Of roles only.
	trust       policy
	description string
	maxSession  time.Duration

	// What the role's own CloudFormation resource has given it.
	templateInline   []string
	templateAttached []string
}

// policy is a policy document, as it was given and as it is evaluated.
type policy struct {
	text     string
	document iam.Document
}

type managedPolicy struct {
	arn, id, path, name, description string
	created                          time.Time
	policy                           policy
	tags                             map[string]string
}

// NewDirectory makes the accounts, each given as 12 digits.
func NewDirectory(now func() time.Time, accounts ...string) (*Directory, error) {
	d := &Directory{now: now, accounts: map[string]*account{}, keys: map[string]*key{}}
	for _, id := range accounts {
		if !isAccountID(id) {
			return nil, fmt.Errorf("account %q: want 12 digits", id)
		}
		if d.accounts[id] != nil {
			return nil, fmt.Errorf("account %s is given twice", id)
		}
		d.accounts[id] = &account{
			users:    map[string]*entity{},
			roles:    map[string]*entity{},
			policies: map[string]*managedPolicy{},

			placements: map[string]policyProperties{},
		}
	}
	return d, nil
}

// Accounts are the ids of all accounts, sorted.
func (d *Directory) Accounts() []string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return slices.Sorted(maps.Keys(d.accounts))
}

// PrincipalExists implements api.Principals.
func (d *Directory) PrincipalExists(principal string) bool {
	if principal == "*" {
		return true
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	if isAccountID(principal) {
		return d.accounts[principal] != nil
	}
	a, ok := parseARN(principal)
	if !ok || d.accounts[a.AccountID] == nil {
		return false
	}
	switch kind, rest, _ := strings.Cut(a.Resource, "/"); {
	case a.Service == "iam" && a.Resource == "root":
		return true
	case a.Service == "iam" && (kind == "user" || kind == "role"):
		return d.find(principal) != nil
	case a.Service == "sts" && kind == "assumed-role":
		role, session, _ := strings.Cut(rest, "/")
		return session != "" && d.accounts[a.AccountID].roles[role] != nil
	}
	return false
}

// Principal is the unique id and the tags of a user or role: what the
// condition keys aws:userid and aws:PrincipalTag are made of.
func (d *Directory) principal(arn string) (id string, tags map[string]string, ok bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	e := d.find(arn)
	if e == nil {
		return "", nil, false
	}
	return e.id, maps.Clone(e.tags), true
}

// policies are what is attached to a user or role. A principal that no longer
// exists has none, and so may do nothing.
func (d *Directory) policies(arn string) (identity []iam.Source, boundary *iam.Source) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	e := d.find(arn)
	if e == nil {
		return nil, nil
	}
	for _, name := range slices.Sorted(maps.Keys(e.inline)) {
		identity = append(identity, iam.Source{
			Name:     "inline policy " + name + " of " + e.arn,
			Document: e.inline[name].document,
		})
	}
	for _, arn := range e.attached {
		if p := d.managed(arn); p != nil {
			identity = append(identity, iam.Source{Name: p.arn, Document: p.policy.document})
		}
	}
	if e.boundary != "" {
		// A boundary that is gone must not turn into no boundary: a
		// document without statements allows nothing.
		boundary = &iam.Source{Name: e.boundary}
		if p := d.managed(e.boundary); p != nil {
			boundary.Document = p.policy.document
		}
	}
	return identity, boundary
}

// find is the user or role with this ARN, nil if there is none. The caller
// holds the lock.
func (d *Directory) find(arn string) *entity {
	a, ok := parseARN(arn)
	if !ok || a.Service != "iam" || d.accounts[a.AccountID] == nil {
		return nil
	}
	kind, rest, _ := strings.Cut(a.Resource, "/")
	name := rest[strings.LastIndexByte(rest, '/')+1:]
	var e *entity
	switch kind {
	case "user":
		e = d.accounts[a.AccountID].users[name]
	case "role":
		e = d.accounts[a.AccountID].roles[name]
	}
	if e == nil || e.arn != arn {
		return nil
	}
	return e
}

// managed is a managed policy of AWS or of an account. The caller holds the
// lock.
func (d *Directory) managed(arn string) *managedPolicy {
	if p := awsManaged(arn); p != nil {
		return p
	}
	a, ok := parseARN(arn)
	if !ok || d.accounts[a.AccountID] == nil {
		return nil
	}
	return d.accounts[a.AccountID].policies[arn]
}

func noSuchEntity(format string, args ...any) *api.Error {
	return api.Errorf(http.StatusNotFound, "NoSuchEntity", format, args...)
}

// parseARN reads an ARN of the partition aws, the one that this AWS is in.
func parseARN(s string) (arn.ARN, bool) {
	a, err := arn.Parse(s)
	return a, err == nil && a.Partition == "aws"
}

func isAccountID(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}
