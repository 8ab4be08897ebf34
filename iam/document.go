package iam

// Document is a policy document: identity policy, resource policy, key policy,
// trust policy, boundary, SCP or RCP.
type Document struct {
	Version   string      `json:"Version,omitempty"` // "2012-10-17"
	ID        string      `json:"Id,omitempty"`
	Statement []Statement `json:"Statement"`
}

// Version is the policy language version of every document written here.
const Version = "2012-10-17"

// Effect is what a statement does with a request that it matches.
type Effect string

// The two effects.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// Statement is one statement of a Document. A nil Principal means that the
// statement has none (identity policies).
type Statement struct {
	Sid          string     `json:"Sid,omitempty"`
	Effect       Effect     `json:"Effect"`
	Principal    *Principal `json:"Principal,omitempty"`
	NotPrincipal *Principal `json:"NotPrincipal,omitempty"`
	Action       Strings    `json:"Action,omitempty"`
	NotAction    Strings    `json:"NotAction,omitempty"`
	Resource     Strings    `json:"Resource,omitempty"`
	NotResource  Strings    `json:"NotResource,omitempty"`
	Condition    Condition  `json:"Condition,omitempty"`
}

// Strings is a list that JSON writes as a single string when it holds one.
type Strings []string

// Condition maps operator to condition key to values: all operators and keys
// must hold (and), any one value does (or).
type Condition map[string]map[string]Strings

// Principal is who a statement is about. Any is the form "Principal": "*".
type Principal struct {
	Any           bool
	AWS           Strings
	Service       Strings
	Federated     Strings
	CanonicalUser Strings
}
