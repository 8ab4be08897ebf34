package stage

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	principalARN = regexp.MustCompile(`^arn:([a-z-]+):iam::([0-9]{12}):(?:role|user)/((?:[\w+=,.@-]+/)*)([\w+=,.@-]{1,64})$`)
	keyARN       = regexp.MustCompile(`^arn:([a-z-]+):kms:([a-z0-9-]+):([0-9]{12}):key/(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$`)
	bareKeyID    = regexp.MustCompile(`^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$`)
	secretARN    = regexp.MustCompile(`^arn:([a-z-]+):secretsmanager:([a-z0-9-]+):([0-9]{12}):secret:[A-Za-z0-9/_+=.@-]{1,512}$`)
	secretSuffix = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)
)

// checkPrincipal checks the ARN of a role or user, which is of one of the
// accounts.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
func (d *document) checkPrincipal(path, arn string, partition string, accounts []string, why string) {
	m := principalARN.FindStringSubmatch(arn)
	example := fmt.Sprintf("arn:%s:iam::%s:role/name", partition, accounts[0])
	switch {
	case d.failed(path):
	case strings.ContainsAny(arn, "*?"):
		d.report(path, "%s has a wildcard, which would admit roles that nobody has reviewed: write each role's or user's own ARN", quote(arn))
	case strings.Contains(arn, "${"):
		d.report(path, "%s has a policy variable: write the role's or user's own ARN", quote(arn))
	case strings.Contains(arn, ":assumed-role/"):
		d.report(path, "%s is a session of a role: write the role's ARN, such as %s", quote(arn), example)
	case strings.HasSuffix(arn, ":root"):
		d.report(path, "%s is a whole account: write a role's or user's ARN, such as %s", quote(arn), example)
	case m == nil:
		d.report(path, "%s isn't the ARN of a role or user: write one, such as %s", quote(arn), example)
	case m[1] != partition:
		d.report(path, "%s is of the partition %s, and the stage's Region of %s: write an ARN that begins with arn:%s:", quote(arn), m[1], partition, partition)
	case !slices.Contains(accounts, m[2]):
		d.report(path, "%s is of account %s: %s: write one of account %s", quote(arn), m[2], why, oneOf(accounts))
	}
}

// checkPrincipals checks a list of role and user ARNs.
func (d *document) checkPrincipals(path string, arns []string, partition string, accounts []string, why string) {
	for i, arn := range arns {
		d.checkPrincipal(fmt.Sprintf("%s[%d]", path, i), arn, partition, accounts, why)
	}
	checkUnique(d, path, arns)
}

// checkKey checks the ARN of a customer managed key of the environment. whyARN
// says why neither an alias nor a bare id will do, whyThere why the key is of
// that environment.
//
// Source: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
func (d *document) checkKey(path, arn string, e Environment, whyAWSManaged, whyARN, whyThere string) {
	m := keyARN.FindStringSubmatch(arn)
	alias := strings.HasPrefix(arn, "alias/") || strings.Contains(arn, ":alias/")
	instead := fmt.Sprintf("write the ARN of a customer managed key, such as arn:%s:kms:%s:%s:key/1234abcd-12ab-34cd-56ef-1234567890ab",
		e.Partition(), e.Region, e.Account)
	switch {
	case d.failed(path):
	case strings.HasPrefix(arn, "aws/") || alias && strings.Contains(arn, "alias/aws/"):
		d.report(path, "%s is an AWS managed key, %s: %s", quote(arn), whyAWSManaged, instead)
	case alias:
		d.report(path, "%s is an alias, %s: %s", quote(arn), whyARN, instead)
	case bareKeyID.MatchString(arn):
		d.report(path, "%s is a bare key id, %s: %s", quote(arn), whyARN, instead)
	case m == nil:
		d.report(path, "%s isn't the ARN of a KMS key: %s", quote(arn), instead)
	case m[1] != e.Partition():
		d.report(path, "the key is of the partition %s, not of %s: %s: %s", m[1], e.Partition(), whyThere, instead)
	case m[3] != e.Account:
		d.report(path, "the key is of account %s, not of %s: %s: %s", m[3], e.Account, whyThere, instead)
	case m[2] != e.Region:
		d.report(path, "the key is of Region %s, not of %s: %s: %s", m[2], e.Region, whyThere, instead)
	}
}

// checkSecret checks the whole ARN of a secret of the environment.
//
// Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
func (d *document) checkSecret(path, arn string, e Environment) {
	m := secretARN.FindStringSubmatch(arn)
	example := fmt.Sprintf("arn:%s:secretsmanager:%s:%s:secret:name-AbCdEf", e.Partition(), e.Region, e.Account)
	switch {
	case d.failed(path):
	case m == nil:
		d.report(path, "%s isn't the ARN of a secret: write one, such as %s", quote(arn), example)
	case !secretSuffix.MatchString(arn):
		d.report(path, "%s lacks the hyphen and six characters that Secrets Manager adds: a policy with this ARN would match no secret: write the whole ARN, such as %s", quote(arn), example)
	case m[1] != e.Partition():
		d.report(path, "the secret is of the partition %s, not of %s: write an ARN such as %s", m[1], e.Partition(), example)
	case m[3] != e.Account:
		d.report(path, "the secret is of account %s, and the functions that read it of %s: write the ARN of a secret there, such as %s", m[3], e.Account, example)
	case m[2] != e.Region:
		d.report(path, "the secret is of Region %s, and the functions that read it of %s: write the ARN of a secret there, such as %s", m[2], e.Region, example)
	}
}

// checkUnique reports values that a list has twice.
func checkUnique[T ~string](d *document, path string, values []T) {
	first := map[T]string{}
	for i, v := range values {
		at := fmt.Sprintf("%s[%d]", path, i)
		if d.failed(at) {
			continue
		}
		if before, ok := first[v]; ok {
			d.report(at, "%s comes twice, first at %s: remove one", quote(string(v)), d.where(before))
			continue
		}
		first[v] = at
	}
}
