package iam_test

import (
	"fmt"

	"github.com/s3seal/s3seal/iam"
)

// A test of a bucket policy: it refuses what doesn't travel over TLS.
func ExampleEvaluate() {
	bucket, err := iam.ParseDocument([]byte(`{"Version": "2012-10-17", "Statement": [
		{"Sid": "DenyInsecureTransport", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
		 "Resource": "arn:aws:s3:::acme/*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	role, err := iam.ParseDocument([]byte(`{"Version": "2012-10-17", "Statement": [
		{"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/*"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, tls := range []string{"true", "false"} {
		d := iam.Evaluate(iam.Request{
			Caller:          iam.RoleSession("arn:aws:iam::111122223333:role/app", "s"),
			Action:          "s3:GetObject",
			Resource:        "arn:aws:s3:::acme/a.txt",
			ResourceAccount: "111122223333",
			Context:         map[string]iam.Strings{"aws:SecureTransport": {tls}},
		}, iam.Policies{
			Identity: []iam.Source{{Name: "role app", Document: role}},
			Resource: &iam.Source{Name: "bucket policy", Document: bucket},
		})
		fmt.Println(d.Explain())
	}
	// Output:
	// allowed: s3:GetObject on arn:aws:s3:::acme/a.txt by arn:aws:sts::111122223333:assumed-role/app/s: Statement[0] "Read" of role app
	// denied explicitly: s3:GetObject on arn:aws:s3:::acme/a.txt by arn:aws:sts::111122223333:assumed-role/app/s: Statement[0] "DenyInsecureTransport" of bucket policy
	//   condition Bool aws:SecureTransport matched: request has "false", statement lists "false"
}
