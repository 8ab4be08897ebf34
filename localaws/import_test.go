package localaws_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/localaws"
)

// retainedTemplate has a resource of every type that can be imported.
const retainedTemplate = `{"Resources": {
    "Key": {"Type": "AWS::KMS::Key", "DeletionPolicy": "Delete", "Properties": {"PendingWindowInDays": 9, "KeyPolicy": {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, "Action": "kms:*", "Resource": "*"}]}}},
    "Bucket": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Delete", "Properties": {"BucketName": "app-bucket", "Tags": [{"Key": "whose", "Value": "template"}]}},
    "Policy": {"Type": "AWS::S3::BucketPolicy", "DeletionPolicy": "Delete", "Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": {"Fn::Sub": "${Bucket.Arn}/*"}, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}}},
    "Logs": {"Type": "AWS::Logs::LogGroup", "DeletionPolicy": "Delete", "Properties": {"RetentionInDays": 7}},
    "Secret": {"Type": "AWS::SecretsManager::Secret", "DeletionPolicy": "Delete", "Properties": {"GenerateSecretString": {"PasswordLength": 32}}}
}}`

// do sends a request that must succeed; header is the value of X-Amz-Target.
func do(t *testing.T, s *localaws.Server, service, target, body string) string {
	t.Helper()
	status, answer := send(t, s, service, "POST", "/", body, map[string]string{"X-Amz-Target": target})
	if status != 200 {
		t.Fatalf("%s: %d %s", target, status, answer)
	}
	return answer
}

