package problem

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
)

const (
	bucketARN = "arn:aws:s3:::acme"
	objects   = bucketARN + "/*"
)

// document is a policy of that statement.
func document(t *testing.T, statement string) iam.Document {
	t.Helper()
	d, err := iam.ParseDocument([]byte(`{"Version": "2012-10-17", "Statement": ` + statement + `}`))
	if err != nil {
		t.Fatal(statement, err)
	}
	return d
}

// text has what a test wants to know of problems.
func text(problems []Problem) string {
	var lines []string
	for _, p := range problems {
		verdict := "ignored"
		if p.Refused {
			verdict = "refused (" + p.Words + ")"
		}
		lines = append(lines, fmt.Sprintf("%s %s: %s", verdict, p.Element, p.Text))
	}
	return strings.Join(lines, "\n")
}

func TestProblems(t *testing.T) {
	t.Parallel()
	const (
		anyone = `"Principal": {"AWS": "111122223333"}, `
		onAll  = `, "Resource": "` + objects + `"`
	)
	for _, c := range []struct {
		kind            Kind
		statement, want string // want "": nothing
	}{
		// Principals.
		{Bucket, `"Action": "s3:GetObject"` + onAll, "refused (Missing required field Principal) Principal: the statement has no Principal"},
		{Key, `"Action": "kms:Decrypt", "Resource": "*"`, "refused (Policy contains a statement with no principal.) Principal"},
		{Trust, `"Action": "sts:AssumeRole"`, "refused (Missing required field Principal) Principal"},
		{Other, `"Action": "sqs:SendMessage", "Resource": "*"`, ""},
		{Identity, `"Action": "s3:GetObject"` + onAll, ""},
		{Identity, anyone + `"Action": "s3:GetObject"` + onAll, "refused (Policy document should not specify a principal.) Principal"},
		{Trust, `"Principal": {"Service": "s3"}, "Action": "sts:AssumeRole"`, `refused (Invalid principal in policy: "SERVICE":"s3") Principal.Service: "s3" is no service principal; did you mean "s3.amazonaws.com"?`},
		{Trust, `"Principal": {"Service": "s3.amazonaws"}, "Action": "sts:AssumeRole"`, `did you mean "s3.amazonaws.com"?`},
		{Trust, `"Principal": {"Service": "s3.amazonws.com"}, "Action": "sts:AssumeRole"`, `did you mean "s3.amazonaws.com"?`},
		{Trust, `"Principal": {"Service": ["s3.amazonaws.com", "codedeploy.cn-north-1.amazonaws.com.cn", "vpce.aws.internal", "a.amazonaws.eu"]}, "Action": "sts:AssumeRole"`, ""},
		{Bucket, `"Principal": {"Service": "cloudtrial.amazonaws.com"}, "Action": "s3:GetObject"` + onAll, `ignored Principal.Service: no service principal "cloudtrial.amazonaws.com" is known by 2026-09-26; did you mean "cloudtrail.amazonaws.com"?`},
		{Trust, `"Principal": {"Service": "lamda.amazonaws.com"}, "Action": "sts:AssumeRole"`, `did you mean "lambda.amazonaws.com"?`},
		{Trust, `"Principal": {"Service": "deliver.logs.amazonaws.com"}, "Action": "sts:AssumeRole"`, `did you mean "delivery.logs.amazonaws.com"?`},
		{Trust, `"Principal": {"Service": ["macie.amazonaws.com", "guardduty.amazonaws.com", "inspector.amazonaws.com", "eks-fargate-pods.amazonaws.com", "logs.eu-west-1.amazonaws.com", "s4.amazonaws.com", "ess.amazonaws.com", "ecs-tasks.amazonaws.com"]}, "Action": "sts:AssumeRole"`, ""},
		{Trust, `"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}`, "refused (The trust policy does not evaluate token.actions.githubusercontent.com:sub) Principal.Federated: token.actions.githubusercontent.com is shared by many organizations, and no condition on token.actions.githubusercontent.com:sub says which of its identities are meant"},
		{Trust, `"Principal": {"Federated": "cognito-identity.amazonaws.com"}, "Action": "sts:*"`, "cognito-identity.amazonaws.com:aud says which"},
		{Trust, `"Principal": {"Federated": "cognito-identity.amazonaws.com"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"Cognito-identity.amazonaws.com:AUD": "eu-west-1:1"}}`, ""},
		{Trust, `"Principal": {"Federated": ["arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A", "accounts.google.com"]}, "Action": "sts:AssumeRoleWithWebIdentity"`, ""}, // its own
		{Trust, `"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"}, "Action": "sts:TagSession"`, ""},
		{Bucket, `"Principal": {"Federated": "cognito-identity.amazonaws.com"}, "Action": "s3:GetObject"` + onAll, `ignored Principal.Federated: "cognito-identity.amazonaws.com" is a principal of trust policies only: the statement gives nothing`},
		{Key, `"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"}, "Action": "kms:Decrypt", "Resource": "*"`, "is a principal of trust policies only"},
		{Bucket, `"Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/acme"}, "Action": "s3:GetObject"` + onAll, ""}, // no page excludes it

		// Resources.
		{Bucket, anyone + `"Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*"`, "refused (Policy has invalid resource) Resource: arn:aws:s3:::other/* is not of the bucket; write arn:aws:s3:::acme or arn:aws:s3:::acme/*"},
		{Bucket, anyone + `"Action": "s3:GetObject", "Resource": "acme/*"`, ""}, // a wildcard may stand for anything
		{Bucket, anyone + `"Action": "s3:GetObject", "Resource": "acme"`, "Policy has invalid resource"},
		{Bucket, anyone + `"Action": "s3:GetObject", "Resource": "arn:aws:kms:eu-west-1:111122223333:key/1"`, "Policy has invalid resource"},
		{Bucket, anyone + `"Action": "s3:GetObject", "Resource": ["arn:aws:s3:::*", "arn:aws:s3:::ac*", "arn:aws:s3:::acme/${aws:username}/*", "arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::?cme/*"]`, ""},
		{Bucket, anyone + `"Action": "s3:GetObject", "Resource": ["` + objects + `", "*"]`, `refused (Policy has invalid resource) Resource: "*" is not of the bucket; write the ARN of the bucket, or of its objects`},
		{Bucket, anyone + `"Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/${aws:username}/*"`, "refused (Policy has invalid resource) Resource: arn:aws:s3:::other/${aws:username}/* is not of the bucket"},
		{Bucket, anyone + `"Action": "s3:GetObject", "Resource": "arn:aws:s3:::other*"`, "ignored Resource: arn:aws:s3:::other* matches nothing of the bucket; write arn:aws:s3:::acme or arn:aws:s3:::acme/*"},
		{Bucket, anyone + `"Action": "s3:GetObject"`, "refused (Missing required field Resource) Resource: the statement has no Resource"},
		{Identity, `"Action": "s3:GetObject"`, "refused (Policy statement must contain resources.) Resource"},
		{Secret, anyone + `"Action": "secretsmanager:GetSecretValue"`, ""},
		{Key, anyone + `"Action": "kms:Decrypt"`, `ignored Resource: the statement has no Resource: the statement gives nothing; write "*"`}, // API reference, PutKeyPolicy
		{Identity, `"Action": "s3:GetObject", "Resource": "arn:aws2:s3:::acme/*"`, `refused (Partition "aws2" is not valid for resource "arn:aws2:s3:::acme/*".) Resource: arn:aws2:s3:::acme/* is of no partition; did you mean aws?`},
		{Identity, `"Action": "s3:GetObject", "Resource": "arn:aws:s3::acme"`, "refused (The policy failed legacy parsing) Resource: arn:aws:s3::acme is an ARN that lacks a part"},
		{Identity, `"Action": "s3:GetObject", "Resource": ["arn:aws:s3", "arn:*:s3:::acme/*", "arn:aws-cn:s3:::acme/*", "arn:future:s3:::acme/*", "arn:aws:s3:::acme::1", "*::*"]`, ""},
		{Identity, `"Action": "s3:GetObject", "Resource": "acme/*"`, `refused (Resource acme/* must be in ARN format or "*".) Resource: acme/* is no ARN`},
		{Identity, `"Action": "iam:ChangePassword", "Resource": "me"`, `refused (Resource me must be in ARN format or "*".) Resource`}, // and no more than that
		{Trust, anyone + `"Action": "sts:AssumeRole", "Resource": "*"`, "refused (Has prohibited field Resource) Resource"},

		// Actions.
		{Bucket, anyone + `"Action": "s3:GetObjects"` + onAll, "refused (Policy has invalid action) Action: s3:GetObjects is no action; did you mean s3:GetObject?"},
		{Identity, `"Action": "s3:GetObjects"` + onAll, "ignored Action: s3:GetObjects is no action; did you mean s3:GetObject?"},
		{Bucket, anyone + `"Action": "s3:HeadObject"` + onAll, "refused (Policy has invalid action) Action: s3:HeadObject is an operation and no action; it is authorized as s3:GetObject"},
		{Bucket, anyone + `"Action": "s3:FoldObjectIntoPaper"` + onAll, "ignored Action: s3:FoldObjectIntoPaper is no action of Amazon S3 known by 2026-"},
		{Bucket, anyone + `"Action": "s3:Fold*"` + onAll, "ignored Action: s3:Fold* matches no action of Amazon S3 known by 2026-"},
		{Bucket, anyone + `"Action": "kms:Decrypt"` + onAll, "refused (Policy has invalid action) Action: kms:Decrypt is no action of s3"},
		{Trust, anyone + `"Action": "s3:GetObject"`, "refused (AssumeRole policy may only specify STS AssumeRole actions.) Action"},
		{Key, anyone + `"Action": "s3:GetObject", "Resource": "*"`, "ignored Action: s3:GetObject is no action of kms"},
		{Identity, `"Action": "s4:GetObject", "Resource": "*"`, "ignored Action: s4:GetObject: no service with the prefix s4 is known by 2026-"},
		{Identity, `"NotAction": "kms:ReEncrypt", "Resource": "*"`, "ignored NotAction: kms:ReEncrypt is an operation and no action; it is authorized as kms:ReEncryptFrom and kms:ReEncryptTo"},
		{Identity, `"Action": ["S3:getobject", "s3:*", "*", "*:*", "ec2:RunInstances", "kms:ReEncrypt*"], "Resource": "*"`, ""},

		// Actions on resources.
		{Identity, `"Action": "kms:Decrypt", "Resource": "arn:aws:kms:eu-west-1:111122223333:alias/a"`, "ignored Action: kms:Decrypt needs arn:${Partition}:kms:${Region}:${Account}:key/${KeyId} as Resource, and gets arn:aws:kms:eu-west-1:111122223333:alias/a"},
		{Identity, `"Action": ["kms:Decrypt", "kms:ListAliases"], "Resource": "arn:aws:kms:eu-west-1:111122223333:key/a*"`, `ignored Action: kms:ListAliases needs "*" as Resource, and gets`},
		{Identity, `"Action": "kms:ListAliases", "Resource": "arn:aws:kms:*:*:key/*"`, ""}, // AWS's answer may name it so
		{Identity, `"Action": "cloudformation:CreateChangeSet", "Resource": "arn:aws:cloudformation:eu-west-1:aws:transform/Serverless-2016-10-31"`, ""},
		{Identity, `"Action": "ssm:GetParameter", "Resource": "arn:aws:eks:*:*:cluster/*"`, "as Resource, and gets arn:aws:eks:*:*:cluster/*"},
		{Other, `"Action": "SNS:Receive", "Resource": "*"`, ""},
		{Identity, `"Action": ["iam:ListRoles", "iam:PassRole"], "Resource": "arn:aws:iam::111122223333:role/service-role/*"`, ""},
		{Identity, `"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/put:*"`, ""},
		{Identity, `"Action": "iam:PassRole", "Resource": "*"`, `ignored Resource: iam:PassRole on "*" gives every role`},
		{Identity, `"Action": "iam:PassRole", "Resource": ["arn:aws:iam::111122223333:role/*", "arn:aws:iam::111122223333:role/put/*"]`, `iam:PassRole on "arn:aws:iam::111122223333:role/*" gives`},
		{Identity, `"Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}`, ""},

		// Keys.
		{Bucket, anyone + `"Action": "s3:GetObject", "Condition": {"StringEquals": {"s3:prefix": "x"}}` + onAll, "refused (Conditions do not apply to combination of actions and resources in statement) Condition.StringEquals.s3:prefix: requests for s3:GetObject don't carry s3:prefix"},
		{Bucket, anyone + `"Action": ["s3:GetObject", "s3:List*"], "Condition": {"StringEquals": {"s3:prefix": "x"}}` + onAll, "refused (Conditions do not apply to combination of actions and resources in statement) Condition.StringEquals.s3:prefix: requests for s3:GetObject don't"},
		{Bucket, anyone + `"Action": ["s3:*", "*"], "Condition": {"StringEquals": {"s3:prefix": "x"}}` + onAll, ""},
		{Identity, `"Action": ["s3:GetObject", "s3:ListBucket"], "Condition": {"StringLike": {"s3:prefix": "x"}}` + onAll, "ignored Condition.StringLike.s3:prefix: requests for s3:GetObject don't carry s3:prefix: of them the statement gives nothing"},
		{Identity, `"Action": ["s3:GetObject", "s3:ListBucket"], "Condition": {"StringLikeIfExists": {"s3:prefix": "x"}}` + onAll, ""},
		{Identity, `"Action": ["s3:GetObject", "s3:ListBucket"], "Condition": {"ForAllValues:StringLike": {"s3:prefix": "x"}}` + onAll, ""},
		{Identity, `"Action": ["s3:GetObject", "s3:ListBucket"], "Condition": {"ForAnyValue:StringNotLike": {"s3:prefix": "x"}}` + onAll, "requests for s3:GetObject don't carry s3:prefix: of them the statement gives nothing"},
		{Identity, `"Action": ["s3:GetObject", "s3:ListBucket"], "Condition": {"Null": {"s3:prefix": "true"}}` + onAll, ""},
		{Identity, `"Action": "kms:DescribeKey", "Resource": "*", "Condition": {"StringNotEquals": {"kms:EncryptionContext:a": "x"}}`, "don't carry kms:EncryptionContext:a: the statement allows as if the condition weren't there"},
		{Bucket, anyone + `"Action": "s3:PutObject", "Condition": {"StringEquals": {"s3:x-amz-aclx": "private"}}` + onAll, "refused (Policy has an invalid condition key) Condition.StringEquals.s3:x-amz-aclx: s3:x-amz-aclx is no condition key: the statement gives nothing; did you mean s3:x-amz-acl?"},
		{Bucket, anyone + `"Action": "s3:PutObject", "Condition": {"ArnNotLike": {"aws:PrincipleArn": "arn:aws:iam::111122223333:role/a"}}` + onAll, "ignored Condition.ArnNotLike.aws:PrincipleArn: aws:PrincipleArn is no condition key: the statement allows as if the condition weren't there; did you mean aws:PrincipalArn?"},
		{Bucket, anyone + `"Action": "s3:PutObject", "Condition": {"StringEquals": {"aws:FoldedPaper": "x"}}` + onAll, "ignored Condition.StringEquals.aws:FoldedPaper: no condition key aws:FoldedPaper is known by 2026-"},
		{Bucket, anyone + `"Action": "s3:PutObject", "Condition": {"IpAddress": {"aws:SourceIP": "203.0.113.0/24"}, "ArnLike": {"AWS:PrincipalARN": "arn:aws:iam::111122223333:role/a"}, "StringEquals": {"aws:PrincipalTag/team": "a", "s3:RequestObjectTag/a": "b"}}` + onAll, ""},
		{Trust, anyone + `"Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"token.actions.githubusercontent.com:sub": "a", "oidc.eks.eu-west-1.amazonaws.com/id/A:aud": "b"}}`, ""},

		// Operators and values.
		{Identity, `"Action": "s3:ListBucket", "Resource": "*", "Condition": {"NumericEquals": {"s3:prefix": "1"}}`, "ignored Condition.NumericEquals.s3:prefix: NumericEquals compares values of type Numeric, and s3:prefix is of type String"},
		{Identity, `"Action": "s3:*", "Resource": "*", "Condition": {"NotIpAddressIfExists": {"aws:SourceVpce": "10.0.0.0/8"}}`, "and aws:SourceVpce is of type String"},
		{Identity, `"Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:SecureTransport": "yes"}}`, "ignored Condition.StringEquals.aws:SecureTransport: aws:SecureTransport is true or false, and never yes"},
		{Identity, `"Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:SecureTransport": "true", "aws:PrincipalArn": "arn:aws:iam::111122223333:role/a"}, "NumericLessThan": {"aws:EpochTime": "1", "s3:TlsVersion": "1.2", "aws:PrincipalTag/level": "3"}, "Null": {"aws:SourceIp": "true"}}`, ""},

		// Contradictions.
		{Identity, `"Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "1"}, "StringLike": {"aws:sourceaccount": "2*"}}`, "ignored Condition.StringLike.aws:sourceaccount: StringEquals and StringLike of aws:SourceAccount are never fulfilled together: the statement gives nothing"},
		{Identity, `"Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "1"}, "Null": {"aws:SourceAccount": "true"}}`, "never fulfilled together"},
		{Identity, `"Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": ["1", "2"]}, "StringLike": {"aws:SourceAccount": "2*"}}`, ""},
		{Identity, `"Action": "s3:*", "Resource": "*", "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}, "StringEquals": {"aws:TagKeys": "b"}}`, ""},
		{Identity, `"Action": "s3:*", "Resource": "*", "Condition": {"StringEqualsIfExists": {"aws:SourceVpc": "a"}, "StringEquals": {"aws:SourceVpc": "${aws:PrincipalTag/vpc}"}, "Null": {"aws:SourceVpc": "false"}}`, ""},
	} {
		got := text(Find(document(t, `{"Effect": "Allow", `+c.statement+`}`), Subject{c.kind, map[Kind]string{Bucket: bucketARN}[c.kind]}))
		if c.want == "" && got != "" || !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s\n got: %s\nwant: %s", c.statement, got, c.want)
		}
	}
}

