package problem

// words are what services answer when they refuse a policy; %s is what it is about.
// What is not here, the service accepts, or no page and no public report says that
// it doesn't.
//
// Sources, beside the pages that the checks name. S3: the tutorial
// HostingWebsiteOnS3Setup of its user guide; the issues 650, 645 and 648 of
// versity/versitygw, 239 of humanmade/S3-Uploads and 10058 of noobaa/noobaa-core;
// scality/Arsenal, which copies S3's words. IAM: the issues 3973 of
// aws-cloudformation/cfn-lint and 8905 of hashicorp/terraform-provider-aws, and
// getmoto/moto, moto/iam/policy_validation.py. KMS: the issues 17 of
// aws-samples/data-mesh-datazone-cdk-cloudformation and 2238 of
// LBHackney-IT/Data-Platform. Secrets Manager: the page manage_secret-policy of its
// user guide.
var words = map[Kind]map[Code]string{
	Bucket:      ofS3,
	AccessPoint: ofS3,
	Identity: {
		PrincipalProhibited: "Policy document should not specify a principal.",
		ResourceMissing:     "Policy statement must contain resources.",
		ResourceMalformed:   `Resource %s must be in ARN format or "*".`,
		PartitionUnknown:    `Partition "%s" is not valid for resource "`, // and the resource
		ResourceCut:         "The policy failed legacy parsing",
	},
	Trust: {
		PrincipalMissing:   "Missing required field Principal",
		PrincipalMisspelt:  `Invalid principal in policy: "SERVICE":"%s"`,
		TenantUnchecked:    "The trust policy does not evaluate %s", // the page has the code only, MalformedPolicyDocument
		ResourceProhibited: "Has prohibited field Resource",
		ActionElsewhere:    "AssumeRole policy may only specify STS AssumeRole actions.",
	},
	Key: {
		PrincipalMissing:  "Policy contains a statement with no principal.",
		PrincipalMisspelt: "Policy contains a statement with one or more invalid principals.",
	},
	Secret: {
		PrincipalMissing:  "This resource policy contains a statement without a principal.",
		PrincipalMisspelt: "This resource policy contains an invalid service principal.",
	},
}

var ofS3 = map[Code]string{
	PrincipalMissing:  "Missing required field Principal",
	PrincipalMisspelt: "Invalid principal in policy",
	ResourceMissing:   "Missing required field Resource",
	ResourceElsewhere: "Policy has invalid resource",
	ActionUnknown:     "Policy has invalid action",
	ActionElsewhere:   "Policy has invalid action",
	KeyUnknown:        "Policy has an invalid condition key",
	KeyInapplicable:   "Conditions do not apply to combination of actions and resources in statement",
}
