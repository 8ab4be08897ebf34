// Package resource is what stacks deploy, taken together: buckets, keys,
// secrets, roles and log groups with their policies as concrete documents, in
// whatever account they are, so that a request from one account to another can
// be decided from the templates alone.
//
//	set := resource.Read(assembly.InStage("prod"))
//	decision := set.Decide(resource.Request{
//		Caller:   iam.ServicePrincipal("logging.s3.amazonaws.com"),
//		Action:   "s3:PutObject",
//		Resource: bucket.ARN + "/log",
//	})
//
// What a template does not tell, such as a parameter without a default, leaves
// its resource out and is listed in Set.Unknown; it is never guessed.
package resource

import (
	"github.com/s3seal/s3seal/internal/template"
)

// Set is what stacks deploy.
type Set struct {
	Buckets   []*Bucket
	Keys      []*Key
	Secrets   []*Secret
	Roles     []*Role
	LogGroups []*LogGroup

	// Unknown says what the templates leave open. A resource that is in it is
	// in none of the lists above.
	Unknown []Unknown

	// An app can have thousands of resources, and every decision looks some up.
	buckets map[string]*Bucket // by name
	keys    map[string]*Key    // by ARN
	secrets map[string]*Secret // by ARN
	roles   map[string]*Role   // by ARN
}

// Unknown is a resource that cannot be known from the templates, and why.
type Unknown struct {
	*template.Resource
	Err error
}

// Read gathers the resources of stacks that are deployed together.
func Read(stacks []*template.Stack) *Set {
	s := &Set{
		buckets: map[string]*Bucket{},
		keys:    map[string]*Key{},
		secrets: map[string]*Secret{},
		roles:   map[string]*Role{},
	}
	// Policies that are resources of their own come after what they are of.
	for _, read := range []struct {
		typ string
		add func(*template.Resource) error
	}{
		{"AWS::S3::Bucket", s.addBucket},
		{"AWS::S3::BucketPolicy", s.addBucketPolicy},
		{"AWS::KMS::Key", s.addKey},
		{"AWS::SecretsManager::Secret", s.addSecret},
		{"AWS::SecretsManager::ResourcePolicy", s.addSecretPolicy},
		{"AWS::IAM::Role", s.addRole},
		{"AWS::IAM::Policy", s.addRolePolicy},
		{"AWS::IAM::ManagedPolicy", s.addRolePolicy},
		{"AWS::Logs::LogGroup", s.addLogGroup},
	} {
		for _, stack := range stacks {
			for _, r := range stack.ResourcesOfType(read.typ) {
				created, err := r.Created()
				if err == nil && created {
					err = read.add(r)
				}
				if err != nil {
					s.Unknown = append(s.Unknown, Unknown{r, err})
				}
			}
		}
	}
	return s
}
