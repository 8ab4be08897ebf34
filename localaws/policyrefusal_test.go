package localaws_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

// attachments are where a policy can be put: the call that puts it, the resource of
// a template that has it, and the code of a refusal.
var attachments = map[string]struct {
	put      func(t *testing.T, s *localaws.Server, policy string) (status int, body string)
	resource string // POLICY is the document
	code     string
}{
	"bucket": {func(t *testing.T, s *localaws.Server, policy string) (int, string) {
		return send(t, s, "s3", "PUT", "/acme?policy=", policy, nil)
	}, `{"Type":"AWS::S3::BucketPolicy","Properties":{"Bucket":"acme","PolicyDocument":POLICY}}`, "MalformedPolicy"},
	"key": {func(t *testing.T, s *localaws.Server, policy string) (int, string) {
		return target(t, s, "kms", "TrentService.CreateKey", map[string]string{"Policy": policy})
	}, `{"Type":"AWS::KMS::Key","Properties":{"KeyPolicy":POLICY}}`, "MalformedPolicyDocumentException"},
	"secret": {func(t *testing.T, s *localaws.Server, policy string) (int, string) {
		return target(t, s, "secretsmanager", "secretsmanager.PutResourcePolicy", map[string]string{"SecretId": "acme", "ResourcePolicy": policy})
	}, `{"Type":"AWS::SecretsManager::ResourcePolicy","Properties":{"SecretId":"acme","ResourcePolicy":POLICY}}`, "MalformedPolicyDocumentException"},
	"identity": {func(t *testing.T, s *localaws.Server, policy string) (int, string) {
		return call(t, s, "iam", "PutUserPolicy", "UserName=acme&PolicyName=p&PolicyDocument="+policy)
	}, `{"Type":"AWS::IAM::ManagedPolicy","Properties":{"PolicyDocument":POLICY}}`, "MalformedPolicyDocument"},
	"trust": {func(t *testing.T, s *localaws.Server, policy string) (int, string) {
		return call(t, s, "iam", "UpdateAssumeRolePolicy", "RoleName=acme&PolicyDocument="+policy)
	}, `{"Type":"AWS::IAM::Role","Properties":{"AssumeRolePolicyDocument":POLICY}}`, "MalformedPolicyDocument"},
}

const (
	ofAccount = `"Principal":{"AWS":"111122223333"}`
	onBucket  = `"Resource":"arn:aws:s3:::acme"`
	onObjects = `"Resource":"arn:aws:s3:::acme/*"`
	byAccount = `{"Effect":"Allow",` + ofAccount + `,"Action":"kms:*","Resource":"*"}`
	noRole    = `"Principal":{"AWS":"arn:aws:iam::111122223333:role/none"}`
)

