package wings

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/template"
)

// outside is what a fixture's templates name and leave to others to make.
type outside struct {
	buckets map[string]home // by name
	roles   map[string]bool // and users, by ARN
}

type home struct{ account, region string }

func homeOf(s *template.Stack) home { return home{s.Account, s.Region} }

func (o outside) make(t *testing.T, c cloud) {
	t.Helper()
	for name, at := range o.buckets {
		client := s3.NewFromConfig(c.config(at.account, at.region))
		in := &s3.CreateBucketInput{Bucket: &name}
		if at.region != "us-east-1" {
			in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(at.region)}
		}
		if _, err := client.CreateBucket(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		if _, err := client.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
			Bucket: &name, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
		}); err != nil {
			t.Fatal(err)
		}
	}
	for arn := range o.roles {
		m := principalARN.FindStringSubmatch(arn)
		account, kind, path, name := m[1], strings.ToUpper(m[2][:1])+m[2][1:], m[3], m[4]
		call := func(parameters ...string) {
			if refusal := c.query(t, account, "us-east-1", "iam", nil, append(parameters, kind+"Name="+name)...); refusal != "" {
				t.Fatalf("%s: %s", arn, refusal)
			}
		}
		create := []string{"Action=Create" + kind, "Path=/" + path}
		if kind == "Role" {
			create = append(create, `AssumeRolePolicyDocument={"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*","Service":["s3.amazonaws.com","cloudformation.amazonaws.com"]},"Action":"sts:AssumeRole"}}`)
		}
		call(create...)
		call("Action=Put"+kind+"Policy", "PolicyName=all", `PolicyDocument={"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
	}
}

var principalARN = regexp.MustCompile(`arn:aws:iam::(\d{12}):(role|user)/((?:[\w+=,.@-]+/)*)([\w+=,.@-]+)`)

// roleOf is the role of those fixtures that give any word for one.
func roleOf(account string) string {
	return "arn:aws:iam::" + account + ":role/replicator-of-the-fixture"
}

// ofWant is a refusal for want of something that another stack, or nobody of
// the fixture, makes.
var ofWant = regexp.MustCompile(`\(Error Code: NoSuchBucket\)|logging does not exist|Destination bucket must exist|(?i:invalid principal)|cannot assume|cannot be assumed by Lambda|Stack with id|No export named`)

// supply gives what a resource lacks and none of the stacks makes, and says
// whether it had it to give.
func (d *deployment) supply(r *template.Resource, refusal string) bool {
	before := len(d.outside.buckets) + len(d.outside.roles)
	for name, at := range bucketsNamedBy(r) {
		if d.planned.BucketNamed(name) == nil {
			d.outside.buckets[name] = at
		}
	}
	plain, _ := r.Properties().Resolve()
	_, role, _ := strings.Cut(refusal, "cannot assume ")
	role, _, _ = strings.Cut(role, " ")
	for _, arn := range principalARN.FindAllString(fmt.Sprint(plain, " ", role), -1) {
		if d.planned.RoleWithARN(arn) == nil && arn != roleOf(r.Stack().Account) {
			d.outside.roles[arn] = true
		}
	}
	return len(d.outside.buckets)+len(d.outside.roles) > before
}

// lacks says whether a resource names a bucket that was left out.
func (d *deployment) lacks(r *template.Resource) bool {
	for name := range bucketsNamedBy(r) {
		b := d.planned.BucketNamed(name)
		if b != nil && (d.gone[b.Stack().Name][b.LogicalID] || slices.Contains(d.dependents, placeOf(b))) {
			return true
		}
	}
	return false
}

// bucketsNamedBy are the buckets that must be there before a resource, and
// where they are if nobody else says so.
func bucketsNamedBy(r *template.Resource) map[string]home {
	p, names := r.Properties(), map[string]home{}
	name := func(v template.Value, account string) {
		at := homeOf(r.Stack())
		at.account = cmp.Or(account, at.account)
		if text, err := v.String(); err == nil {
			names[strings.TrimPrefix(text, "arn:aws:s3:::")] = at
		}
	}
	name(p.Get("LoggingConfiguration", "DestinationBucketName"), "")
	if r.Type == "AWS::S3::BucketPolicy" {
		name(p.Get("Bucket"), "")
	}
	for _, rule := range listOf(p.Get("ReplicationConfiguration", "Rules")) {
		account, _ := rule.Get("Destination", "Account").String()
		name(rule.Get("Destination", "Bucket"), account)
	}
	return names
}

func listOf(v template.Value) []template.Value {
	list, _ := v.List()
	return list
}
