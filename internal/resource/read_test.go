package resource

import (
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
)

const (
	trusts   = `"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`
	reads    = `{"Version": "2012-10-17", "Statement": [{"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws-cn:s3:::data/*"}]}`
	readText = `"{\"Version\": \"2012-10-17\", \"Statement\": {\"Sid\": \"Read\", \"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws-cn:s3:::data/*\"}}"`
	all      = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`

	data = `"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}}`
	role = `"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "me", ` + trusts + `}}`
	user = `"User": {"Type": "AWS::IAM::User", "Properties": {"UserName": "me"}}`
)

var (
	me  = iam.RoleSession("arn:aws-cn:iam::111122223333:role/me", "s")
	ann = iam.User("arn:aws-cn:iam::111122223333:user/me")
)

// readObject decides whether somebody may read an object of the bucket data.
func readObject(t *testing.T, who iam.Caller, resources ...string) Decision {
	t.Helper()
	text := `{"Parameters": {"P": {"Type": "String"}}, "Conditions": {"Maybe": {"Fn::Equals": [{"Ref": "P"}, "x"]}},
		"Resources": {` + strings.Join(append([]string{data}, resources...), ", ") + `}}`
	return readTemplate(t, text).Decide(Request{Caller: who, Action: "s3:GetObject", Resource: "arn:aws-cn:s3:::data/x"})
}

// Whatever way a template gives a policy to somebody, it counts.
func TestEveryWayToGiveAPolicyIsRead(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		who       iam.Caller
		resources []string
	}{
		"in the role":         {me, []string{`"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "me", ` + trusts + `, "Policies": [{"PolicyName": "p", "PolicyDocument": ` + reads + `}]}}`}},
		"in the role as text": {me, []string{`"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "me", ` + trusts + `, "Policies": [{"PolicyName": "p", "PolicyDocument": ` + readText + `}]}}`}},
		"Policy":              {me, []string{role, `"P": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyName": "p", "Roles": [{"Ref": "Role"}], "PolicyDocument": ` + reads + `}}`}},
		"Policy as text":      {me, []string{role, `"P": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyName": "p", "Roles": [{"Ref": "Role"}], "PolicyDocument": ` + readText + `}}`}},
		"RolePolicy":          {me, []string{role, `"P": {"Type": "AWS::IAM::RolePolicy", "Properties": {"PolicyName": "p", "RoleName": "me", "PolicyDocument": ` + reads + `}}`}},
		"ManagedPolicy":       {me, []string{role, `"P": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"Roles": [{"Ref": "Role"}], "PolicyDocument": ` + reads + `}}`}},
		"ManagedPolicy by Ref": {me, []string{
			`"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "me", ` + trusts + `, "ManagedPolicyArns": [{"Ref": "Own"}]}}`,
			`"Own": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": ` + reads + `}}`,
		}},
		"within the boundary": {me, []string{
			`"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "me", ` + trusts + `, "PermissionsBoundary": {"Ref": "B"}, "Policies": [{"PolicyName": "p", "PolicyDocument": ` + all + `}]}}`,
			`"B": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": ` + reads + `}}`,
		}},
		"UserPolicy":       {ann, []string{user, `"P": {"Type": "AWS::IAM::UserPolicy", "Properties": {"PolicyName": "p", "UserName": {"Ref": "User"}, "PolicyDocument": ` + reads + `}}`}},
		"Policy of a user": {ann, []string{user, `"P": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyName": "p", "Users": ["me"], "PolicyDocument": ` + reads + `}}`}},
		"GroupPolicy, and the user names the group": {ann, []string{
			`"User": {"Type": "AWS::IAM::User", "Properties": {"UserName": "me", "Groups": [{"Ref": "Group"}]}}`,
			`"Group": {"Type": "AWS::IAM::Group", "Properties": {}}`,
			`"P": {"Type": "AWS::IAM::GroupPolicy", "Properties": {"PolicyName": "p", "GroupName": {"Ref": "Group"}, "PolicyDocument": ` + reads + `}}`,
		}},
		"UserToGroupAddition": {ann, []string{
			user, `"Group": {"Type": "AWS::IAM::Group", "Properties": {"Policies": [{"PolicyName": "p", "PolicyDocument": ` + reads + `}]}}`,
			`"A": {"Type": "AWS::IAM::UserToGroupAddition", "Properties": {"GroupName": {"Ref": "Group"}, "Users": [{"Ref": "User"}]}}`,
		}},
		"bucket policy as text": {iam.Anonymous(), []string{`"P": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Data"}, "PolicyDocument": {"Fn::Sub":
			"{\"Statement\": {\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:GetObject\", \"Resource\": \"${Data.Arn}/*\", \"Condition\": {\"StringEquals\": {\"aws:PrincipalAccount\": \"${AWS::AccountId}\"}}}}"}}}`}},
	} {
		d := readObject(t, tc.who, tc.resources...)
		want := name != "bucket policy as text" // read, and its condition refuses
		if d.Allowed != want || len(d.Unread) > 0 {
			t.Errorf("%s: unread: %v; %s", name, d.Unread, d.Explain())
		}
		if !want && !strings.Contains(d.Explain(), "aws:PrincipalAccount") {
			t.Errorf("%s isn't read: %s", name, d.Explain())
		}
	}
	d := readObject(t, me,
		`"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "me", `+trusts+`, "PermissionsBoundary": {"Ref": "B"}, "Policies": [{"PolicyName": "p", "PolicyDocument": `+reads+`}]}}`,
		`"B": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": `+strings.ReplaceAll(all, `"Action": "*"`, `"Action": "kms:*"`)+`}}`)
	if d.Allowed || len(d.Unread) > 0 || !strings.Contains(d.Explain(), "permissions boundary policy B") {
		t.Errorf("beyond the boundary: unread: %v; %s", d.Unread, d.Explain())
	}
}

