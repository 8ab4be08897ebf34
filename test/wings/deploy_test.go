package wings

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// deployment is a fixture as far as the local AWS carries it out.
type deployment struct {
	fixture
	cloud   cloud
	stacks  []*template.Stack // what is left of the fixture's, as deployed
	planned *resource.Set     // what the whole fixture has
	outside outside
	changed map[string]bool            // stacks that a completion changed
	gone    map[string]map[string]bool // by stack, what is left out of it

	// refused is what was said against a resource, "stack/LogicalId", or
	// against a stack, "stack/"; dependents were left out since they refer to
	// one that isn't there.
	refused    map[string][]string
	dependents []string

	physical map[string]string // ids by "stack/LogicalId"
}

// deploy makes the stacks of a fixture, each time in a new local AWS, until it
// has found all that is refused: CloudFormation makes all of a template or
// nothing, and a fixture has wrong resources beside right ones.
func deploy(t *testing.T, f fixture) *deployment {
	t.Helper()
	d := &deployment{
		fixture: f, planned: resource.Read(f.stacks), refused: map[string][]string{},
		changed: map[string]bool{}, gone: map[string]map[string]bool{}, outside: outside{map[string]home{}, map[string]bool{}},
	}
	for _, s := range f.stacks {
		d.gone[s.Name] = map[string]bool{}
		if f.bootstrapped {
			d.outside.roles[executionRole(s)] = true
		}
	}
	order, later := slices.Clone(f.stacks), map[string]bool{}
	for {
		d.cloud = start(t, f.accounts(t), f.regions())
		d.outside.make(t, d.cloud)
		d.stacks, d.dependents, d.physical = nil, nil, map[string]string{}
		var refusals map[string]string
		i := slices.IndexFunc(order, func(s *template.Stack) bool {
			refusals = d.create(t, s)
			return len(refusals) > 0
		})
		if i < 0 {
			template.NewAssembly(d.stacks...)
			return d
		}
		d.cloud.close()
		s := order[i]
		supplied, wants := d.supplyAll(s, refusals)
		toCome := slices.ContainsFunc(order[i+1:], func(s *template.Stack) bool { return !later[s.Name] })
		switch {
		case supplied:
		case wants && toCome && !later[s.Name]:
			later[s.Name] = true
			order = append(slices.Delete(order, i, i+1), s)
		default:
			for id, why := range refusals {
				d.answer(s, id, why)
			}
		}
	}
}

// supplyAll gives what resources lack, and says whether it had any of it to
// give, and whether they lack anything.
func (d *deployment) supplyAll(s *template.Stack, refusals map[string]string) (supplied, wants bool) {
	for id, why := range refusals {
		r := s.Resource(id)
		if r == nil || !ofWant.MatchString(why) {
			continue
		}
		wants = true
		supplied = d.supply(r, why) || supplied
		if d.complete(r, why) {
			d.refuse(s, id, why)
			supplied = true
		}
	}
	return supplied, wants
}

// answer notes a refusal, and does what there is to do about it, which is to
// leave the resource out in the end.
func (d *deployment) answer(s *template.Stack, id, refusal string) {
	r, gone := s.Resource(id), d.gone[s.Name]
	if r != nil && ofWant.MatchString(refusal) && d.lacks(r) {
		gone[id] = true
		return
	}
	d.refuse(s, id, refusal)
	if r == nil || !d.complete(r, refusal) {
		gone[id] = true
		return
	}
	for _, other := range s.Resources() {
		if shorthands.MatchString(refusal) && d.complete(other, refusal) {
			d.refuse(s, other.LogicalID, refusal)
		}
	}
}

// complete adds to a resource what a refusal asks for, if it can.
func (d *deployment) complete(r *template.Resource, refusal string) bool {
	for _, c := range completions {
		if strings.Contains(refusal, c.refusal) && c.complete(d, r) {
			d.changed[r.Stack().Name] = true
			return true
		}
	}
	return false
}