// refusedPolicies are what AWS refuses, in its words, and the nearest that it
// accepts. The comments say where the words are from: a page, or who quotes AWS.
// internal/problem has more of each kind.
var refusedPolicies = []struct {
	to           string
	wrong, right string // a document, or a statement without Effect
	words        string
}{
	// S3, whose keys and the actions that they are for are in the Service
	// Authorization Reference, list_amazons3: issues 650, 645, 648 and 649 of versity/versitygw, 239 of humanmade/S3-Uploads.
	{"bucket", ofAccount + `,"Action":"s3:GetObjects",` + onObjects, ofAccount + `,"Action":"s3:GetObject",` + onObjects, "Policy has invalid action"},
	{"bucket", ofAccount + `,"Action":"kms:Decrypt",` + onObjects, ofAccount + `,"Action":"s3:*",` + onObjects, "Policy has invalid action"},
	{"bucket", ofAccount + `,"Action":"GetObject",` + onObjects, ofAccount + `,"Action":"S3:getobject",` + onObjects, "Policy has invalid action"},
	{"bucket", ofAccount + `,"Action":"s3:GetObject",` + onBucket, ofAccount + `,"Action":"s3:ListBucket",` + onBucket, "Action does not apply to any resource(s) in statement"},
	{"bucket", ofAccount + `,"Action":"s3:ListBucket",` + onObjects, ofAccount + `,"Action":"s3:List*",` + onObjects, "Action does not apply to any resource(s) in statement"},
	{"bucket", ofAccount + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::other/*"`, ofAccount + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::acme/*/x"`, "Policy has invalid resource"},
	{"bucket", ofAccount + `,"Action":"s3:GetObject","Resource":"acme/*"`, ofAccount + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::acme/${aws:username}"`, "Policy has invalid resource"},
	{"bucket", ofAccount + `,"Action":"s3:*","Resource":"*"`, ofAccount + `,"Action":"s3:*","Resource":"arn:aws:s3:::acme*"`, "Policy has invalid resource"}, // issue 10058 of noobaa/noobaa-core
	{"bucket", ofAccount + `,"Action":"s3:PutObject",` + onObjects + `,"Condition":{"StringEquals":{"s3:x-amz-aclx":"private"}}`, ofAccount + `,"Action":"s3:PutObject",` + onObjects + `,"Condition":{"StringEquals":{"s3:x-amz-acl":"private"}}`, "Policy has an invalid condition key"},
	{"bucket", ofAccount + `,"Action":"s3:PutObject",` + onObjects + `,"Condition":{"Null":{"s3:x-amz-server-side-encrytion":"true"}}`, ofAccount + `,"Action":"s3:PutObject",` + onObjects + `,"Condition":{"Null":{"s3:x-amz-server-side-encryption":"true"}}`, "Policy has an invalid condition key"},
	{"bucket", ofAccount + `,"Action":"s3:GetObject",` + onObjects + `,"Condition":{"StringEquals":{"s3:nope":"a"}}`, ofAccount + `,"Action":"s3:GetObject",` + onObjects + `,"Condition":{"StringEquals":{"s3:authType":"REST-HEADER"}}`, "Policy has an invalid condition key"},
	{"bucket", ofAccount + `,"Action":"s3:GetObject",` + onObjects + `,"Condition":{"StringEquals":{"foo:bar":"a"}}`, ofAccount + `,"Action":"s3:GetObject",` + onObjects + `,"Condition":{"StringEquals":{"aws:bar":"a"}}`, "Policy has an invalid condition key"},
	{"bucket", ofAccount + `,"Action":"s3:GetObject",` + onObjects + `,"Condition":{"Null":{"s3:x-amz-server-side-encryption":"true"}}`, ofAccount + `,"Action":"s3:GetObject",` + onObjects + `,"Condition":{"Null":{"aws:NoSuchKey":"true"}}`, "Conditions do not apply to combination of actions and resources in statement"}, // unknown aws: keys pass: scality/Arsenal
	{"bucket", noRole + `,"Action":"s3:GetObject",` + onObjects, ofAccount + `,"Action":"s3:GetObject",` + onObjects, "Invalid principal in policy"},
	{"bucket", `"Principal":{"AWS":"999999999999"},"Action":"s3:GetObject",` + onObjects, `"Principal":{"AWS":"444455556666"},"Action":"s3:GetObject",` + onObjects, "Invalid principal in policy"},
	{"bucket", `"Principal":{"AWS":"arn:aws:iam::111122223333:role/*"},"Action":"s3:GetObject",` + onObjects, `"Principal":{"AWS":"arn:aws:iam::111122223333:user/acme"},"Action":"s3:GetObject",` + onObjects, "Invalid principal in policy"},
	{"bucket", `"Principal":{"Service":"s3"},"Action":"s3:GetObject",` + onObjects, `"Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:GetObject",` + onObjects, "Invalid principal in policy"},
	{"bucket", `"Action":"s3:GetObject",` + onObjects, ofAccount + `,"Action":"s3:GetObject",` + onObjects, "Missing required field Principal"},
	{"bucket", `"Principal":{},"Action":"s3:GetObject",` + onObjects, ofAccount + `,"Action":"s3:GetObject",` + onObjects, "Missing required field Principal cannot be empty!"}, // issue 4 of cn-terraform/terraform-aws-logs-s3-bucket
	{"bucket", ofAccount + "," + onObjects, ofAccount + `,"NotAction":"s3:PutObject",` + onObjects, "Missing required field Action"},
	{"bucket", ofAccount + `,"Action":"s3:GetObject"`, ofAccount + `,"Action":"s3:GetObject","NotResource":"arn:aws:s3:::acme/x"`, "Missing required field Resource"},
	{"bucket", ofAccount + `,"Action":null,` + onObjects, ofAccount + `,"Action":["s3:GetObject"],` + onObjects, "Invalid policy syntax."}, // issue 3576 of carina-rc/carina
	{"bucket", ofAccount + `,"Action":"s3:GetObject",` + onObjects + `,"condition":{}`, ofAccount + `,"Action":"s3:GetObject",` + onObjects + `,"Condition":{}`, "Unknown field condition"},
	// The catalogue of S3's answers in versity/versitygw, auth/bucket_policy.go.
	{"bucket", ofAccount + `,"Action":"s3:GetObject",` + onObjects + `,"Condition":{"stringEquals":{"aws:PrincipalArn":"a"}}`, ofAccount + `,"Action":"s3:GetObject",` + onObjects + `,"Condition":{"StringEquals":{"aws:PrincipalArn":"a"}}`, "Invalid Condition type : stringEquals"},
	{"bucket", ofAccount + `,"Action":"s3:GetObject",` + onObjects + `,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0"}}`, ofAccount + `,"Action":"s3:GetObject",` + onObjects + `,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`, "Invalid IP address in Conditions"},
	{"bucket", `{"Statement":[{"Effect":"hello",` + ofAccount + `,"Action":"s3:GetObject",` + onObjects + `}]}`, `{"Statement":[{"Effect":"Allow",` + ofAccount + `,"Action":"s3:GetObject",` + onObjects + `}]}`, "Invalid effect: hello"}, // issue 647 of versity/versitygw
	{"bucket", `{"Statement":[{` + ofAccount + `,"Action":"s3:GetObject",` + onObjects + `}]}`, "", "Missing required field Effect"},
	{"bucket", `{"Version":"2020-10-17","Statement":[{"Effect":"Allow",` + ofAccount + `,"Action":"s3:GetObject",` + onObjects + `}]}`, `{"Version":"2008-10-17","Statement":{"Effect":"Allow",` + ofAccount + `,"Action":"s3:GetObject",` + onObjects + `}}`, "The policy must contain a valid version string"},
	{"bucket", `{"Statement":[]}`, "", "Could not parse the policy: Statement is empty!"},
	{"bucket", `{}`, "", "Missing required field Statement"}, // issue 1176 of versity/versitygw
	{"bucket", `{"Statement"`, "", "This policy contains invalid Json"},
	{"bucket", `Statement`, "", "Policies must be valid JSON and the first byte must be '{'"},
	{"bucket", ofAccount + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::acme/` + strings.Repeat("x", 20480) + `"`, ofAccount + `,"Action":"s3:GetObject",` + strings.Repeat(" ", 20480) + onObjects, "Normalized policy document exceeds the maximum allowed size of 20480 bytes"}, // issue 372 of ebi-ait/hca-ebi-wrangler-central
	{"bucket", `"NotPrincipal":{"AWS":"111122223333"},"Action":"s3:GetObject",` + onObjects, `{"Statement":{"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:GetObject",` + onObjects + `}}`, "Allow with NotPrincipal is not allowed."},

	// KMS: API reference, PutKeyPolicy; issues 17 of aws-samples/data-mesh-datazone-cdk-cloudformation
	// and 279 of cloudtools/awacs.
	{"key", `{"Statement":[` + byAccount + `,{"Effect":"Allow",` + noRole + `,"Action":"kms:Decrypt","Resource":"*"}]}`, `{"Statement":[` + byAccount + `,{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/acme"},"Action":"kms:Decrypt","Resource":"*"}]}`, "Policy contains a statement with one or more invalid principals."},
	{"key", `{"Statement":[` + byAccount + `,{"Effect":"Allow","Principal":{"Service":"s3"},"Action":"kms:Decrypt","Resource":"*"}]}`, `{"Statement":[` + byAccount + `,{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"kms:Decrypt","Resource":"*"}]}`, "Policy contains a statement with one or more invalid principals."},
	{"key", `{"Statement":[` + byAccount + `,{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}]}`, `{"Statement":[` + byAccount + `,{"Effect":"Deny","Principal":"*","Action":"kms:*"}]}`, "Policy contains a statement with no principal."}, // without Resource, the Deny has no effect
	{"key", `"Principal":{"AWS":"444455556666"},"Action":"kms:*","Resource":"*"`, ofAccount + `,"Action":"kms:*","Resource":"*"`, "The new key policy will not allow you to update the key policy in the future."},
	{"key", ofAccount + `,"Action":"kms:*","Resource":"arn:aws:dynamodb:*"`, ofAccount + `,"Action":["kms:*","s3:GetObject"],"Resource":["*"]`, "The new key policy will not allow you to update the key policy in the future."}, // pull request 1046 of ministryofjustice/modernisation-platform
	{"key", `{"Statement":`, "", "not syntactically or semantically correct"},

	// Secrets Manager: user guide, manage_secret-policy.
	{"secret", noRole + `,"Action":"secretsmanager:GetSecretValue","Resource":"*"`, `"Principal":{"AWS":"arn:aws:iam::111122223333:role/acme"},"Action":"secretsmanager:GetSecretValue","Resource":"*"`, "This resource policy contains an unsupported principal."},
	{"secret", `"Principal":{"Service":"invalidservice"},"Action":"secretsmanager:GetSecretValue","Resource":"*"`, `"Principal":{"Service":"rds.amazonaws.com"},"Action":"secretsmanager:GetSecretValue","Resource":"*"`, "This resource policy contains an invalid service principal."},
	{"secret", `{"Statement":[{"Effect":"AllowSomething","Principal":"*","Action":"secretsmanager:*","Resource":"*"}]}`, `{"Statement":[{"Effect":"Deny","Principal":"*","Action":"secretsmanager:DeleteSecret","Resource":"*"}]}`, "This resource policy contains a syntax error."},

	// IAM: getmoto/moto, moto/iam/policy_validation.py, and versity/versitygw,
	// tests/integration, which have IAM's answers.
	{"identity", `{"Statement":`, "", "Syntax errors in policy."},
	{"identity", `{"Version":"2020-01-01","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`, `{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`, "Syntax errors in policy."},
	{"identity", `"Action":"s3:GetObject","NotAction":"s3:PutObject","Resource":"*"`, `"NotAction":"s3:PutObject","Resource":"*"`, "Syntax errors in policy."},
	{"identity", `"Resource":"*"`, `"Action":"*","Resource":"*"`, "Policy statement must contain actions."},
	{"identity", `"Action":"s3:GetObject"`, `"Action":"s3:GetObjects","Resource":"*"`, "Policy statement must contain resources."}, // unknown actions pass: IAM user guide, access-analyzer-reference-policy-checks
	{"identity", `"Action":"s3:GetObject","Resource":[]`, `"Action":"foo:Bar","Resource":["*"]`, "Policy statement must contain resources."},
	{"identity", `"Action":"GetObject","Resource":"*"`, `"Action":"*:*","Resource":"*"`, "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
	{"identity", `"Action":":GetObject","Resource":"*"`, "", "Vendor  is not valid"},
	{"identity", `"Action":"s3:GetObject","Resource":"acme"`, `"Action":"s3:GetObject","Resource":"arn:aws:s3:::acme"`, `Resource acme must be in ARN format or "*".`},
	{"identity", `"Action":"s3:GetObject","Resource":""`, `"Action":"s3:GetObject","Resource":"*"`, `Resource  must be in ARN format or "*".`}, // issue 1257 of cattle-ops/terraform-aws-gitlab-runner
	{"identity", `"Action":"s3:GetObject","Resource":"arn:aws2:s3:::acme"`, `"Action":"s3:GetObject","Resource":"arn:*:s3:::acme"`, `Partition "aws2" is not valid for resource "arn:aws2:s3:::acme".`},
	{"identity", `"Action":"s3:GetObject","Resource":"arn:aws:s3::acme"`, `"Action":"s3:GetObject","Resource":"arn:aws:s3"`, "The policy failed legacy parsing"},
	{"identity", `"Principal":"*","Action":"s3:GetObject","Resource":"*"`, "", "Policy document should not specify a principal."},
	{"identity", `{"Statement":[{"Sid":"A","Effect":"Allow","Action":"s3:*","Resource":"*"},{"Sid":"A","Effect":"Allow","Action":"kms:*","Resource":"*"}]}`, `{"Statement":[{"Sid":"A","Effect":"Allow","Action":"s3:*","Resource":"*"},{"Sid":"B","Effect":"Allow","Action":"kms:*","Resource":"*"}]}`, "Statement IDs (SID) in a single policy must be unique."},

	{"trust", `{"Statement":`, "", "This policy contains invalid Json"},
	{"trust", noRole + `,"Action":"sts:AssumeRole"`, `"Principal":{"AWS":"arn:aws:iam::111122223333:user/acme"},"Action":"sts:AssumeRole"`, `Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/none"`},
	{"trust", `"Principal":{"AWS":"arn:aws:iam::111122223333:user/*"},"Action":"sts:AssumeRole"`, ofAccount + `,"Action":"sts:AssumeRole"`, `Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:user/*"`},
	{"trust", `"Principal":{"Service":"s3"},"Action":"sts:AssumeRole"`, `"Principal":{"Service":"s3.amazonaws.com"},"Action":"sts:AssumeRole"`, `Invalid principal in policy: "SERVICE":"s3"`},
	{"trust", ofAccount + `,"Action":"s3:GetObject"`, ofAccount + `,"Action":["sts:AssumeRole","sts:TagSession"]`, "AssumeRole policy may only specify STS AssumeRole actions."},
	{"trust", ofAccount + `,"Action":"*"`, "", "AssumeRole policy may only specify STS AssumeRole actions."},
	{"trust", ofAccount + `,"Action":"sts:AssumeRole","Resource":"*"`, "", "Has prohibited field Resource"},
	{"trust", `"Action":"sts:AssumeRole"`, "", "Missing required field Principal"},
	{"trust", `"Principal":{},"Action":"sts:AssumeRole"`, "", "Missing required field Principal cannot be empty!"},
	{"trust", ofAccount, "", "Missing required field Action"},
	{"trust", `{"Statement":[{` + ofAccount + `,"Action":"sts:AssumeRole"}]}`, "", "Missing required field Effect"},
	{"trust", `{"Statement":[{"Effect":"Maybe",` + ofAccount + `,"Action":"sts:AssumeRole"}]}`, "", "Invalid effect: Maybe"},
	{"trust", `{"Version":"1","Statement":[{"Effect":"Allow",` + ofAccount + `,"Action":"sts:AssumeRole"}]}`, "", "The policy must contain a valid version string"},
	{"trust", `{"Version":"2012-10-17","Statement":[]}`, "", "Could not parse the policy: Statement is empty!"},
}

// whole is the document of a row.
func whole(text string) string {
	if text == "" || text[0] != '"' {
		return text
	}
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + text + `}]}`
}

// policyWorld has what the policies of the rows are put to, and whom they name.
func policyWorld(t *testing.T) *localaws.Server {
	s := start(t)
	if _, err := s.AddUser(source, "acme"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddRole(source, "acme", trust(source)); err != nil {
		t.Fatal(err)
	}
	if status, body := send(t, s, "s3", "PUT", "/acme", `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>`, nil); status != 200 {
		t.Fatal(body)
	}
	if status, body := target(t, s, "secretsmanager", "secretsmanager.CreateSecret", map[string]string{"Name": "acme", "SecretString": "x", "ClientRequestToken": strings.Repeat("1", 32)}); status != 200 {
		t.Fatal(body)
	}
	return s
}

func TestPoliciesThatAWSRefuses(t *testing.T) {
	t.Parallel()
	s := policyWorld(t)
	for _, row := range refusedPolicies {
		a := attachments[row.to]
		status, body := a.put(t, s, whole(row.wrong))
		if status != 400 || !strings.Contains(body, a.code) || !strings.Contains(message(body), row.words) {
			t.Errorf("%s: %.200s\ngot  %d %s\nwant %s %s", row.to, row.wrong, status, body, a.code, row.words)
		}
		if row.right == "" {
			continue
		}
		if status, body := a.put(t, s, whole(row.right)); status >= 300 {
			t.Errorf("%s: %.200s\nis refused: %d %s", row.to, row.right, status, body)
		}
	}
}

// TestStacksRefuseTheSamePolicies: the event of the resource, or the answer to
// CreateStack, has the words of the service.
func TestStacksRefuseTheSamePolicies(t *testing.T) {
	t.Parallel()
	s := policyWorld(t)
	for _, row := range refusedPolicies {
		document := whole(row.wrong)
		if !json.Valid([]byte(document)) || len(document) > 10000 || strings.Contains(document, "null") {
			continue // no template can have it
		}
		template := `{"Resources":{"R":` + strings.Replace(attachments[row.to].resource, "POLICY", document, 1) + `}}`
		_, answer := cloudformation(t, s, "CreateStack", "StackName=app", "TemplateBody="+template, "Capabilities.member.1=CAPABILITY_NAMED_IAM")
		status := settle(t, s)
		_, events := cloudformation(t, s, "DescribeStackEvents", "StackName=app")
		if status == "CREATE_COMPLETE" || !strings.Contains(message(answer)+message(events), row.words) {
			t.Errorf("%s: %.200s\nstack is %s, want %q in\n%s\n%s", row.to, row.wrong, status, row.words, answer, events)
		}
		if status != "" {
			cloudformation(t, s, "DeleteStack", "StackName=app")
			settle(t, s)
		}
	}
}

// message is a body as people read it.
func message(body string) string {
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(body))
	d.Strict = false
	for {
		switch token, err := d.Token(); x := token.(type) {
		case xml.CharData:
			b.Write(x)
		case nil:
			if err != nil {
				return strings.ReplaceAll(b.String(), `\"`, `"`)
			}
		}
	}
}

func target(t *testing.T, s *localaws.Server, service, operation string, input map[string]string) (int, string) {
	t.Helper()
	body, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	return send(t, s, service, "POST", "/", string(body), map[string]string{"X-Amz-Target": operation})
}
