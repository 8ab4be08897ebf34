package server

import (
	"net/http"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// protocol is how a service reads requests and writes errors.
type protocol int

const (
	restXML  protocol = iota // S3
	query                    // STS, IAM, CloudFormation, SNS; the errors of S3 Control
	jsonRPC                  // KMS, Secrets Manager, SSM, CloudWatch Logs, SQS
	restJSON                 // Lambda
	rpcCBOR                  // CloudWatch, of clients that are new; of others query and jsonRPC
)

var protocols = map[string]protocol{
	"s3":             restXML,
	"sts":            query,
	"iam":            query,
	"cloudformation": query,
	"sns":            query,
	controlService:   query, // its errors have that form
	"kms":            jsonRPC,
	"secretsmanager": jsonRPC,
	"ssm":            jsonRPC,
	"logs":           jsonRPC,
	"sqs":            jsonRPC,
	"events":         jsonRPC,
	"lambda":         restJSON,
}

// protocolOf is the protocol of a service, or, of one that isn't known here,
// the one that its request looks like.
func protocolOf(service string, r *http.Request) protocol {
	if p, ok := protocols[service]; ok {
		return p
	}
	switch {
	case api.IsCBOR(r):
		return rpcCBOR
	case r.Header.Get("X-Amz-Target") != "":
		return jsonRPC
	case isForm(r):
		return query
	case r.URL.Query().Has("X-Amz-Algorithm"): // URLs are presigned for S3
		return restXML
	}
	return restJSON
}

// guessService is the service that a request without a signature seems to be
// for. What looks like nothing else is S3's.
func guessService(r *http.Request) string {
	switch {
	case r.Header.Get("X-Amz-Target") != "":
		return ""
	case isForm(r) && r.URL.Path == "/", r.URL.Path == "/" && r.URL.Query().Has("Action"):
		return "sts"
	case strings.HasPrefix(r.URL.Path, "/2015-03-31/"):
		return "lambda"
	}
	return "s3"
}

func isForm(r *http.Request) bool {
	return r.Method == http.MethodPost &&
		strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}