// field is the first string of this name in a JSON answer.
func field(answer, name string) string {
	_, rest, _ := strings.Cut(answer, `"`+name+`":"`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// orphans makes what nobody's stack has, and gives it by logical id of
// retainedTemplate: the identifying property and its value.
func orphans(t *testing.T, s *localaws.Server) map[string][2]string {
	t.Helper()
	withBucket(t, s, "app-bucket")
	for query, body := range map[string]string{
		"policy":  `{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::app-bucket/*"}]}`,
		"tagging": `<Tagging><TagSet><Tag><Key>whose</Key><Value>mine</Value></Tag></TagSet></Tagging>`,
	} {
		if status, answer := send(t, s, "s3", "PUT", "/app-bucket?"+query, body, nil); status >= 300 {
			t.Fatal(answer)
		}
	}
	do(t, s, "logs", "Logs_20140328.CreateLogGroup", `{"logGroupName":"/app"}`)
	return map[string][2]string{
		"Bucket": {"BucketName", "app-bucket"},
		"Policy": {"Bucket", "app-bucket"},
		"Key":    {"KeyId", field(do(t, s, "kms", "TrentService.CreateKey", `{"Description":"mine","Tags":[{"TagKey":"whose","TagValue":"mine"}]}`), "KeyId")},
		"Logs":   {"LogGroupName", "/app"},
		"Secret": {"Id", field(do(t, s, "secretsmanager", "secretsmanager.CreateSecret", `{"Name":"app","SecretString":"mine","ClientRequestToken":"00000000-0000-0000-0000-000000000000","Tags":[{"Key":"whose","Value":"mine"}]}`), "ARN")},
	}
}

// importStack makes the change set of an import into the new stack app and
// gives its status and reason.
func importStack(t *testing.T, s *localaws.Server, ids map[string][2]string) (status, reason string) {
	t.Helper()
	var template struct{ Resources map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(retainedTemplate), &template); err != nil {
		t.Fatal(err)
	}
	parameters := []string{"StackName=app", "ChangeSetName=c", "ChangeSetType=IMPORT", "Tags.member.1.Key=stage", "Tags.member.1.Value=dev"}
	n := 0
	for id, raw := range template.Resources {
		by, ok := ids[id]
		if !ok {
			delete(template.Resources, id)
			continue
		}
		var r struct{ Type string }
		if err := json.Unmarshal(raw, &r); err != nil {
			t.Fatal(err)
		}
		n++
		m := "ResourcesToImport.member." + strconv.Itoa(n) + "."
		parameters = append(parameters, m+"LogicalResourceId="+id, m+"ResourceType="+r.Type, m+"ResourceIdentifier.entry.1.key="+by[0], m+"ResourceIdentifier.entry.1.value="+by[1])
	}
	body, err := json.Marshal(template)
	if err != nil {
		t.Fatal(err)
	}
	if status, answer := cloudformation(t, s, "CreateChangeSet", append(parameters, "TemplateBody="+string(body))...); status != 200 {
		t.Fatalf("CreateChangeSet: %d %s", status, answer)
	}
	_, answer := cloudformation(t, s, "DescribeChangeSet", "StackName=app", "ChangeSetName=c")
	return element(answer, "Status"), element(answer, "StatusReason")
}

func element(body, name string) string {
	_, rest, _ := strings.Cut(body, "<"+name+">")
	text, _, _ := strings.Cut(rest, "<")
	return text
}

// TestImportOverEveryService: nothing of what is imported changes but for the
// stack's tags, and then the stack updates and deletes it.
func TestImportOverEveryService(t *testing.T) {
	t.Parallel()
	s := start(t)
	ids := orphans(t, s)
	if status, reason := importStack(t, s, ids); status != "CREATE_COMPLETE" {
		t.Fatalf("change set %s: %s", status, reason)
	}
	if status, answer := cloudformation(t, s, "ExecuteChangeSet", "StackName=app", "ChangeSetName=c"); status != 200 {
		t.Fatal(answer)
	}
	if got := settle(t, s); got != "IMPORT_COMPLETE" {
		_, events := cloudformation(t, s, "DescribeStackEvents", "StackName=app")
		t.Fatalf("stack is %s: %s", got, events)
	}
	_, policy := send(t, s, "s3", "GET", "/app-bucket?policy", "", nil)
	_, tags := send(t, s, "s3", "GET", "/app-bucket?tagging", "", nil)
	secret := `{"SecretId":"` + ids["Secret"][1] + `"}`
	key := `{"KeyId":"` + ids["Key"][1] + `"}`
	for _, c := range []struct{ what, got, want string }{
		{"bucket policy", policy, "s3:DeleteObject"},
		{"bucket tags", tags, "<Key>whose</Key><Value>mine</Value>"},
		{"bucket tags", tags, "<Key>stage</Key><Value>dev</Value>"},
		{"key", do(t, s, "kms", "TrentService.DescribeKey", key), `"Description":"mine"`},
		{"key tags", do(t, s, "kms", "TrentService.ListResourceTags", key), `{"TagKey":"stage","TagValue":"dev"},{"TagKey":"whose","TagValue":"mine"}`},
		{"secret", do(t, s, "secretsmanager", "secretsmanager.GetSecretValue", secret), `"SecretString":"mine"`},
		{"secret tags", do(t, s, "secretsmanager", "secretsmanager.DescribeSecret", secret), `{"Key":"stage","Value":"dev"},{"Key":"whose","Value":"mine"}`},
		{"log group", do(t, s, "logs", "Logs_20140328.DescribeLogGroups", `{}`), `"logGroupName":"/app"`},
	} {
		if !strings.Contains(c.got, c.want) {
			t.Errorf("%s after the import: %s, want %s", c.what, c.got, c.want)
		}
	}

	update := strings.NewReplacer(`"s3:PutObject"`, `"s3:GetObject"`, `"RetentionInDays": 7`, `"RetentionInDays": 14`).Replace(retainedTemplate)
	if status, answer := cloudformation(t, s, "UpdateStack", "StackName=app", "TemplateBody="+update); status != 200 {
		t.Fatal(answer)
	}
	if got := settle(t, s); got != "UPDATE_COMPLETE" {
		_, events := cloudformation(t, s, "DescribeStackEvents", "StackName=app")
		t.Fatalf("stack is %s: %s", got, events)
	}
	if _, policy := send(t, s, "s3", "GET", "/app-bucket?policy", "", nil); !strings.Contains(policy, "s3:GetObject") {
		t.Errorf("bucket policy after the update: %s", policy)
	}
	if groups := do(t, s, "logs", "Logs_20140328.DescribeLogGroups", `{}`); !strings.Contains(groups, `"retentionInDays":14`) {
		t.Errorf("log groups after the update: %s", groups)
	}
	cloudformation(t, s, "DeleteStack", "StackName=app")
	if got := settle(t, s); got != "" {
		t.Fatalf("the stack is %s", got)
	}
	if status, _ := send(t, s, "s3", "HEAD", "/app-bucket", "", nil); status != 404 {
		t.Errorf("the bucket outlives its stack: %d", status)
	}
	var d struct {
		KeyMetadata struct{ CreationDate, DeletionDate float64 }
	}
	if err := json.Unmarshal([]byte(do(t, s, "kms", "TrentService.DescribeKey", key)), &d); err != nil {
		t.Fatal(err)
	}
	if days := int((d.KeyMetadata.DeletionDate - d.KeyMetadata.CreationDate) / 86400); days != 9 {
		t.Errorf("the key is deleted in %d days, want the template's 9", days)
	}
}

// TestOrphansThatCannotBeImported, for each type what is not the stack's to
// take.
func TestOrphansThatCannotBeImported(t *testing.T) {
	t.Parallel()
	s := start(t)
	ids := orphans(t, s)
	key := func(body string) string {
		return field(do(t, s, "kms", "TrentService.CreateKey", body), "KeyId")
	}
	doomed := key(`{}`)
	do(t, s, "kms", "TrentService.ScheduleKeyDeletion", `{"KeyId":"`+doomed+`"}`)
	doomedSecret := field(do(t, s, "secretsmanager", "secretsmanager.CreateSecret", `{"Name":"doomed","SecretString":"x","ClientRequestToken":"00000000-0000-0000-0000-000000000001"}`), "ARN")
	do(t, s, "secretsmanager", "secretsmanager.DeleteSecret", `{"SecretId":"`+doomedSecret+`"}`)
	do(t, s, "kms", "TrentService.CreateAlias", `{"AliasName":"alias/mine","TargetKeyId":"`+ids["Key"][1]+`"}`)
	if _, err := s3Client(t, s, replica).CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: aws.String("elsewhere"), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"},
	}); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ id, value, reason string }{
		{"Bucket", "nowhere", "NoSuchBucket"},
		{"Bucket", "elsewhere", "NoSuchBucket"},
		{"Key", "00000000-0000-0000-0000-000000000000", "NotFoundException"},
		{"Key", "alias/mine", "is no key id"},
		{"Key", doomed, "is pending deletion"},
		{"Secret", "app", "is no ARN of a secret"},
		{"Secret", doomedSecret, "was marked for deletion"},
		{"Logs", "/other", "ResourceNotFoundException"},
	} {
		status, reason := importStack(t, s, map[string][2]string{test.id: {ids[test.id][0], test.value}})
		cloudformation(t, s, "DeleteStack", "StackName=app")
		settle(t, s)
		if status != "FAILED" || !strings.Contains(reason, test.reason) {
			t.Errorf("%s %s: %s %q, want %q", test.id, test.value, status, reason, test.reason)
		}
	}
	if status, answer := send(t, s, "s3", "DELETE", "/app-bucket?policy", "", nil); status >= 300 {
		t.Fatal(answer)
	}
	status, reason := importStack(t, s, map[string][2]string{"Bucket": ids["Bucket"], "Policy": ids["Policy"]})
	if status != "FAILED" || !strings.Contains(reason, "NoSuchBucketPolicy") {
		t.Errorf("a policy that isn't there: %s %q", status, reason)
	}
}
