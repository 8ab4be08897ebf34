package configuration

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/authorization"
	"github.com/s3seal/s3seal/internal/problem"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Policy is a bucket policy that was accepted.
type Policy struct {
	Text   []byte // as it was put
	Source iam.Source
}

// maxPolicy is the longest bucket policy, in bytes. S3's answer, quoted in the issue
// 372 of ebi-ait/hca-ebi-wrangler-central, is about the "normalized" document: taken
// here for the one without white space between its words.
//
// Source: S3 user guide, bucket-policies.
const maxPolicy = 20 << 10

// maxSpaced bounds the text that is kept.
const maxSpaced = 4 * maxPolicy

func malformedPolicy(detailText, format string, args ...any) *api.Error {
	e := api.Errorf(400, "MalformedPolicy", format, args...)
	if detailText != "" {
		e.Detail = map[string]string{"Detail": detailText}
	}
	return e
}

// CheckPolicySyntax refuses what no policy of a bucket can be.
func CheckPolicySyntax(text []byte) error {
	if _, err := problem.Parse(text, problem.Bucket); err != nil {
		return refused(err)
	}
	return nil
}

func refused(err error) error {
	e := api.RefusedPolicy(400, "MalformedPolicy", err)
	e.Detail = map[string]string{"Detail": e.Cause}
	return e
}

// ParsePolicy reads a policy of the bucket with that name and ARN, and refuses
// what S3 refuses: a principal that doesn't exist, what the rules know as refused,
// and actions that fit none of the statement's resources.
func ParsePolicy(text []byte, name, bucketARN string, principals api.Principals) (*Policy, error) {
	var normal bytes.Buffer
	if err := json.Compact(&normal, text); len(text) > maxSpaced || err == nil && normal.Len() > maxPolicy {
		return nil, malformedPolicy("", "Normalized policy document exceeds the maximum allowed size of %d bytes", maxPolicy)
	}
	d, err := problem.Read(text, problem.Subject{Kind: problem.Bucket, ARN: bucketARN})
	if err != nil {
		return nil, refused(err)
	}
	for i := range d.Statement {
		if err := checkStatement(bucketARN, &d.Statement[i]); err != nil {
			return nil, err
		}
	}
	if p := api.InvalidPrincipal(principals, d); p != "" {
		return nil, api.NoPrincipal(malformedPolicy(p, "Invalid principal in policy"), p)
	}
	return &Policy{Text: text, Source: iam.Source{Name: "bucket policy of " + name, Document: d}}, nil
}

func checkStatement(bucketARN string, st *iam.Statement) error {
	resources := append(append(iam.Strings{}, st.Resource...), st.NotResource...)
	// The tutorial HostingWebsiteOnS3Setup knows this error from the name of
	// another bucket. No page says whether a bucket's policy may say "*" or
	// "arn:aws:s3:::*"; all give an ARN of the bucket, and here it must.
	var onBucket, onObjects bool
	for _, r := range resources {
		rest, ok := strings.CutPrefix(r, bucketARN)
		switch {
		case ok && rest == "":
			onBucket = true
		case ok && strings.HasPrefix(rest, "/"):
			onObjects = true
		case ok && strings.HasPrefix(rest, "*"):
			onBucket, onObjects = true, true
		default:
			return malformedPolicy(r, "Policy has invalid resource")
		}
	}
	for _, a := range st.Action {
		if strings.ContainsAny(a, "*?") || len(st.NotResource) > 0 {
			continue
		}
		known, _ := authorization.Lookup(a)
		fits := bucketARN
		switch {
		case known.Uses("object") && !onObjects:
			fits += "/*"
		case !known.Uses("bucket") || onBucket:
			continue
		}
		e := malformedPolicy(a, "Action does not apply to any resource(s) in statement")
		e.Cause = fmt.Sprintf("%s is for a resource such as %s", a, fits)
		return e
	}
	return nil
}
