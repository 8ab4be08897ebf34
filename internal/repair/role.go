package repair

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/s3seal/s3seal/iam"
)

// role is what IAM says of a role.
type role struct {
	trust    iam.Source
	identity []iam.Source
	boundary *iam.Source
	unknown  []string // what could not be read
}

// readRole reads a role with all its policies. Its error is that of the role
// itself.
func (r *Repairer) readRole(ctx context.Context, name string) (role, error) {
	out, err := r.IAM.GetRole(ctx, &awsiam.GetRoleInput{RoleName: &name})
	if err != nil {
		return role{}, err
	}
	var found role
	document, err := parse(aws.ToString(out.Role.AssumeRolePolicyDocument))
	if err != nil {
		return role{}, err
	}
	found.trust = iam.Source{Name: "trust policy of " + name, Document: document}
	found.read("inline policies of "+name, func() error { return r.inline(ctx, name, &found) })
	found.read("policies that are attached to "+name, func() error { return r.attached(ctx, name, &found) })
	if b := out.Role.PermissionsBoundary; b != nil {
		found.read("the permissions boundary of "+name, func() error {
			source, err := r.managed(ctx, aws.ToString(b.PermissionsBoundaryArn))
			found.boundary = &source
			return err
		})
	}
	return found, nil
}

func (f *role) read(what string, do func() error) {
	if err := do(); err != nil {
		f.unknown = append(f.unknown, what+": "+oneLine(err))
	}
}

func (r *Repairer) inline(ctx context.Context, name string, found *role) error {
	pages := awsiam.NewListRolePoliciesPaginator(r.IAM, &awsiam.ListRolePoliciesInput{RoleName: &name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, p := range page.PolicyNames {
			out, err := r.IAM.GetRolePolicy(ctx, &awsiam.GetRolePolicyInput{RoleName: &name, PolicyName: &p})
			if err != nil {
				return err
			}
			document, err := parse(aws.ToString(out.PolicyDocument))
			if err != nil {
				return err
			}
			found.identity = append(found.identity, iam.Source{Name: name + "/" + p, Document: document})
		}
	}
	return nil
}

func (r *Repairer) attached(ctx context.Context, name string, found *role) error {
	pages := awsiam.NewListAttachedRolePoliciesPaginator(r.IAM, &awsiam.ListAttachedRolePoliciesInput{RoleName: &name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, p := range page.AttachedPolicies {
			source, err := r.managed(ctx, aws.ToString(p.PolicyArn))
			if err != nil {
				return err
			}
			found.identity = append(found.identity, source)
		}
	}
	return nil
}

func (r *Repairer) managed(ctx context.Context, arn string) (iam.Source, error) {
	p, err := r.IAM.GetPolicy(ctx, &awsiam.GetPolicyInput{PolicyArn: &arn})
	if err != nil {
		return iam.Source{}, err
	}
	out, err := r.IAM.GetPolicyVersion(ctx, &awsiam.GetPolicyVersionInput{PolicyArn: &arn, VersionId: p.Policy.DefaultVersionId})
	if err != nil {
		return iam.Source{}, err
	}
	document, err := parse(aws.ToString(out.PolicyVersion.Document))
	return iam.Source{Name: arn, Document: document}, err
}

// parse reads a document as IAM returns it, URL-encoded.
//
// Source: IAM/latest/APIReference/API_GetRolePolicy.html.
func parse(encoded string) (iam.Document, error) {
	text, err := url.PathUnescape(encoded)
	if err != nil {
		return iam.Document{}, err
	}
	return iam.ParseDocument([]byte(text))
}

// bucketPolicy is the source bucket's policy, nil for none.
func (r *Repairer) bucketPolicy(ctx context.Context) (*iam.Source, error) {
	out, err := r.S3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &r.Bucket})
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() == "NoSuchBucketPolicy" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	document, err := iam.ParseDocument([]byte(aws.ToString(out.Policy)))
	return &iam.Source{Name: "policy of " + r.Bucket, Document: document}, err
}

// policies are those that decide a need of a role of an account. A key's policy is
// taken to let the account's IAM policies decide: the replica's is not known here.
func (f role) policies(n need, account string, bucket *iam.Source) iam.Policies {
	p := iam.Policies{Identity: f.identity, Boundary: f.boundary}
	switch {
	case strings.HasPrefix(n.action, "kms:"):
		p.Resource = &iam.Source{Name: "a key's policy", Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
			Effect: iam.Allow, Principal: &iam.Principal{AWS: iam.Strings{account}}, Action: iam.Strings{"kms:*"}, Resource: iam.Strings{"*"},
		}}}}
	case n.inSource:
		p.Resource = bucket
	}
	return p
}
