package policy

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
)

// Objects is the bucket that a function works on, as far as its
// role's policy needs to know it.
type Objects struct {
	BucketARN  string
	ViaService string // S3's kms:ViaService in the bucket's Region: "s3.<region>.amazonaws.com"

	KMSKeyARN string // the bucket's customer managed key; "" for none
	BucketKey bool   // whether the bucket has an S3 Bucket Key under KMSKeyARN

	PutIfMatch bool // whether put accepts ifMatch: it may then read all objects

	SecretARN        string // the SSE-C key ring; "" for another encryption
	SecretKeyARN     string // its customer managed key; "" for aws/secretsmanager
	SecretViaService string // "secretsmanager.<region>.amazonaws.com"
}

// FunctionTrust lets Lambda run a function as a role.
// Source: lambda/latest/dg/lambda-intro-execution-role.html.
func FunctionTrust() iam.Statement {
	return iam.Statement{Effect: iam.Allow, Principal: service("lambda.amazonaws.com"), Action: iam.Strings{"sts:AssumeRole"}}
}

// WriteLogs lets a function write to its own log group, which the stack makes. It
// can't make others.
// Source: lambda/latest/dg/monitoring-cloudwatchlogs.html.
func WriteLogs(logGroupARN string) iam.Statement {
	return iam.Statement{
		Sid:      "WriteLogs",
		Effect:   iam.Allow,
		Action:   iam.Strings{"logs:CreateLogStream", "logs:PutLogEvents"},
		Resource: iam.Strings{logGroupARN},
	}
}

// Put is what a put function may do. A conditional upload carries its request's
// token as a tag, and an SSE-C upload its key's id: that needs
// s3:PutObjectTagging. A conditional upload that is refused reads the tags to know
// whether an earlier try of the same request wrote the object, and the object's
// ETag from a listing: s3:GetObject would do for both, but would let a function
// that only writes read everything. So only with PutIfMatch it is there: S3 demands
// it for If-Match. s3:GetEncryptionConfiguration tells a blocked encryption type
// from a missing permission.
// Sources: AmazonS3/latest/userguide/using-with-s3-policy-actions.html,
// conditional-writes.html.
func (o Objects) Put() []iam.Statement {
	put := iam.Strings{"s3:PutObject", "s3:PutObjectTagging", "s3:GetObjectTagging"}
	if o.PutIfMatch {
		put = append(put, "s3:GetObject")
	}
	statements := []iam.Statement{
		{
			Sid:      "PutObjects",
			Effect:   iam.Allow,
			Action:   put,
			Resource: iam.Strings{o.BucketARN + "/*"},
		},
		o.findOwnVersion(),
	}
	if o.SecretARN != "" {
		statements = append(statements, o.readEncryption())
	}
	return o.withKeys(statements, o.encrypt())
}

// Get is what a get function may do. s3:ListBucket makes S3 answer 404 and not
// 403 for an object that does not exist.
// Source: AmazonS3/latest/API/API_GetObject.html, "Permissions".
func (o Objects) Get() []iam.Statement {
	return o.withKeys([]iam.Statement{o.read(), o.tellMissing()}, iam.Strings{"kms:Decrypt"})
}

// encrypt is what writing needs of the bucket's key. With an S3 Bucket Key an
// upload may need kms:Decrypt: AWS's pages on replication and on CloudTrail, which
// write such objects too, demand it to verify the Bucket Key, and the page on
// Bucket Keys does not mention uploads.
// Source: AmazonS3/latest/userguide/replication-config-for-kms-objects.html, "S3
// Bucket Keys and replication".
func (o Objects) encrypt() iam.Strings {
	if o.BucketKey {
		return iam.Strings{"kms:Decrypt", "kms:GenerateDataKey"}
	}
	return iam.Strings{"kms:GenerateDataKey"}
}

func (o Objects) write() iam.Statement {
	put := iam.Strings{"s3:PutObject"}
	if o.SecretARN != "" {
		put = append(put, "s3:PutObjectTagging")
	}
	return iam.Statement{
		Sid:      "PutObjects",
		Effect:   iam.Allow,
		Action:   put,
		Resource: iam.Strings{o.BucketARN + "/*"},
	}
}

func (o Objects) read() iam.Statement {
	get := iam.Strings{"s3:GetObject", "s3:GetObjectVersion"}
	if o.SecretARN != "" {
		get = append(get, "s3:GetObjectTagging", "s3:GetObjectVersionTagging")
	}
	return iam.Statement{
		Sid:      "GetObjects",
		Effect:   iam.Allow,
		Action:   get,
		Resource: iam.Strings{o.BucketARN + "/*"},
	}
}

func (o Objects) tellMissing() iam.Statement {
	return iam.Statement{
		Sid:      "TellMissingObjects",
		Effect:   iam.Allow,
		Action:   iam.Strings{"s3:ListBucket"},
		Resource: iam.Strings{o.BucketARN},
	}
}

func (o Objects) findOwnVersion() iam.Statement {
	return iam.Statement{
		Sid:      "FindOwnVersion",
		Effect:   iam.Allow,
		Action:   iam.Strings{"s3:ListBucketVersions"},
		Resource: iam.Strings{o.BucketARN},
	}
}

func (o Objects) readEncryption() iam.Statement {
	return iam.Statement{
		Sid:      "TellBlockedEncryption",
		Effect:   iam.Allow,
		Action:   iam.Strings{"s3:GetEncryptionConfiguration"},
		Resource: iam.Strings{o.BucketARN},
	}
}

// withKeys adds what the function may do with the bucket's key, through S3 and
// for this bucket only, and with the key ring. use is empty for none of the key.
func (o Objects) withKeys(statements []iam.Statement, use iam.Strings) []iam.Statement {
	if o.KMSKeyARN != "" && len(use) > 0 {
		statements = append(statements, iam.Statement{
			Sid:       "UseKey",
			Effect:    iam.Allow,
			Action:    use,
			Resource:  iam.Strings{o.KMSKeyARN},
			Condition: throughS3For(o.BucketARN, o.ViaService),
		})
	}
	if o.SecretARN != "" {
		statements = append(statements, iam.Statement{
			Sid:      "ReadKeyRing",
			Effect:   iam.Allow,
			Action:   iam.Strings{"secretsmanager:GetSecretValue"},
			Resource: iam.Strings{o.SecretARN},
		})
	}
	if o.SecretKeyARN != "" {
		statements = append(statements, iam.Statement{
			Sid:      "DecryptKeyRing",
			Effect:   iam.Allow,
			Action:   iam.Strings{"kms:Decrypt"},
			Resource: iam.Strings{o.SecretKeyARN},
			Condition: iam.Condition{
				"StringEquals": {conditionkey.ViaService: {o.SecretViaService}},
			},
		})
	}
	return statements
}
