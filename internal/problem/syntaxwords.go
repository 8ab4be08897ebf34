package problem

import "github.com/s3seal/s3seal/iam"

// syntaxOf is what a service answers to a text that is not IAM's grammar.
type syntaxOf struct {
	notObject string // the text doesn't begin with a brace
	notJSON   string
	other     string
	of        map[iam.Fault]string // %s is what is wrong, %p whose principal it is
}

// syntaxWords are what services answer to a policy that they can't read; what is
// not here is "other".
//
// Sources. S3: answers that its clients quote, in the issues 647 and 1176 of
// versity/versitygw, 3576 of carina-rc/carina, 372 of
// ebi-ait/hca-ebi-wrangler-central and 4 of cn-terraform/terraform-aws-logs-s3-bucket,
// and the catalogue of answers in versity/versitygw, auth/bucket_policy.go. IAM: the
// answers that getmoto/moto (moto/iam/policy_validation.py) and versity/versitygw
// (tests/integration, iamapi/policy) compare with. Which of them IAM gives to a
// trust policy of another shape is nowhere quoted; here it is the nearest. The page
// manage_secret-policy of the guide of Secrets Manager has its words. KMS's are
// quoted nowhere; here they are what its API reference says of the error's code.
var syntaxWords = map[Kind]syntaxOf{
	Bucket:      ofS3Syntax,
	AccessPoint: ofS3Syntax,
	Identity: {
		notJSON: syntaxErrors, other: syntaxErrors,
		of: map[iam.Fault]string{
			iam.ActionMissing:     "Policy statement must contain actions.",
			iam.ActionMalformed:   malformedAction(""),
			iam.ResourceEmpty:     words[Identity][ResourceMissing],
			iam.ResourceMalformed: words[Identity][ResourceMalformed],
		},
	},
	Trust: {
		notJSON: invalidJSON, other: syntaxErrors,
		of: map[iam.Fault]string{
			iam.UnknownVersion:      invalidVersion,
			iam.StatementMissing:    "Missing required field Statement",
			iam.StatementEmpty:      emptyStatement,
			iam.EffectMissing:       "Missing required field Effect",
			iam.UnknownEffect:       "Invalid effect: %s",
			iam.PrincipalEmpty:      "Missing required field Principal cannot be empty!",
			iam.PrincipalMalformed:  `Invalid principal in policy: "%p":"%s"`,
			iam.NotPrincipalAllowed: allowNotPrincipal,
			iam.ActionMissing:       "Missing required field Action",
			iam.ActionMalformed:     words[Trust][ActionElsewhere],
		},
	},
	Key: {notJSON: incorrect, other: incorrect, of: map[iam.Fault]string{
		iam.PrincipalEmpty:     words[Key][PrincipalMissing],
		iam.PrincipalMalformed: words[Key][PrincipalMisspelt],
	}},
	Secret: {notJSON: secretSyntax, other: secretSyntax, of: map[iam.Fault]string{
		iam.PrincipalMalformed: words[Secret][PrincipalMisspelt],
	}},
}

const (
	syntaxErrors      = "Syntax errors in policy."
	invalidJSON       = "This policy contains invalid Json"
	invalidVersion    = "The policy must contain a valid version string"
	emptyStatement    = "Could not parse the policy: Statement is empty!"
	allowNotPrincipal = "Allow with NotPrincipal is not allowed."
	incorrect         = "The request was rejected because the specified policy is not syntactically or semantically correct."
	secretSyntax      = "This resource policy contains a syntax error."
)

var ofS3Syntax = syntaxOf{
	notObject: "Policies must be valid JSON and the first byte must be '{'",
	notJSON:   invalidJSON,
	other:     "Invalid policy syntax.",
	of: map[iam.Fault]string{
		iam.UnknownElement:        "Unknown field %s",
		iam.UnknownVersion:        invalidVersion,
		iam.StatementMissing:      "Missing required field Statement",
		iam.StatementEmpty:        emptyStatement,
		iam.EffectMissing:         "Missing required field Effect",
		iam.UnknownEffect:         "Invalid effect: %s",
		iam.PrincipalEmpty:        "Missing required field Principal cannot be empty!",
		iam.PrincipalMalformed:    ofS3[PrincipalMisspelt],
		iam.NotPrincipalAllowed:   allowNotPrincipal,
		iam.ActionMissing:         "Missing required field Action",
		iam.ActionMalformed:       ofS3[ActionUnknown],
		iam.ResourceEmpty:         ofS3[ResourceMissing],
		iam.ResourceMalformed:     ofS3[ResourceElsewhere],
		iam.UnknownOperator:       "Invalid Condition type : %s",
		iam.ConditionUncomparable: "Invalid IP address in Conditions", // of an address; of others no answer is quoted
	},
}

// sidTwice are the words for two statements with one Sid, of services that want
// Sids to differ. KMS doesn't: a key policy of AWS's own has one twice. That S3 does
// only an old page of its developer guide says (AccessPolicyLanguage_SpecialInfo),
// and no page speaks of Secrets Manager.
//
// Source: IAM user guide, reference_policies_elements_sid; for IAM's words the issue
// 3973 of aws-cloudformation/cfn-lint.
var sidTwice = map[Kind]string{
	Bucket:      "Each statement in a policy must have a unique statement ID (sid)",
	AccessPoint: "Each statement in a policy must have a unique statement ID (sid)",
	Identity:    "Statement IDs (SID) in a single policy must be unique.",
	Trust:       "Statement IDs (SID) in a single policy must be unique.",
	Secret:      secretSyntax,
}