// The bucket policies of the S3 user guide's pages example-bucket-policies,
// amazon-s3-policy-keys, tagging-and-policies and conditional-writes-enforce.
func TestExamplesOfAWSHaveNoProblem(t *testing.T) {
	t.Parallel()
	for _, statement := range []string{
		`"Effect": "Deny", "Action": "s3:PutObject", "Condition": {"ArnNotEqualsIfExists": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:us-east-1:111122223333:key/1"}}`,
		`"Effect": "Allow", "Action": ["s3:PutObject", "s3:PutObjectAcl"], "Condition": {"StringEquals": {"s3:x-amz-acl": ["public-read"]}}`,
		`"Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObjectVersion"], "Condition": {"StringEquals": {"s3:ExistingObjectTag/environment": "production"}}`,
		`"Effect": "Allow", "Action": ["s3:PutObjectTagging"], "Condition": {"ForAnyValue:StringEquals": {"s3:RequestObjectTagKeys": ["Owner", "CreationDate"]}}`,
		`"Effect": "Allow", "Action": ["s3:PutObjectTagging", "s3:PutObject"], "Condition": {"StringEquals": {"s3:RequestObjectTag/Project": "X"}}`,
		`"Effect": "Deny", "Action": "s3:PutObject", "Condition": {"ForAllValues:StringNotEquals": {"aws:PrincipalServiceNamesList": "logging.s3.amazonaws.com"}}`,
		`"Effect": "Deny", "Action": "s3:PutObject", "Condition": {"StringNotLike": {"s3:x-amz-copy-source": "source/public/*"}}`,
		`"Effect": "Deny", "Action": "s3:GetObjectVersion", "Condition": {"StringNotEquals": {"s3:VersionId": "AaaHbAQitwiL"}}`,
		`"Effect": "Deny", "Action": "s3:PutObject", "Condition": {"NumericLessThan": {"s3:TlsVersion": 1.2}}`,
		`"Effect": "Deny", "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false"}}`,
		`"Effect": "Allow", "Action": ["s3:PutObjectAnnotation", "s3:GetObjectAnnotation", "s3:DeleteObjectAnnotation"], "Condition": {"StringLike": {"s3:annotation-prefix": "ml-output.*"}}`,
		`"Effect": "Deny", "Action": ["s3:PutObjectAnnotation", "s3:DeleteObjectAnnotation"], "Condition": {"Null": {"s3:x-amz-object-if-match": "true"}}`,
		`"Effect": "Allow", "Action": "s3:GetObject", "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}, "NotIpAddress": {"aws:SourceIp": "192.0.2.188/32"}}`,
		`"Effect": "Allow", "Action": ["s3:ListBucket"], "Condition": {"StringEquals": {"s3:prefix": ["", "home/"], "s3:delimiter": ["/"]}}`,
		`"Effect": "Deny", "Action": ["s3:ListBucket", "s3:ListBucketVersions"], "Condition": {"NumericGreaterThan": {"s3:max-keys": "10"}}`,
		`"Effect": "Allow", "Action": "s3:GetObject", "Condition": {"StringLike": {"aws:Referer": ["https://www.example.com/*"]}}`,
		`"Effect": "Allow", "Action": "s3:PutInventoryConfiguration", "Condition": {"ForAllValues:StringEquals": {"s3:InventoryAccessibleOptionalFields": ["Size", "StorageClass"]}}`,
		`"Effect": "Deny", "Action": "s3:PutObject", "Condition": {"Null": {"s3:if-none-match": "true"}, "Bool": {"s3:ObjectCreationOperation": "true"}}`,
	} {
		statement = `{"Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Resource": ["` + bucketARN + `", "` + objects + `"], ` + statement + "}"
		if got := text(Find(document(t, statement), Subject{Bucket, bucketARN})); got != "" {
			t.Errorf("%s\n%s", statement, got)
		}
	}
}

func TestProblemsSayWhereTheyAre(t *testing.T) {
	t.Parallel()
	d := document(t, `[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:GetObjects", "Resource": "*"}]`)
	found := Find(d, Subject{Kind: Identity})
	if len(found) != 1 || found[0].Statement != 1 || found[0].Code != ActionUnknown {
		b, _ := json.Marshal(found)
		t.Errorf("%s", b)
	}
}

func BenchmarkFind(b *testing.B) {
	var d iam.Document
	if err := json.Unmarshal([]byte(`{"Statement": [
		{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["`+bucketARN+`", "`+objects+`"], "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}},
		{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["s3:GetObject*", "s3:PutObject"], "Resource": "`+objects+`", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/a"}, "StringLike": {"s3:ExistingObjectTag/a": "b"}}}]}`), &d); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Find(d, Subject{Bucket, bucketARN})
	}
}