// What could not be read is no answer: it may allow what nothing else does, and
// deny what something else allows.
func TestWhatIsUnreadDecidesNothing(t *testing.T) {
	t.Parallel()
	allowed := `"Ok": {"Type": "AWS::IAM::RolePolicy", "Properties": {"PolicyName": "ok", "RoleName": "me", "PolicyDocument": ` + all + `}}`
	with := func(property string) string {
		return `"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "me", ` + trusts + `, ` + property + `}}`
	}
	for name, tc := range map[string]struct {
		resources []string
		why       string
	}{
		"a managed policy of AWS":          {[]string{with(`"ManagedPolicyArns": ["arn:aws-cn:iam::aws:policy/ReadOnlyAccess"]`)}, "what the attached policy arn:aws-cn:iam::aws:policy/ReadOnlyAccess allows"},
		"an attached policy":               {[]string{with(`"ManagedPolicyArns": [{"Ref": "P"}]`)}, "parameter P has no default"},
		"a list of attached policies":      {[]string{with(`"ManagedPolicyArns": {"Ref": "P"}`)}, "parameter P has no default"},
		"an inline policy":                 {[]string{with(`"Policies": [{"PolicyName": "p", "PolicyDocument": {"Ref": "P"}}]`)}, "parameter P has no default"},
		"the inline policies":              {[]string{with(`"Policies": {"Ref": "P"}`)}, "parameter P has no default"},
		"a statement":                      {[]string{role, `"S": {"Type": "AWS::IAM::Policy", "Properties": {"Roles": ["me"], "PolicyDocument": {"Statement": [{"Effect": {"Ref": "P"}}]}}}`}, "parameter P has no default"},
		"whose policy it is":               {[]string{role, `"S": {"Type": "AWS::IAM::RolePolicy", "Properties": {"RoleName": {"Ref": "P"}, "PolicyDocument": ` + reads + `}}`}, "parameter P has no default"},
		"who else has the policy":          {[]string{role, `"S": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"Roles": [{"Ref": "P"}], "PolicyDocument": ` + reads + `}}`}, "parameter P has no default"},
		"whether there is a policy":        {[]string{role, `"S": {"Type": "AWS::IAM::Policy", "Condition": "Maybe", "Properties": {"Roles": ["me"], "PolicyDocument": ` + reads + `}}`}, "parameter P has no default"},
		"the policy's text":                {[]string{role, `"S": {"Type": "AWS::IAM::Policy", "Properties": {"Roles": ["me"], "PolicyDocument": {"Fn::Sub": "${P}"}}}`}, "parameter P has no default"},
		"text that is no policy":           {[]string{role, `"S": {"Type": "AWS::IAM::Policy", "Properties": {"Roles": ["me"], "PolicyDocument": "{"}}`}, "policy document: JSON not well-formed: the text ends within a JSON value"},
		"whether there is the role":        {[]string{`"Role": {"Type": "AWS::IAM::Role", "Condition": "Maybe", "Properties": {"RoleName": "me", ` + trusts + `}}`}, "parameter P has no default"},
		"the bucket's policy":              {[]string{role, `"B": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "data", "PolicyDocument": {"Ref": "P"}}}`}, "parameter P has no default"},
		"which bucket a policy is of":      {[]string{role, `"B": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "P"}, "PolicyDocument": ` + all + `}}`}, "parameter P has no default"},
		"whether there is a bucket policy": {[]string{role, strings.Replace(bucketPolicy("B"), "{", `{"Condition": "Maybe", `, 1)}, "parameter P has no default"},
		"which of two policies holds":      {[]string{role, bucketPolicy("B1"), bucketPolicy("B2")}, "two policies"},
		"what a nested stack gives":        {[]string{role, `"N": {"Type": "AWS::CloudFormation::Stack", "Properties": {"Parameters": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}}}}`}, "what N (AWS::CloudFormation::Stack) does with the role"},
		"what a custom resource makes":     {[]string{role, `"C": {"Type": "Custom::Any", "Properties": {"Bucket": {"Ref": "Data"}}}`}, "what C (Custom::Any) does with the bucket"},
	} {
		d := readObject(t, me, tc.resources...)
		if len(d.Unread) == 0 || d.Explicit || !strings.Contains(Why(d.Unread).Error(), tc.why) {
			t.Errorf("%s: unread %v, want %s; %s", name, d.Unread, tc.why, d.Explain())
		}
		if name == "whether there is the role" {
			continue
		}
		if d := readObject(t, me, append(tc.resources, allowed)...); len(d.Unread) == 0 {
			t.Errorf("%s: may deny what another policy allows: %s", name, d.Explain())
		}
	}
}

