package access

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// outside are the secrets and keys that no stack makes, and that a role's
// policy names or a bucket has as its default key. Their own policies aren't
// known; with what is assumed instead, the IAM policies of their account decide.
func outside(set *resource.Set) []Resource {
	var list []Resource
	for _, arn := range outsideARNs(set) {
		parts := resource.ARN(arn)
		if parts.Service == "secretsmanager" {
			name := strings.TrimPrefix(parts.Resource, "secret:")
			list = append(list, Resource{
				Name: "secret outside the stacks " + name, ARN: arn, Operations: secretOperations(arn),
				Assumption: "Its policy isn't known here: it is taken to have none, so that the IAM policies of its account decide.",
			})
			continue
		}
		policy := resource.DefaultKeyPolicy(arn)
		r := Resource{
			Name: "key outside the stacks " + strings.TrimPrefix(parts.Resource, "key/"), ARN: arn, Assumed: &policy,
			Assumption: "Its policy isn't known here: it is taken to be KMS's default one, with which the IAM policies of its account decide and no other account is let in.",
		}
		for _, o := range slices.Concat(keyUses(set, arn, parts.Region), usesForSecrets(arn, parts.Region)) {
			o.Assumed = r.Assumed
			r.Operations = append(r.Operations, o)
		}
		list = append(list, r)
	}
	return list
}

// usesForSecrets are the uses of a key by who reads a secret that is under it.
// Source: secretsmanager/latest/userguide/security-encryption.html.
func usesForSecrets(arn, region string) []Operation {
	decrypt := Operation{Action: "kms:Decrypt", Resource: arn}
	return []Operation{
		decrypt.with(question.ViaService("secretsmanager", region)).named("decrypt through Secrets Manager"),
		decrypt.with(question.ViaService("secretsmanager", otherRegion(region))).named("decrypt through Secrets Manager of another Region"),
	}
}

// outsideARNs are in order, secrets last.
func outsideARNs(set *resource.Set) []string {
	var arns []string
	for _, p := range set.Policies {
		for _, s := range p.Statements {
			if p.Kind == resource.IdentityPolicy && s.Effect == iam.Allow {
				arns = append(arns, s.Resource...)
			}
		}
	}
	for _, b := range set.Buckets {
		arns = append(arns, b.KeyARN)
	}
	slices.Sort(arns)
	return slices.DeleteFunc(slices.Compact(arns), func(arn string) bool {
		switch parts := resource.ARN(arn); {
		case strings.ContainsAny(arn, "*?$"):
			return true
		case parts.Service == "kms":
			return !strings.HasPrefix(parts.Resource, "key/") || set.KeyWithARN(arn) != nil
		case parts.Service == "secretsmanager":
			return slices.ContainsFunc(set.Secrets, func(s *resource.Secret) bool { return s.ARN == arn })
		}
		return true
	})
}
