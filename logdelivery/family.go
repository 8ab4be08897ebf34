package logdelivery

// Family is what sources share that one service delivers in one way: what it
// asks of the bucket and of the key, and what it says about whom it writes for.
type Family struct {
	Principal string // service principal that writes, "delivery.logs.amazonaws.com"

	// KeyPrincipal is the one that uses the bucket's key. Default: Principal.
	KeyPrincipal string

	// ARN is what the service sends as aws:SourceArn, without "arn:" and the
	// partition: "s3:::{name}". {account}, {region} and {name} stand for those
	// of what is logged.
	ARN string

	// NamesSource says that a Delivery has to name what is logged: CloudTrail
	// documents whole trail ARNs only, and no pattern of a bucket's ARN stands
	// for an account.
	NamesSource bool

	// Folder is where the logs lie behind the prefix: "AWSLogs/{account}/".
	// HiveFolder is where they lie with Hive-compatible paths, an option that
	// a bucket's policy can't see; "" where there is none.
	Folder, HiveFolder string

	// PrefixIsFolder says that a prefix stands in place of both folders.
	// BarePrefix says that the prefix begins the key as it is written, with no
	// slash behind it.
	PrefixIsFolder, BarePrefix bool

	// NoAWSLogsPrefix says that the service refuses a prefix with "AWSLogs".
	NoAWSLogsPrefix bool

	// Sid and CheckSid are those of the statements of the bucket's policy: to
	// write, and for the Checks.
	Sid, CheckSid string

	// Checks are the actions on the bucket itself that the service uses before
	// it writes. Logs arrive without s3:ListBucket too, which is for
	// HeadBucket, but every delivery then leaves an AccessDenied in CloudTrail.
	Checks []string

	// ARNOperator compares aws:SourceArn: "ArnLike", or "StringEquals" where
	// the service's page has whole ARNs only.
	ARNOperator string

	// SourceAccount says that the service sends aws:SourceAccount, and that
	// its page has a condition on it.
	SourceAccount bool

	// SendsACL says that the service writes with the ACL
	// bucket-owner-full-control, which has no effect on a bucket whose owner
	// owns every object, and is accepted by one that doesn't.
	SendsACL bool

	// NeedsACL says that delivery is by the bucket's ACL, which a bucket with
	// Object Ownership "bucket owner enforced" does not have. CannedACL is the
	// one that lets the service write in place of the bucket's policy.
	NeedsACL  bool
	CannedACL string

	// KeyUses are the statements of the policy of the bucket's key; none where
	// no log arrives under a key.
	KeyUses []KeyUse

	// KeyRequests are the actions on the bucket's key without which nothing
	// arrives, NamedKeyRequests those that come with a key that the source
	// itself names.
	KeyRequests, NamedKeyRequests []string

	// AddsStatement says that AWS adds the statement to the bucket's policy
	// when the log is set up, if whoever does that may change the policy.
	AddsStatement bool

	// RegionalAccounts says that an account of AWS's own in each of the older
	// Regions wrote the logs before there was a service principal, and still
	// does where the policy names it. RecorderRole says that the role of AWS
	// Config's recorder is tried before the service.
	RegionalAccounts, RecorderRole bool
}

// KeyUse is a statement of a key's policy.
type KeyUse struct {
	Sid     string
	Actions []string

	// Context is the part of the encryption context that holds the source's
	// ARN: "aws:cloudtrail:arn". Default: none is asked for.
	Context string
}

// with is the family with a change.
func (f Family) with(change func(*Family)) Family {
	change(&f)
	return f
}
