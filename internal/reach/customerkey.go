package reach

import (
	"errors"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// demandsSSEC says whether the objects of a bucket are under SSE-C: its policy
// refuses every other upload, even to its account's administrator.
func demandsSSEC(b *resource.Bucket) bool {
	return refuses(b, nil) && !refuses(b, question.SSEC)
}

// refuses asks the bucket's policy alone: what else limits the administrator says
// nothing about how the objects are encrypted.
func refuses(b *resource.Bucket, headers question.Context) bool {
	return iam.Evaluate(iam.Request{
		Caller: question.Administrator(resource.ARN(b.ARN).Partition, b.Account),
		Action: "s3:PutObject", Resource: b.ARN + "/object", ResourceAccount: b.Account,
		Context: question.With(question.OverTLS, question.Context{conditionkey.RequestedRegion: {b.Region}}, headers),
	}, iam.Policies{Identity: question.Allowing("*"), Resource: b.Policy}).Explicit
}

// customerKey is the request for the customer's key of an object under SSE-C. No
// template tells which secret holds the keys of a bucket: it is taken to be the
// one that a role reads which may upload there.
func customerKey(set *resource.Set, o Object) need {
	for _, s := range set.Secrets {
		for _, r := range set.Roles {
			role := access.Principal{Caller: r.Caller()}
			upload := access.Operation{Action: "s3:PutObject", Resource: o.Bucket.ARN + "/object", Context: question.With(question.OverTLS, question.SSEC)}
			if mayBe(Ask(set, role, upload)) && mayBe(Ask(set, role, secretValue(s.ARN))) {
				return need{
					operation: secretValue(s.ARN),
					what:      "the customer's key, in " + named(set, s.ARN),
					levers: []lever{{
						access.Operation{Action: "secretsmanager:PutResourcePolicy", Resource: s.ARN},
						"changing the policy of " + named(set, s.ARN),
					}},
				}
			}
		}
	}
	return need{what: "the customer's key", elsewhere: "who has the customer's key: no role of the stacks uploads there and reads a secret"}
}

// mayBe says whether a request is allowed but for what no template tells.
func mayBe(a access.Answer) bool {
	_, untold := errors.AsType[untoldKey](a.Unknown)
	return a.Allowed || untold
}

func secretValue(arn string) access.Operation {
	return access.Operation{Name: "read the secret", Action: "secretsmanager:GetSecretValue", Resource: arn}
}
