package rule

import "slices"

// Severity is what a finding means for a deployment.
type Severity string

// An Error fails, or loses data or access; a Warning departs from what AWS or
// this program advises.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Rule is something that templates must satisfy.
type Rule struct {
	ID       string   // stable, says what is wrong: "bucket-unversioned"
	Severity Severity // a single finding may be less
	Reason   string   // one sentence: what goes wrong
	Source   string   // the AWS page
	Fix      string   // what to write instead

	check func(*checker)
}

// All gives every rule, in the order in which docs/rules.md has them.
func All() []Rule { return slices.Concat(stateRules(), beforeRules) }

// stateRules are those on the stacks as they are.
func stateRules() []Rule {
	return slices.Concat(
		templateRules,
		duplicateRules,
		orderRules,
		encryptionRules,
		ssecRules,
		postureRules,
		logRules,
		replicationRules,
		replicationRefusedRules,
		replicaKeyRules,
		replicationPermissionRules,
		resourceKindRules,
		effectRules,
		principalRules,
		denyRules,
		keyPolicyRules,
		readerRules,
		accountRules,
		retentionRules,
		secretRules,
		topicRules,
		propertyRules, // behind those that may have said it
	)
}
