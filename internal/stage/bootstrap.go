package stage

import "strings"

// Bootstrap says how the CDK's bootstrap prepares the environments of all stages,
// which is what `s3seal bootstrap` prints and runs. The app deploys with the roles
// that the bootstrap made, so it reads the qualifier here too.
type Bootstrap struct {
	// Qualifier is in the name of everything that the bootstrap makes: 1-10 of
	// a-z, 0-9 and hyphen. One of its own keeps this app's roles apart from those
	// of the other CDK apps in the same accounts. Default: hnb659fds, the CDK's,
	// which all apps share that name none.
	Qualifier string `yaml:"qualifier,omitempty" jsonschema:"minLength=1,maxLength=10,pattern=^[a-z0-9]+(-[a-z0-9]+)*$"`

	// StackName is the stack of the bootstrap. Default: CDKToolkit, and
	// CDKToolkit-{qualifier} with a qualifier of its own: a bootstrap under
	// another qualifier would replace the roles of the stack that is there.
	StackName string `yaml:"stackName,omitempty" jsonschema:"maxLength=128,pattern=^[A-Za-z][A-Za-z0-9-]*$"`

	// Trust lists the accounts that may deploy into every environment, such as
	// that of a pipeline. Whoever administers one of them has all that
	// executionPolicies give. An empty list takes away the trust that is there.
	// Default: as it is; none in a new environment.
	Trust []string `yaml:"trust,omitempty" jsonschema:"uniqueItems=true"`

	// TrustForLookup lists the accounts that may look up values in every
	// environment, for context lookups of `cdk synth`: they read nearly all of its
	// configuration. Default: as it is; none in a new environment.
	TrustForLookup []string `yaml:"trustForLookup,omitempty" jsonschema:"uniqueItems=true"`

	// ExecutionPolicies are ARNs of the managed policies of the role with which
	// CloudFormation makes the stacks' resources. They may hold {account} and
	// {partition}, and must exist in each account. Default: policies that are
	// generated of the templates, which `s3seal bootstrap` makes first.
	ExecutionPolicies []string `yaml:"executionPolicies,omitempty" jsonschema:"minItems=1,uniqueItems=true"`

	// PermissionsBoundary is the name, with its path, of a managed policy that
	// each account has: the most that the role of CloudFormation may do. Default:
	// as it is; none in a new environment.
	PermissionsBoundary string `yaml:"permissionsBoundary,omitempty" jsonschema:"pattern=^[A-Za-z0-9_+=.@/-]+$"`

	// BoundaryOnAllRoles puts the boundary on the bootstrap's four other roles
	// too. Default: as it is; false in a new environment.
	BoundaryOnAllRoles *bool `yaml:"boundaryOnAllRoles,omitempty"`

	// CustomerKey encrypts the bucket of the assets under a new customer managed
	// key, which costs 1 USD a month, instead of aws/s3. Default: as it is; false
	// in a new environment.
	CustomerKey *bool `yaml:"customerKey,omitempty"`

	// PublicAccessBlock is whether the bucket of the assets blocks public access.
	// Default: true.
	PublicAccessBlock *bool `yaml:"publicAccessBlock,omitempty"`

	// DenyExternalID is whether the roles refuse whoever assumes them with an
	// external id. Default: as it is; true in a new environment.
	DenyExternalID *bool `yaml:"denyExternalId,omitempty"`

	// TerminationProtection keeps the bootstrap's stack from being deleted.
	// Default: as it is; false in a new environment.
	TerminationProtection *bool `yaml:"terminationProtection,omitempty"`

	// Tags are put on the bootstrap's stack and its resources. At most 49.
	Tags map[string]string `yaml:"tags,omitempty"`

	// Profile names the profile of the AWS configuration for each environment. It
	// may hold {account} and {region}. Default: what the AWS CLI would use.
	Profile string `yaml:"profile,omitempty"`

	// Role is the name of a role of each account that is assumed, such as
	// OrganizationAccountAccessRole. Default: none.
	Role string `yaml:"role,omitempty" jsonschema:"pattern=^[A-Za-z0-9_+=.@/-]+$"`
}

// DefaultQualifier is the CDK's.
//
// Source: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
const DefaultQualifier = "hnb659fds"

// DefaultToolkitStack is the stack that `cdk bootstrap` makes.
const DefaultToolkitStack = "CDKToolkit"

// setBootstrapDefaults gives the names their values. What else is left out stays
// as it is in the account.
func (d *document) setBootstrapDefaults(b *Bootstrap) {
	if b.Qualifier == "" {
		b.Qualifier = DefaultQualifier
	}
	if b.StackName == "" {
		b.StackName = DefaultToolkitStack
		if b.Qualifier != DefaultQualifier {
			b.StackName += "-" + b.Qualifier
		}
	}
}

// ExpandIn replaces the placeholders of a text by what they are in an environment.
func (e Environment) ExpandIn(text string) string {
	return strings.NewReplacer("{account}", e.Account, "{region}", e.Region, "{partition}", e.Partition()).Replace(text)
}

// Environments returns where the stage has stacks: the source's first, and then the
// replica's. The last, if there is one, is that of an alarm.
func (s *Stage) Environments() []Environment {
	list := s.environments()
	if e, elsewhere := s.LatencyEnvironment(); elsewhere {
		list = append(list, e)
	}
	return list
}
