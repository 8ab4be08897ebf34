package localaws

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

const formType = "Content-Type: application/x-www-form-urlencoded"

var queryServices = []string{"cloudformation", "iam", "sts", "sns", "monitoring"}

// FuzzQueryRequest sends any form to the services of the query protocol.
func FuzzQueryRequest(f *testing.F) {
	policy := url.QueryEscape(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`)
	trust := url.QueryEscape(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]}`)
	topicPolicy := url.QueryEscape(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sns:Publish","Resource":"*"}]}`)
	for service, forms := range map[string][]string{
		"sns": {
			"Action=CreateTopic&Name=t&Attributes.entry.1.key=Policy&Attributes.entry.1.value=" + topicPolicy + "&Tags.member.1.Key=a&Tags.member.1.Value=b",
			"Action=Subscribe&TopicArn=arn:aws:sns:us-east-1:111122223333:t&Protocol=sqs&Endpoint=arn:aws:sqs:us-east-1:111122223333:q&Attributes.entry.1.key=RawMessageDelivery&Attributes.entry.1.value=true",
			"Action=Publish&TopicArn=arn:aws:sns:us-east-1:111122223333:t&Message=m&Subject=s", "Action=ListSubscriptions&NextToken=1",
			"Action=SetTopicAttributes&TopicArn=arn:aws:sns:us-east-1:111122223333:t&AttributeName=KmsMasterKeyId&AttributeValue=alias/aws/sns",
		},
		"monitoring": {
			"Action=PutMetricData&Namespace=N&MetricData.member.1.MetricName=m&MetricData.member.1.Values.member.1=2&MetricData.member.1.Dimensions.member.1.Name=a&MetricData.member.1.Dimensions.member.1.Value=b",
			"Action=PutMetricAlarm&AlarmName=a&Namespace=N&MetricName=m&Period=60&Statistic=Sum&EvaluationPeriods=2&DatapointsToAlarm=1&Threshold=1e3&ComparisonOperator=LessThanThreshold&TreatMissingData=ignore",
			"Action=GetMetricStatistics&Namespace=N&MetricName=m&Period=60&StartTime=2026-05-01T12:00:00Z&EndTime=2026-05-01T13:00:00Z&Statistics.member.1=Sum",
			"Action=DescribeAlarms&MaxRecords=1&NextToken=0", "Action=SetAlarmState&AlarmName=a&StateValue=ALARM&StateReason=r&StateReasonData={}",
		},
		"sts": {
			"Action=GetCallerIdentity&Version=2011-06-15",
			"Action=AssumeRole&RoleArn=arn:aws:iam::111122223333:role/role&RoleSessionName=a&DurationSeconds=900&Policy=" + policy,
		},
		"iam": {
			"Action=CreateRole&RoleName=other&Path=/a/&Tags.member.1.Key=a&Tags.member.1.Value=b&AssumeRolePolicyDocument=" + trust,
			"Action=CreateUser&UserName=u&PermissionsBoundary=arn:aws:iam::aws:policy/ReadOnlyAccess",
			"Action=PutRolePolicy&RoleName=role&PolicyName=a&PolicyDocument=" + policy,
			"Action=CreatePolicy&PolicyName=p&PolicyDocument=" + policy,
			"Action=AttachRolePolicy&RoleName=role&PolicyArn=arn:aws:iam::aws:policy/AdministratorAccess",
			"Action=UpdateAssumeRolePolicy&RoleName=role&PolicyDocument=" + trust,
			"Action=CreateAccessKey&UserName=administrator", "Action=GetRole&RoleName=role",
			"Action=ListRoles&MaxItems=1&Marker=a&PathPrefix=/", "Action=ListUsers", "Action=DeleteRole&RoleName=role",
		},
		"cloudformation": {
			"Action=DescribeStacks&StackName=a", "Action=ListStacks&StackStatusFilter.member.1=CREATE_COMPLETE&NextToken=a",
			"Action=ValidateTemplate&TemplateBody={}", "Action=GetTemplateSummary&TemplateBody=Resources:%20{}",
			"Action=ListExports", "Action=DescribeStackEvents&StackName=arn:aws:cloudformation:us-east-1:111122223333:stack/a/b",
			"Action=CreateChangeSet&StackName=a&ChangeSetName=c&ChangeSetType=CREATE&Parameters.member.1.ParameterKey=a&Parameters.member.1.ParameterValue=b&TemplateBody={}",
			"Action=UpdateTerminationProtection&StackName=a&EnableTerminationProtection=true",
		},
	} {
		for _, form := range forms {
			f.Add(slices.Index(queryServices, service), []byte(form))
		}
	}
	z := &fuzzer{furnish: func(z *fuzzer, t *testing.T) {
		z.send(t, "iam", readRequest("POST", "/", formType, []byte("Action=CreateRole&RoleName=role&AssumeRolePolicyDocument="+trust)))
	}}
	f.Cleanup(func() { z.close(f) })
	f.Fuzz(func(t *testing.T, service int, form []byte) {
		if service < 0 || service >= len(queryServices) {
			return
		}
		z.fresh(t)
		a := z.send(t, queryServices[service], readRequest("POST", "/", formType, form))
		if err := wellFormed(a); a.Code < 300 && err != nil {
			t.Errorf("%q: %v in %s", form, err, a.Body)
		}
	})
}

// wellFormed says what is wrong with an XML answer.
func wellFormed(a *httptest.ResponseRecorder) error {
	for d := xml.NewDecoder(a.Body); ; {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// jsonServices are the services of the JSON protocol, by the prefix of their
// targets.
var jsonServices = map[string]string{
	"TrentService": "kms", "secretsmanager": "secretsmanager", "AmazonSSM": "ssm", "Logs_20140328": "logs", "AmazonSQS": "sqs",
	"GraniteServiceVersion20100801": "monitoring", "AWSEvents": "events",
}

const fuzzQueue = "https://sqs.us-east-1.amazonaws.com/111122223333/queue"

// FuzzJSONRequest sends any body to any operation of the JSON protocol. A value
// that is accepted can be read as it was sent.
func FuzzJSONRequest(f *testing.F) {
	policy := `"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111122223333\"},\"Action\":\"*\",\"Resource\":\"*\"}]}"`
	for target, body := range map[string]string{
		"TrentService.CreateKey":                       `{"Policy":` + policy + `,"Tags":[{"TagKey":"a","TagValue":"b"}],"Description":"d","KeySpec":"SYMMETRIC_DEFAULT"}`,
		"TrentService.Encrypt":                         `{"KeyId":"alias/key","Plaintext":"dGV4dA==","EncryptionContext":{"a":"b"}}`,
		"TrentService.Decrypt":                         `{"CiphertextBlob":"AAAA","EncryptionContext":{"a":"b"}}`,
		"TrentService.GenerateDataKey":                 `{"KeyId":"alias/key","NumberOfBytes":32}`,
		"TrentService.GenerateRandom":                  `{"NumberOfBytes":1024}`,
		"TrentService.PutKeyPolicy":                    `{"KeyId":"alias/key","PolicyName":"default","Policy":` + policy + `}`,
		"TrentService.ListAliases":                     `{"Limit":1,"Marker":"a"}`,
		"TrentService.ScheduleKeyDeletion":             `{"KeyId":"alias/key","PendingWindowInDays":7}`,
		"secretsmanager.CreateSecret":                  `{"Name":"other","SecretString":"s","ClientRequestToken":"11111111-1111-1111-1111-111111111111","Tags":[{"Key":"a","Value":"b"}]}`,
		"secretsmanager.PutSecretValue":                `{"SecretId":"secret","SecretBinary":"dGV4dA==","VersionStages":["AWSCURRENT"]}`,
		"secretsmanager.PutResourcePolicy":             `{"SecretId":"secret","ResourcePolicy":` + policy + `}`,
		"secretsmanager.GetRandomPassword":             `{"PasswordLength":40,"ExcludeCharacters":"abc","RequireEachIncludedType":true}`,
		"secretsmanager.ListSecrets":                   `{"Filters":[{"Key":"name","Values":["a"]}],"MaxResults":1}`,
		"secretsmanager.UpdateSecretVersionStage":      `{"SecretId":"secret","VersionStage":"A","MoveToVersionId":"11111111-1111-1111-1111-111111111111"}`,
		"secretsmanager.RotateSecret":                  `{"SecretId":"secret","RotationRules":{"ScheduleExpression":"rate(4 hours)","Duration":"3h"},"RotationLambdaARN":"a"}`,
		"secretsmanager.DeleteSecret":                  `{"SecretId":"secret","RecoveryWindowInDays":7}`,
		"AmazonSSM.PutParameter":                       `{"Name":"/a/b","Type":"String","Value":"v","Overwrite":true}`,
		"AmazonSSM.GetParameters":                      `{"Names":["/a","/b:1"]}`,
		"GraniteServiceVersion20100801.GetMetricData":  `{"StartTime":0,"EndTime":600,"MetricDataQueries":[{"Id":"m","MetricStat":{"Metric":{"Namespace":"N","MetricName":"m"},"Period":60,"Stat":"Sum"}},{"Id":"e","Expression":"IF(m>1,FILL(m,0)*2,SUM(METRICS()))"}]}`,
		"GraniteServiceVersion20100801.PutMetricAlarm": `{"AlarmName":"a","Metrics":[{"Id":"e","Expression":"1/0","Period":60}],"EvaluationPeriods":1,"Threshold":1,"ComparisonOperator":"LessThanThreshold"}`,
		"AWSEvents.PutRule":                            `{"Name":"r","EventPattern":"{\"a\":[{\"prefix\":\"b\"}]}"}`,
		"GraniteServiceVersion20100801.PutDashboard":   `{"DashboardName":"d","DashboardBody":"{\"widgets\":[]}"}`,
		"Logs_20140328.CreateLogGroup":                 `{"logGroupName":"/other","tags":{"a":"b"},"logGroupClass":"STANDARD"}`,
		"Logs_20140328.PutLogEvents":                   `{"logGroupName":"/logs","logStreamName":"s","logEvents":[{"timestamp":1,"message":"m"}]}`,
		"Logs_20140328.FilterLogEvents":                `{"logGroupName":"/logs","filterPattern":"\"a b\" c","startTime":0,"limit":1,"nextToken":"a"}`,
		"Logs_20140328.DescribeLogStreams":             `{"logGroupName":"/logs","orderBy":"LastEventTime","descending":true}`,
		"Logs_20140328.PutRetentionPolicy":             `{"logGroupName":"/logs","retentionInDays":7}`,
		"Logs_20140328.GetLogEvents":                   `{"logGroupIdentifier":"arn:aws:logs:us-east-1:111122223333:log-group:/logs","logStreamName":"s","startFromHead":true}`,
		"secretsmanager.ListSecretVersionIds":          `{"SecretId":"secret","IncludeDeprecated":true}`,
		"TrentService.ReEncrypt":                       `{"CiphertextBlob":"AAAA","DestinationKeyId":"alias/key"}`,
		"TrentService.CreateAlias":                     `{"AliasName":"alias/other","TargetKeyId":"a"}`,
		"TrentService.UpdateKeyDescription":            `{"KeyId":"a","Description":"d"}`,
		"secretsmanager.UpdateSecret":                  `{"SecretId":"secret","Description":"d","SecretString":"s"}`,
		"TrentService.RotateKeyOnDemand":               `{"KeyId":"alias/key"}`,
		"TrentService.EnableKeyRotation":               `{"KeyId":"alias/key","RotationPeriodInDays":90}`,
		"secretsmanager.TagResource":                   `{"SecretId":"secret","Tags":[{"Key":"a","Value":"b"}]}`,
		"TrentService.DescribeKey":                     `{"KeyId":"arn:aws:kms:us-east-1:111122223333:alias/aws/s3"}`,
		"secretsmanager.NoSuchOperation":               `{}`,
		"secretsmanager.GetSecretValue":                `{"SecretId":"secret","VersionStage":"AWSCURRENT","VersionId":"a"}`,
		"Logs_20140328.DescribeLogGroups":              `{"logGroupNamePrefix":"/","limit":1}`,
		"TrentService.GenerateDataKeyWithoutPlain":     `[]`,
		"AmazonSQS.CreateQueue":                        `{"QueueName":"other.fifo","Attributes":{"FifoQueue":"true","Policy":` + policy + `,"DelaySeconds":"1"},"tags":{"a":"b"}}`,
		"AmazonSQS.SetQueueAttributes":                 `{"QueueUrl":"` + fuzzQueue + `","Attributes":{"RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:111122223333:queue\",\"maxReceiveCount\":1}"}}`,
		"AmazonSQS.SendMessage":                        `{"QueueUrl":"` + fuzzQueue + `","MessageBody":"text","DelaySeconds":0,"MessageAttributes":{"a":{"DataType":"Binary","BinaryValue":"AAAA"}}}`,
		"AmazonSQS.SendMessageBatch":                   `{"QueueUrl":"` + fuzzQueue + `","Entries":[{"Id":"a","MessageBody":"text","MessageGroupId":"g"}]}`,
		"AmazonSQS.ReceiveMessage":                     `{"QueueUrl":"` + fuzzQueue + `","AttributeNames":["All"],"MaxNumberOfMessages":10,"VisibilityTimeout":0}`,
		"AmazonSQS.DeleteMessage":                      `{"QueueUrl":"` + fuzzQueue + `","ReceiptHandle":"AAAA"}`,
		"AmazonSQS.ListQueues":                         `{"QueueNamePrefix":"q","MaxResults":1,"NextToken":"1"}`,
	} {
		f.Add(target, []byte(body))
	}
	z := &fuzzer{furnish: func(z *fuzzer, t *testing.T) {
		var key struct{ KeyMetadata struct{ KeyId string } }
		if err := json.Unmarshal(z.json(t, "TrentService.CreateKey", "{}").Body.Bytes(), &key); err != nil {
			t.Fatal(err)
		}
		z.json(t, "TrentService.CreateAlias", `{"AliasName":"alias/key","TargetKeyId":"`+key.KeyMetadata.KeyId+`"}`)
		z.json(t, "secretsmanager.CreateSecret", `{"Name":"secret","SecretString":"s"}`)
		z.json(t, "Logs_20140328.CreateLogGroup", `{"logGroupName":"/logs"}`)
		z.json(t, "Logs_20140328.CreateLogStream", `{"logGroupName":"/logs","logStreamName":"s"}`)
		z.json(t, "AmazonSQS.CreateQueue", `{"QueueName":"queue"}`)
	}}
	f.Cleanup(func() { z.close(f) })
	f.Fuzz(func(t *testing.T, target string, body []byte) {
		if service, _, _ := strings.Cut(target, "."); jsonServices[service] == "" || strings.ContainsAny(target, "\r\n\x00") {
			return
		}
		z.fresh(t)
		if a := z.json(t, target, string(body)); a.Code < 300 {
			z.readValue(t, target, body, a.Body.Bytes())
		}
	})
}

// json sends a request of the JSON protocol; nil if net/http would refuse it.
func (z *fuzzer) json(t *testing.T, target, body string) *httptest.ResponseRecorder {
	t.Helper()
	service, _, _ := strings.Cut(target, ".")
	r := readRequest("POST", "/", "X-Amz-Target: "+target, []byte(body))
	if r == nil {
		return httptest.NewRecorder()
	}
	a := z.send(t, jsonServices[service], r)
	if !json.Valid(a.Body.Bytes()) && a.Body.Len() > 0 {
		t.Errorf("%s %s: no JSON: %s", target, body, a.Body)
	}
	return a
}

// readValue reads what a request has stored or encrypted.
func (z *fuzzer) readValue(t *testing.T, target string, request, answer []byte) {
	t.Helper()
	var in struct {
		Name, Value, SecretString string
		QueueUrl, MessageBody     string
		Plaintext                 []byte
		EncryptionContext         map[string]string
	}
	var out struct{ CiphertextBlob []byte }
	if json.Unmarshal(request, &in) != nil || json.Unmarshal(answer, &out) != nil {
		return
	}
	text := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	var want string
	var got *httptest.ResponseRecorder
	switch target {
	case "AmazonSSM.PutParameter":
		want, got = `"Value":`+text(in.Value), z.json(t, "AmazonSSM.GetParameter", `{"Name":`+text(in.Name)+`}`)
	case "secretsmanager.CreateSecret":
		if in.SecretString == "" {
			return
		}
		want, got = `"SecretString":`+text(in.SecretString), z.json(t, "secretsmanager.GetSecretValue", `{"SecretId":`+text(in.Name)+`}`)
	case "TrentService.Encrypt":
		want = `"Plaintext":"` + base64.StdEncoding.EncodeToString(in.Plaintext)
		got = z.json(t, "TrentService.Decrypt", text(map[string]any{"CiphertextBlob": out.CiphertextBlob, "EncryptionContext": in.EncryptionContext}))
	case "AmazonSQS.SendMessage":
		if !strings.HasSuffix(in.QueueUrl, "/queue") {
			return
		}
		var found struct{ Messages []struct{ Body string } }
		got = z.json(t, "AmazonSQS.ReceiveMessage", `{"QueueUrl":`+text(in.QueueUrl)+`,"MaxNumberOfMessages":10}`)
		if err := json.Unmarshal(got.Body.Bytes(), &found); err != nil || len(found.Messages) == 0 {
			return // it is delayed
		}
		if found.Messages[0].Body != in.MessageBody {
			t.Errorf("%s: reads as %s", request, got.Body)
		}
		return
	default:
		return
	}
	if !strings.Contains(got.Body.String(), want) {
		t.Errorf("%s %s: reads as %s, without %s", target, request, got.Body, want)
	}
}

// FuzzLambdaRequest sends any request to Lambda's REST interface.
func FuzzLambdaRequest(f *testing.F) {
	for _, seed := range [][3]string{
		{"GET", "/2015-03-31/functions?MaxItems=1&Marker=a", ""},
		{"GET", "/2015-03-31/functions/f?Qualifier=$LATEST", ""},
		{"GET", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A111122223333%3Afunction%3Af/configuration", ""},
		{"GET", "/2019-09-30/functions/f/concurrency", ""},
		{"GET", "/2015-03-31/functions/f/policy", ""},
		{"POST", "/2015-03-31/functions/f/invocations", "X-Amz-Invocation-Type: Event\r\nX-Amz-Log-Type: Tail\r\nX-Amz-Client-Context: e30="},
		{"DELETE", "/2015-03-31/functions/f", ""},
	} {
		f.Add(seed[0], seed[1], seed[2], []byte("{}"))
	}
	z := &fuzzer{}
	f.Cleanup(func() { z.close(f) })
	f.Fuzz(func(t *testing.T, method, target, headers string, body []byte) {
		if r := readRequest(method, target, headers, body); r != nil {
			z.fresh(t)
			z.send(t, "lambda", r)
		}
	})
}
