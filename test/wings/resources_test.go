package wings

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// nameProperties give a resource a name of the template's own.
var nameProperties = []string{"BucketName", "RoleName", "AliasName", "Name", "LogGroupName", "ManagedPolicyName", "FunctionName"}

// namesInstead puts the names that the local AWS chose in the place of those
// that the rules think up for resources without a name. Every other name must
// be the same.
func (x *trial) namesInstead() *strings.Replacer {
	var pairs []string
	for _, s := range x.stacks {
		for _, r := range s.Resources() {
			local := x.physical[s.Name+"/"+r.LogicalID]
			ref, err := r.Ref()
			if err != nil || local == "" || ref == local || r.Type == "AWS::S3::BucketPolicy" {
				continue
			}
			if slices.ContainsFunc(nameProperties, func(p string) bool { return r.RawProperties[p] != nil }) && r.Type != "AWS::SecretsManager::Secret" {
				x.t.Errorf("%s %s/%s: the rules call it %s, and the local AWS %s", x.fixture.name, s.Name, r.LogicalID, ref, local)
			}
			pairs = append(pairs, ref, local)
			if r.Type == "AWS::SQS::Queue" { // its Ref is a URL, and its ARN has the name alone
				pairs = append(pairs, path.Base(ref), path.Base(local))
			}
		}
	}
	return strings.NewReplacer(pairs...)
}

// compareResources holds the policies and outputs of the stacks as the rules
// read them against those that the local AWS answers with.
func (x *trial) compareResources() {
	x.t.Helper()
	names := x.names
	for _, b := range x.set.Buckets {
		var rules, local []iam.Document
		if b.Policy != nil {
			rules = append(rules, x.rename(names, b.Policy.Document))
		}
		out, err := x.client(b.Account, b.Region).GetBucketPolicy(x.t.Context(), &s3.GetBucketPolicyInput{Bucket: x.name(b)})
		if err == nil {
			local = append(local, x.parse(*out.Policy))
		} else if !strings.Contains(err.Error(), "NoSuchBucketPolicy") {
			x.t.Fatal(err)
		}
		x.same(placeOf(b), rules, local)
	}
	for _, k := range x.set.Keys {
		at := k.Stack().Name + "/" + k.LogicalID
		out, err := kms.NewFromConfig(x.cloud.config(k.Account, k.Region)).GetKeyPolicy(x.t.Context(), &kms.GetKeyPolicyInput{KeyId: aws.String(x.physical[at])})
		if err != nil && strings.Contains(err.Error(), "AccessDenied") {
			continue // the policy lets nobody read it whose keys are here
		}
		if err != nil {
			x.t.Fatal(err)
		}
		x.same(at, []iam.Document{x.rename(names, k.Policy.Document)}, []iam.Document{x.parse(*out.Policy)})
	}
	for _, r := range x.set.Roles {
		x.compareRole(names, r)
	}
	for _, s := range x.stacks {
		x.compareOutputs(names, s)
	}
}

func (x *trial) compareRole(names *strings.Replacer, r *resource.Role) {
	at := r.Stack().Name + "/" + r.LogicalID
	role := "RoleName=" + x.physical[at]
	call := func(out any, parameters ...string) {
		if refusal := x.cloud.query(x.t, r.Account, r.Stack().Region, "iam", out, parameters...); refusal != "" {
			x.t.Fatal(refusal)
		}
	}
	decode := func(document string) iam.Document {
		text, err := url.QueryUnescape(document)
		if err != nil {
			x.t.Fatal(err)
		}
		return x.parse(text)
	}
	var trust struct {
		Document string `xml:"GetRoleResult>Role>AssumeRolePolicyDocument"`
	}
	call(&trust, "Action=GetRole", role)
	x.same(at, []iam.Document{x.rename(names, r.Trust.Document)}, []iam.Document{decode(trust.Document)})

	var rules, local []iam.Document
	for _, p := range r.Policies {
		rules = append(rules, x.rename(names, p.Document))
	}
	var inline struct {
		Names []string `xml:"ListRolePoliciesResult>PolicyNames>member"`
	}
	call(&inline, "Action=ListRolePolicies", role)
	for _, name := range inline.Names {
		var policy struct {
			Document string `xml:"GetRolePolicyResult>PolicyDocument"`
		}
		call(&policy, "Action=GetRolePolicy", role, "PolicyName="+name)
		local = append(local, decode(policy.Document))
	}
	var attached struct {
		ARNs []string `xml:"ListAttachedRolePoliciesResult>AttachedPolicies>member>PolicyArn"`
	}
	call(&attached, "Action=ListAttachedRolePolicies", role)
	for _, arn := range attached.ARNs {
		var version struct {
			Document string `xml:"GetPolicyVersionResult>PolicyVersion>Document"`
		}
		call(&version, "Action=GetPolicyVersion", "PolicyArn="+arn, "VersionId=v1")
		local = append(local, decode(version.Document))
	}
	x.same(at, rules, local)
}

func (x *trial) compareOutputs(names *strings.Replacer, s *template.Stack) {
	var out struct {
		Output []struct{ OutputKey, OutputValue string } `xml:"DescribeStacksResult>Stacks>member>Outputs>member"`
	}
	x.cloud.query(x.t, s.Account, s.Region, "cloudformation", &out, "Action=DescribeStacks", "StackName="+s.Name)
	for _, o := range out.Output {
		rules, err := s.Output(o.OutputKey)
		if template.IsUnknown(err) {
			continue
		}
		if rules = names.Replace(rules); err != nil || rules != o.OutputValue {
			x.t.Errorf("%s: output %s of %s: the rules read %q (%v), the local AWS %q", x.fixture.name, o.OutputKey, s.Name, rules, err, o.OutputValue)
		}
	}
}

// rename is a document with the names that the local AWS chose.
func (x *trial) rename(names *strings.Replacer, d iam.Document) iam.Document {
	text, err := json.Marshal(d)
	if err != nil {
		x.t.Fatal(err)
	}
	return x.parse(names.Replace(string(text)))
}

func (x *trial) parse(text string) iam.Document {
	d, err := iam.ParseDocument([]byte(text))
	if err != nil {
		x.t.Fatalf("%s: %v in %s", x.fixture.name, err, text)
	}
	return d
}

// same holds documents in any order against each other.
func (x *trial) same(at string, rules, local []iam.Document) {
	x.t.Helper()
	byText := func(a, b iam.Document) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }
	slices.SortFunc(rules, byText)
	slices.SortFunc(local, byText)
	x.compared++
	if diff := cmp.Diff(rules, local); diff != "" {
		x.t.Errorf("%s: policies of %s (-rules +local AWS):\n%s", x.fixture.name, at, diff)
	}
}
