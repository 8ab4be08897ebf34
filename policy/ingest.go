package policy

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
)

// A Source is a bucket that an ingest function copies from.
type Source struct {
	BucketARN string
	KMSKeyARN string // the customer managed key of its objects; "" for none
}

// Ingest is what an ingest function may do: read objects of the sources, with
// their tags and annotations, and write copies. S3 copies annotations by itself,
// which fails without the permissions for them. s3:ListBucket makes S3 answer 404
// and not 403 for an object that is gone. S3 uses the keys of both sides.
// Source: AmazonS3/latest/API/API_CopyObject.html, "Permissions",
// "TaggingDirective" and "AnnotationDirective".
func (o Objects) Ingest(sources []Source) []iam.Statement {
	read := iam.Statement{
		Sid:    "ReadSources",
		Effect: iam.Allow,
		Action: iam.Strings{"s3:GetObject", "s3:GetObjectAnnotation", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionAnnotation", "s3:GetObjectVersionTagging"},
	}
	missing := iam.Statement{Sid: "TellMissingSources", Effect: iam.Allow, Action: iam.Strings{"s3:ListBucket"}}
	for _, from := range sources {
		read.Resource = append(read.Resource, from.BucketARN+"/*")
		missing.Resource = append(missing.Resource, from.BucketARN)
	}
	statements := []iam.Statement{read, missing, {
		Sid:      "PutObjects",
		Effect:   iam.Allow,
		Action:   iam.Strings{"s3:PutObject", "s3:PutObjectAnnotation", "s3:PutObjectTagging"},
		Resource: iam.Strings{o.BucketARN + "/*"},
	}}
	if o.SecretARN != "" {
		statements = append(statements, o.readEncryption())
	}
	for _, from := range sources {
		if from.KMSKeyARN != "" {
			statements = append(statements, iam.Statement{
				Sid:       "DecryptSource",
				Effect:    iam.Allow,
				Action:    iam.Strings{"kms:Decrypt"},
				Resource:  iam.Strings{from.KMSKeyARN},
				Condition: throughS3For(from.BucketARN, o.ViaService),
			})
		}
	}
	return o.withKeys(statements, o.encrypt())
}

// DeliverNotifications lets S3 send the event notifications of buckets of one
// account to a queue.
// Source: AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html.
func DeliverNotifications(queueARN, account string, bucketARNs ...string) iam.Statement {
	return iam.Statement{
		Sid:       "DeliverNotifications",
		Effect:    iam.Allow,
		Principal: service("s3.amazonaws.com"),
		Action:    iam.Strings{"sqs:SendMessage"},
		Resource:  iam.Strings{queueARN},
		Condition: iam.Condition{
			"ArnLike":      {conditionkey.SourceARN: bucketARNs},
			"StringEquals": {conditionkey.SourceAccount: {account}},
		},
	}
}