func bucketPolicy(id string) string {
	return `"` + id + `": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "data", "PolicyDocument": {"Statement": [
		{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}}}`
}

// What is unread of a group is unread of the users in it.
func TestUnreadOfAGroupConcernsItsUsers(t *testing.T) {
	t.Parallel()
	d := readObject(t, ann, `"User": {"Type": "AWS::IAM::User", "Properties": {"UserName": "me", "Groups": ["all"]}}`,
		`"Group": {"Type": "AWS::IAM::Group", "Properties": {"GroupName": "all", "ManagedPolicyArns": ["arn:aws-cn:iam::aws:policy/X"]}}`)
	if d.Allowed || len(d.Unread) != 1 {
		t.Errorf("unread %v; %s", d.Unread, d.Explain())
	}
}

// Whose a bucket is that no stack makes isn't known, nor then what it admits.
// A decision names a policy by its id, which may be unknown all the same.
func TestPoliciesKeepTheirIDs(t *testing.T) {
	t.Parallel()
	const statement = `"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}`
	for document, want := range map[string]string{
		`{"Id": "own", ` + statement + `}`:                                      "own",
		`"{\"Id\": \"own\", ` + strings.ReplaceAll(statement, `"`, `\"`) + `}"`: "own",
		`{"Id": {"Ref": "P"}, ` + statement + `}`:                               "",
	} {
		set := readTemplate(t, `{"Parameters": {"P": {"Type": "String"}}, "Resources": {`+data+`,
			"Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Data"}, "PolicyDocument": `+document+`}}}}`)
		if b := set.BucketNamed("data"); b.Policy == nil || b.Policy.Document.ID != want || len(set.Unread) > 0 {
			t.Errorf("%s: policy %v, unread %v; want the id %q", document, b.Policy, set.Unread, want)
		}
	}
}

func TestBucketElsewhereIsUnknown(t *testing.T) {
	t.Parallel()
	set := readTemplate(t, `{"Resources": {`+role+`}}`)
	if d := set.Decide(Request{Caller: me, Action: "s3:GetObject", Resource: "arn:aws-cn:s3:::elsewhere/x"}); d.Allowed || len(d.Unread) != 1 {
		t.Errorf("unread %v; %s", d.Unread, d.Explain())
	}
}

