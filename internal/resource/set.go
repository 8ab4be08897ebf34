package resource

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/policyfile"
	"github.com/s3seal/s3seal/internal/template"
)

// Set is what stacks deploy.
type Set struct {
	Buckets      []*Bucket
	AccessPoints []*AccessPoint
	Keys         []*Key
	Secrets      []*Secret
	Functions    []*Function
	Roles        []*Role
	LogGroups    []*LogGroup

	// PermissionSets are roles in the accounts to which they are assigned.
	PermissionSets []*PermissionSet

	// Policies are all policy documents, of whatever they are.
	Policies []*Policy

	// Unread is all that the templates leave open.
	Unread []Unread

	// An app can have thousands of resources, and every decision looks some up.
	buckets    map[string]*Bucket // by name
	keys       map[string]*Key
	guarded    []*guarded
	byID       map[string]*guarded
	byName     map[[2]string][]*guarded // by type, and by ARN or name
	roles      map[string]*Role
	identities map[string]*Identity
	kinds      map[string][]*Identity // roles, users, groups
	managed    map[string]*Policy     // the stacks' own managed policies
	aliases    map[alias]template.Value
	outside    map[string]*guarded         // buckets that the stacks only give a policy, by their names
	leftOut    map[string]Unread           // by id, as LeftOut wants it
	others     map[string][]Unread         // policies of other services, by service
	nested     map[*template.Resource]bool // the nested stacks that are read
	endpoints  []endpoint

	organization policyfile.Organization
	unreadLimits []unreadLimit
}

// Read gathers the resources of stacks that are deployed together.
func Read(stacks []*template.Stack) *Set {
	s := &Set{
		buckets:    map[string]*Bucket{},
		keys:       map[string]*Key{},
		byID:       map[string]*guarded{},
		roles:      map[string]*Role{},
		identities: map[string]*Identity{},
		kinds:      map[string][]*Identity{},
		managed:    map[string]*Policy{},
		aliases:    map[alias]template.Value{},
		outside:    map[string]*guarded{},
		leftOut:    map[string]Unread{},
		others:     map[string][]Unread{},
		nested:     map[*template.Resource]bool{},
	}
	stacks = s.withNested(stacks)
	s.Policies = readPolicies(stacks)
	for _, read := range []struct {
		typ string
		add func(*template.Resource) error
	}{
		{"AWS::S3::Bucket", s.addBucket},
		{"AWS::S3::AccessPoint", s.addAccessPoint},
		{"AWS::KMS::Key", s.addKey},
		{"AWS::KMS::ReplicaKey", s.addKey},
		{"AWS::KMS::Alias", s.addAlias},
		{"AWS::SecretsManager::Secret", s.addSecret},
		{"AWS::Lambda::Function", s.addFunction},
		{"AWS::IAM::Role", s.addRole},
		{"AWS::IAM::User", s.addIdentity("user")},
		{"AWS::IAM::Group", s.addIdentity("group")},
		{"AWS::SSO::PermissionSet", s.addPermissionSet},
		{"AWS::Logs::LogGroup", s.addLogGroup},
	} {
		for _, stack := range stacks {
			for _, r := range stack.ResourcesOfType(read.typ) {
				created, err := r.Created()
				if err == nil && created {
					err = read.add(r)
				}
				if err != nil {
					s.leaveOut(r, err)
				}
			}
		}
	}
	// What is given by a resource of its own comes after what it is given to.
	s.readDefaultKeys()
	s.readResourcePolicies()
	s.readFunctionPolicies(stacks)
	s.readIdentityPolicies()
	s.readPermissionSets(stacks)
	s.readHandedOn()
	s.readElsewhere(stacks)
	s.readUnmodelled(stacks)
	s.readMemberships(stacks) // with all that is known of the groups
	s.readEndpoints(stacks)
	s.readOrganization(stacks)
	return s
}

// placed is where a resource stands in AWS.
type placed struct {
	*template.Resource
	Name, ARN, Account, Region string
}

func place(r *template.Resource) (placed, error) {
	name, err := r.Ref()
	if err != nil {
		return placed{}, err
	}
	arn, err := r.Att("Arn")
	return placed{r, name, arn, r.Stack().Account, r.Stack().Region}, err
}

// LogGroup is a CloudWatch Logs log group. Its ARN ends in ":*", as policies
// need it.
type LogGroup struct{ placed }

func (s *Set) addLogGroup(r *template.Resource) error {
	p, err := place(r)
	if err == nil {
		s.LogGroups = append(s.LogGroups, &LogGroup{p})
	}
	return err
}

// source is a policy's document under a name.
func source(name string, p *Policy) iam.Source { return iam.Source{Name: name, Document: p.Known()} }
