package localaws_test

import (
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

// serviceDifferences are about KMS, Secrets Manager, CloudWatch Logs and
// Parameter Store.
var serviceDifferences = map[string]func(*testing.T){
	"KMS has symmetric keys of one Region; imported material, custom stores and grants are refused by name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		_, answer := call(t, s, "kms", "CreateKey", `{}`)
		key := `"KeyId":"` + field(answer, "KeyId") + `"`
		refuses(t, s,
			unsupported{"RSA_2048", "kms", "CreateKey", `{"KeySpec":"RSA_2048","KeyUsage":"SIGN_VERIFY"}`},
			unsupported{"HMAC_256", "kms", "CreateKey", `{"KeySpec":"HMAC_256","KeyUsage":"GENERATE_VERIFY_MAC"}`},
			unsupported{"MultiRegion", "kms", "CreateKey", `{"MultiRegion":true}`},
			unsupported{"EXTERNAL", "kms", "CreateKey", `{"Origin":"EXTERNAL"}`},
			unsupported{"GetParametersForImport", "kms", "GetParametersForImport", `{` + key + `,"WrappingAlgorithm":"RSAES_OAEP_SHA_256","WrappingKeySpec":"RSA_4096"}`},
			unsupported{"CustomKeyStoreId", "kms", "CreateKey", `{"Origin":"AWS_CLOUDHSM","CustomKeyStoreId":"cks-1234567890abcdef0"}`},
			unsupported{"DescribeCustomKeyStores", "kms", "DescribeCustomKeyStores", `{}`},
			unsupported{"CreateGrant", "kms", "CreateGrant", `{` + key + `,"GranteePrincipal":"arn:aws:iam::` + source + `:user/administrator","Operations":["Decrypt"]}`},
		)
	},

	"A rotation of a secret runs while `RotateSecret` waits, and its failure is that call's error": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		withFunction(t, s, "exit 1\n", nil)
		if status, answer := rotate(t, s, newSecret(t, s)); status != 400 || !strings.Contains(answer, "exit status 1") {
			t.Errorf("%d %s", status, answer)
		}
	},

	"Replicas of secrets and hosted rotation functions: refused by name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		secret := newSecret(t, s)
		refuses(t, s,
			unsupported{"AddReplicaRegions", "secretsmanager", "CreateSecret", `{"Name":"other","SecretString":"x","ClientRequestToken":"00000000-0000-0000-0000-000000000001","AddReplicaRegions":[{"Region":"us-east-1"}]}`},
			unsupported{"ReplicateSecretToRegions", "secretsmanager", "ReplicateSecretToRegions", `{"SecretId":"` + secret + `","AddReplicaRegions":[{"Region":"us-east-1"}]}`},
			unsupported{"ReplicaRegions", "cloudformation", "CreateStack", `StackName=app&TemplateBody={"Resources":{"S":{"Type":"AWS::SecretsManager::Secret","Properties":{"ReplicaRegions":[{"Region":"us-east-1"}]}}}}`},
			unsupported{"HostedRotationLambda", "cloudformation", "CreateStack", `StackName=app&TemplateBody={"Resources":{"R":{"Type":"AWS::SecretsManager::RotationSchedule","Properties":{"SecretId":"` + secret + `","HostedRotationLambda":{"RotationType":"MySQLSingleUser"}}}}}`},
		)
	},

	"CloudWatch Logs has no KMS keys or Insights, filter patterns are terms that must all match, and those of metric filters compare members of JSON with texts and numbers; all else is refused by name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		if status, answer := call(t, s, "logs", "CreateLogGroup", `{"logGroupName":"/app"}`); status != 200 {
			t.Fatal(answer)
		}
		const filter = `{"logGroupName":"/app","filterPattern":`
		refuses(t, s,
			unsupported{"kmsKeyId", "logs", "CreateLogGroup", `{"logGroupName":"/other","kmsKeyId":"arn:aws:kms:eu-west-1:` + source + `:key/00000000-0000-0000-0000-000000000000"}`},
			unsupported{"AssociateKmsKey", "logs", "AssociateKmsKey", `{"logGroupName":"/app","kmsKeyId":"arn:aws:kms:eu-west-1:` + source + `:key/00000000-0000-0000-0000-000000000000"}`},
			unsupported{"JSON only", "logs", "PutMetricFilter", `{"logGroupName":"/app","filterName":"f","filterPattern":"ERROR","metricTransformations":[{"metricName":"m","metricNamespace":"n","metricValue":"1"}]}`},
			unsupported{"StartQuery", "logs", "StartQuery", `{"logGroupName":"/app","startTime":0,"endTime":1,"queryString":"fields @message"}`},
			unsupported{"terms", "logs", "FilterLogEvents", filter + `"?ERROR ?WARN"}`},
			unsupported{"terms", "logs", "FilterLogEvents", filter + `"ERROR -EXITING"}`},
			unsupported{"terms", "logs", "FilterLogEvents", filter + `"{ $.level = \"ERROR\" }"}`},
			unsupported{"terms", "logs", "FilterLogEvents", filter + `"[ip, user]"}`},
			unsupported{"terms", "logs", "FilterLogEvents", filter + `"%ERR.R%"}`},
		)
		if status, answer := call(t, s, "logs", "FilterLogEvents", filter+`"ERROR \"at once\""}`); status != 200 {
			t.Error(answer)
		}
	},

	"Parameter Store keeps the latest version only; its history and `SecureString` are refused by name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		for _, value := range []string{"1", "2"} {
			if status, answer := call(t, s, "ssm", "PutParameter", `{"Name":"/app","Type":"String","Overwrite":true,"Value":"`+value+`"}`); status != 200 {
				t.Fatal(answer)
			}
		}
		if status, answer := call(t, s, "ssm", "GetParameter", `{"Name":"/app"}`); status != 200 || !strings.Contains(answer, `"Version":2`) {
			t.Error(answer)
		}
		refuses(t, s,
			unsupported{"/app:1", "ssm", "GetParameter", `{"Name":"/app:1"}`},
			unsupported{"GetParameterHistory", "ssm", "GetParameterHistory", `{"Name":"/app"}`},
			unsupported{"SecureString", "ssm", "PutParameter", `{"Name":"/other","Type":"SecureString","Value":"x"}`},
		)
	},
}

// newSecret makes a secret and gives its ARN.
func newSecret(t *testing.T, s *localaws.Server) string {
	t.Helper()
	status, answer := call(t, s, "secretsmanager", "CreateSecret", `{"Name":"app","SecretString":"x","ClientRequestToken":"00000000-0000-0000-0000-000000000000"}`)
	if status != 200 {
		t.Fatal(answer)
	}
	return field(answer, "ARN")
}

// rotate rotates a secret at once, and every four hours, by the function run.
func rotate(t *testing.T, s *localaws.Server, secret string) (int, string) {
	t.Helper()
	return call(t, s, "secretsmanager", "RotateSecret", `{"SecretId":"`+secret+`","ClientRequestToken":"00000000-0000-0000-0000-000000000002",`+
		`"RotationLambdaARN":"arn:aws:lambda:eu-west-1:`+source+`:function:run","RotationRules":{"ScheduleExpression":"rate(4 hours)"}}`)
}