// A denial that nothing unread can lift is certain.
func TestWhatIsUnreadChangesNoCertainDenial(t *testing.T) {
	t.Parallel()
	unread := `"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "me", ` + trusts + `, "ManagedPolicyArns": [{"Ref": "P"}]}}`
	if d := readObject(t, me, unread, bucketPolicy("B")); !d.Explicit || len(d.Unread) > 0 {
		t.Errorf("an explicit denial: unread %v; %s", d.Unread, d.Explain())
	}
	stranger := iam.RoleSession("arn:aws-cn:iam::999999999999:role/me", "s")
	if d := readObject(t, stranger, unread); d.Allowed || len(d.Unread) > 0 {
		t.Errorf("another account's role: unread %v; %s", d.Unread, d.Explain())
	}
	// The bucket's policy may admit it, and its own account gives it nothing.
	if d := readObject(t, stranger, `"B": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "data", "PolicyDocument": {"Ref": "P"}}}`); d.Allowed || len(d.Unread) > 0 {
		t.Errorf("a role without a policy of its account: unread %v; %s", d.Unread, d.Explain())
	}
}

// A configuration of Block Public Access that leaves a setting out keeps nobody
// out by it; without a configuration all is blocked.
func TestPublicAccessIsBlockedByDefault(t *testing.T) {
	t.Parallel()
	for properties, want := range map[string]bool{
		`{}`: true,
		`{"PublicAccessBlockConfiguration": {"BlockPublicAcls": true}}`:       false,
		`{"PublicAccessBlockConfiguration": {"RestrictPublicBuckets": true}}`: true,
	} {
		set := readTemplate(t, `{"Resources": {"Data": {"Type": "AWS::S3::Bucket", "Properties": `+properties+`}}}`)
		if got := set.Buckets[0].PublicAccess.RestrictPublicBuckets; got != want {
			t.Errorf("%s: RestrictPublicBuckets is %v", properties, got)
		}
	}
}

func TestAccessPointsAreRead(t *testing.T) {
	t.Parallel()
	set := readTemplate(t, `{"Resources": {`+data+`, "Point": {"Type": "AWS::S3::AccessPoint", "Properties": {"Name": "point", "Bucket": {"Ref": "Data"},
		"VpcConfiguration": {"VpcId": "vpc-1"}, "Policy": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}}}}}`)
	if len(set.AccessPoints) != 1 || set.AccessPoints[0].Policy == nil || set.AccessPoints[0].Bucket != "data" || !set.AccessPoints[0].VPC {
		t.Fatalf("access points: %+v, unread %v", set.AccessPoints, set.Unread)
	}
	// Its own policy isn't enough: the bucket admits nobody.
	d := set.Decide(Request{Caller: iam.Anonymous(), Action: "s3:GetObject", Resource: set.AccessPoints[0].ARN + "/object/x"})
	if d.Allowed || len(d.Unread) > 0 {
		t.Errorf("decided by the access point alone: unread %v, %s", d.Unread, d.Explain())
	}
}

// However a bucket names the key of its default encryption, it is that key.
func TestDefaultKeysAreFound(t *testing.T) {
	t.Parallel()
	for given, known := range map[string]bool{
		`{"Fn::GetAtt": ["Key", "Arn"]}`: true,
		`{"Ref": "Key"}`:                 true,
		`"alias/own"`:                    true,
		`{"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/own"}`: true,
		`"arn:aws-cn:kms:cn-north-1:999999999999:alias/own"`:                                  false,
		`"alias/other"`:  false,
		`"alias/aws/s3"`: false,
	} {
		set := readTemplate(t, `{"Resources": {"Key": {"Type": "AWS::KMS::Key", "Properties": {}},
			"Alias": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/own", "TargetKeyId": {"Ref": "Key"}}},
			"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketEncryption": {"ServerSideEncryptionConfiguration": [
				{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": `+given+`}}]}}}}}`)
		if found := set.Buckets[0].KeyARN == set.Keys[0].ARN; found != known {
			t.Errorf("%s: is %q, the key of the stacks %s", given, set.Buckets[0].KeyARN, set.Keys[0].ARN)
		}
		if unread := len(set.Unread) > 0; unread != (!known && given != `"alias/aws/s3"`) {
			t.Errorf("%s: unread %v", given, set.Unread)
		}
	}
}