// refuse notes a refusal. That of a reference to nothing is of whoever refers.
func (d *deployment) refuse(s *template.Stack, id, refusal string) {
	if s.Resource(id) == nil && s.Template.Parameters[id] == nil && id != "" {
		for _, r := range s.Template.Resources {
			if refers(r.RawProperties, map[string]bool{id: true}) {
				d.refuse(s, r.LogicalID, refusal)
			}
		}
		return
	}
	at := s.Name + "/" + id
	if !slices.Contains(d.refused[at], refusal) {
		d.refused[at] = append(d.refused[at], refusal)
	}
}

// create makes a stack without what is gone, and gives, by logical id or for
// the stack, "", what is refused.
func (d *deployment) create(t *testing.T, s *template.Stack) map[string]string {
	t.Helper()
	gone := d.gone[s.Name]
	if gone[""] {
		return nil
	}
	if len(gone) > 0 || d.changed[s.Name] {
		rest, dependents := without(t, s, gone)
		for _, id := range dependents {
			d.dependents = append(d.dependents, s.Name+"/"+id)
		}
		if rest == nil {
			return nil
		}
		s = rest
	}
	body, err := os.ReadFile(s.File)
	if err != nil {
		t.Fatal(err)
	}
	call := func(out any, action string, parameters ...string) string {
		return d.cloud.query(t, s.Account, s.Region, "cloudformation", out, append([]string{"Action=" + action, "StackName=" + s.Name}, parameters...)...)
	}
	source := "TemplateBody=" + string(body)
	if len(body) > maxTemplateBody {
		source = "TemplateURL=" + d.put(t, s, body)
	}
	parameters := []string{source, "Capabilities.member.1=CAPABILITY_NAMED_IAM", "OnFailure=DO_NOTHING"}
	if d.bootstrapped {
		parameters = append(parameters, "RoleARN="+executionRole(s))
	}
	if refusal := call(nil, "CreateStack", parameters...); refusal != "" {
		return blame(s, refusal)
	}
	var stack struct {
		Status string `xml:"DescribeStacksResult>Stacks>member>StackStatus"`
	}
	for stack.Status == "" || strings.HasSuffix(stack.Status, "_IN_PROGRESS") {
		if refusal := call(&stack, "DescribeStacks"); refusal != "" {
			t.Fatal(refusal)
		}
	}
	var resources struct {
		Member []struct{ LogicalResourceId, PhysicalResourceId, ResourceStatus, ResourceStatusReason string } `xml:"DescribeStackResourcesResult>StackResources>member"`
	}
	call(&resources, "DescribeStackResources")
	refusals := map[string]string{}
	for _, r := range resources.Member {
		d.physical[s.Name+"/"+r.LogicalResourceId] = r.PhysicalResourceId
		if r.ResourceStatus == "CREATE_FAILED" {
			refusals[r.LogicalResourceId] = r.ResourceStatusReason
		}
	}
	if stack.Status != "CREATE_COMPLETE" && len(refusals) == 0 {
		t.Fatalf("%s: %s is %s, and no resource says why: %v", d.name, s.Name, stack.Status, resources.Member)
	}
	d.stacks = append(d.stacks, s)
	return refusals
}

// maxTemplateBody is how long a template may be that isn't in S3.
const maxTemplateBody = 51200

// put uploads a template, and gives its URL.
func (d *deployment) put(t *testing.T, s *template.Stack, body []byte) string {
	t.Helper()
	bucket := "templates-of-" + s.Name
	outside{map[string]home{bucket: homeOf(s)}, nil}.make(t, d.cloud)
	_, err := s3.NewFromConfig(d.cloud.config(s.Account, s.Region)).PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: &bucket, Key: aws.String("template"), Body: bytes.NewReader(body),
	})
	if err != nil {
		t.Fatal(err)
	}
	return d.cloud.URL() + "/" + bucket + "/template"
}

// executionRole is that of the CDK's bootstrap, with which stacks are made.
func executionRole(s *template.Stack) string {
	return "arn:aws:iam::" + s.Account + ":role/cdk-hnb659fds-cfn-exec-role-" + s.Account + "-" + s.Region
}
