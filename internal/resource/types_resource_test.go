package resource

import "github.com/s3seal/s3seal/iam"

var (
	secretRead = secretPolicy("secretsmanager:GetSecretValue")
	function   = a("F", "AWS::Lambda::Function", `"FunctionName": "put", "Role": "arn:aws:iam::111122223333:role/me"`)
	anonymous  = iam.Anonymous()
	deliveries = iam.ServicePrincipal("logging.s3.amazonaws.com")
	topics     = iam.ServicePrincipal("sns.amazonaws.com")
)

const (
	theFunction = "arn:aws:lambda:eu-west-1:111122223333:function:put"
	theReplica  = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef123456789012"
	withACLs    = `"BucketName": "data", "OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}`
	open        = `"PublicAccessBlockConfiguration": {"BlockPublicAcls": false}`
)

func secretPolicy(action string) string {
	return a("SP", "AWS::SecretsManager::ResourcePolicy", `"SecretId": {"Ref": "S"}, "ResourcePolicy": `+allows(`"*"`, action, "*"))
}

func bucketPolicyFor(id, document string) string {
	return a(id, "AWS::S3::BucketPolicy", `"Bucket": "data", "PolicyDocument": `+document)
}

// resourceTypes are the policies, ACLs and permissions of what can be asked for.
var resourceTypes = []typeCase{
	{"AWS::S3::BucketPolicy", bucketData + ", " + roleMe, bucketPolicyFor("P", allows(`{"AWS": "arn:aws:iam::111122223333:role/me"}`, "s3:GetObject", anObject)),
		role1, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::S3::BucketPolicy that denies", bucketData + ", " + adminMe, a("P", "AWS::S3::BucketPolicy", `"Bucket": "data", "PolicyDocument": {"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`),
		role1, "s3:GetObject", anObject, "allowed", "denied", ""},
	{"AWS::S3::BucketPolicy given twice", bucketData + ", " + adminMe + ", " + bucketPolicyFor("P1", allows(`"*"`, "s3:GetObject", "*")), bucketPolicyFor("P2", allows(`"*"`, "s3:ListBucket", "*")),
		role1, "s3:GetObject", anObject, "allowed", "unknown", "two policies"},
	{"AWS::S3::BucketPolicy of a bucket that no stack makes", roleMe, bucketPolicyFor("P", allows(`{"AWS": "arn:aws:iam::111122223333:role/me"}`, "s3:GetObject", anObject)),
		role1, "s3:GetObject", anObject, "unknown", "allowed", ""},
	{"AWS::S3::BucketPolicy that denies, of a bucket that no stack makes", adminMe, bucketPolicyFor("P", `{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`),
		role1, "s3:GetObject", anObject, "unknown", "denied", ""},
	{"AWS::S3::BucketPolicy that leaves it open, of a bucket that no stack makes", roleMe, bucketPolicyFor("P", allows(`{"AWS": "arn:aws:iam::111122223333:role/other"}`, "s3:GetObject", anObject)),
		role1, "s3:GetObject", anObject, "unknown", "unknown", "data"},
	{"AccessControl", a("O", "AWS::S3::Bucket", `"BucketName": "other"`), a("Data", "AWS::S3::Bucket", withACLs+`, "AccessControl": "LogDeliveryWrite"`),
		deliveries, "s3:PutObject", anObject, "unknown", "allowed", "the account of"},
	{"AWS::KMS::ReplicaKey", adminMe, a("K", "AWS::KMS::ReplicaKey", `"PrimaryKeyArn": "arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef123456789012", "KeyPolicy": `+allows(`{"AWS": "arn:aws:iam::111122223333:root"}`, "kms:*", "*")),
		role1, "kms:Decrypt", theReplica, "denied", "allowed", ""},
	{"AWS::SecretsManager::ResourcePolicy", a("S", "AWS::SecretsManager::Secret", `"Name": "s"`), secretRead,
		role1, "secretsmanager:GetSecretValue", secretARN, "denied", "allowed", ""},
	{"AWS::Lambda::Permission", function, a("P", "AWS::Lambda::Permission", `"FunctionName": {"Ref": "F"}, "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com"`),
		topics, "lambda:InvokeFunction", theFunction, "denied", "allowed", ""},
	{"AWS::Lambda::Permission for another source", function, a("P", "AWS::Lambda::Permission", `"FunctionName": {"Fn::GetAtt": ["F", "Arn"]}, "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com", "SourceArn": "arn:aws:sns:eu-west-1:111122223333:t"`),
		topics, "lambda:InvokeFunction", theFunction, "denied", "denied", ""},
	{"AWS::Lambda::Permission for a URL", function, a("P", "AWS::Lambda::Permission", `"FunctionName": "put", "Action": "lambda:InvokeFunctionUrl", "Principal": "*", "FunctionUrlAuthType": "NONE"`),
		anonymous, "lambda:InvokeFunctionUrl", theFunction, "denied", "denied", ""}, // whose AuthType the request doesn't carry
	{"AWS::Lambda::Permission of an alias", function, a("P", "AWS::Lambda::Permission", `"FunctionName": "put:live", "Action": "lambda:InvokeFunction", "Principal": "*"`),
		anonymous, "lambda:InvokeFunction", theFunction + ":live", "denied", "allowed", ""},
	{"AWS::Lambda::Permission of nobody knows which", function, a("P", "AWS::Lambda::Permission", `"FunctionName": {"Fn::GetAtt": ["X", "Arn"]}, "Action": "lambda:InvokeFunction", "Principal": "*"`) + ", " + a("X", "AWS::Lambda::Alias", ""),
		anonymous, "lambda:InvokeFunction", theFunction, "denied", "unknown", "attribute Arn of X"},
	{"AWS::Lambda::ResourcePolicy", function, a("P", "AWS::Lambda::ResourcePolicy", `"ResourceArn": {"Fn::GetAtt": ["F", "Arn"]}, "PolicyDocument": `+allows(`"*"`, "lambda:InvokeFunction", theFunction)),
		anonymous, "lambda:InvokeFunction", theFunction, "denied", "allowed", ""},
	{"AWS::Lambda::ResourcePolicy by its other name", function, a("P", "AWS::Lambda::ResourcePolicy", `"FunctionResourceArn": "put", "PolicyDocument": `+allows(`"*"`, "lambda:InvokeFunction", theFunction)),
		anonymous, "lambda:InvokeFunction", theFunction, "denied", "allowed", ""},
	{"AWS::Lambda::ResourcePolicy beside a permission", function + ", " + a("P", "AWS::Lambda::Permission", `"FunctionName": {"Ref": "F"}, "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com"`),
		a("W", "AWS::Lambda::ResourcePolicy", `"ResourceArn": "put", "PolicyDocument": `+allows(`"*"`, "lambda:InvokeFunction", theFunction)), topics, "lambda:InvokeFunction", theFunction, "allowed", "unknown", "policies of two kinds"},
	{"AWS::SQS::QueuePolicy", a("Q", "AWS::SQS::Queue", `"QueueName": "q"`), a("P", "AWS::SQS::QueuePolicy", `"Queues": ["q"], "PolicyDocument": `+allows(`"*"`, "sqs:*", "*")),
		topics, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q", "denied", "unknown", "what P (AWS::SQS::QueuePolicy) says"},
	{"AWS::S3Express::BucketPolicy", bucketData, a("P", "AWS::S3Express::BucketPolicy", `"Bucket": "d--euw1-az1--x-s3", "PolicyDocument": `+allows(`"*"`, "s3express:*", "*")),
		role1, "s3express:CreateSession", "arn:aws:s3express:eu-west-1:111122223333:bucket/d--euw1-az1--x-s3", "denied", "unknown", "what P (AWS::S3Express::BucketPolicy) says"},
	{"AWS::S3Tables::TableBucketPolicy", bucketData, a("P", "AWS::S3Tables::TableBucketPolicy", `"TableBucketARN": "x", "ResourcePolicy": {}`),
		role1, "s3tables:GetTable", "arn:aws:s3tables:eu-west-1:111122223333:bucket/b", "denied", "unknown", "what P (AWS::S3Tables::TableBucketPolicy) says"},
	{"AWS::Logs::ResourcePolicy", a("L", "AWS::Logs::LogGroup", `"LogGroupName": "l"`), a("P", "AWS::Logs::ResourcePolicy", `"PolicyName": "p", "PolicyDocument": "{}"`),
		topics, "logs:PutLogEvents", "arn:aws:logs:eu-west-1:111122223333:log-group:l:*", "denied", "unknown", "what P (AWS::Logs::ResourcePolicy) says"},
}
