package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// Resource is something that can be accessed, with all that can be tried.
type Resource struct {
	Name       string // "bucket SseC"
	ARN        string
	Operations []Operation

	// Assumed is the policy that a resource outside the stacks is taken to
	// have; nil: none. Assumption says so; "" for what the stacks make.
	Assumed    *iam.Source
	Assumption string

	bucket   *resource.Bucket   // nil: none
	function *resource.Function // nil: none
}

// account is whose resource it is.
func (r Resource) account() string {
	if r.bucket != nil {
		return r.bucket.Account
	}
	return resource.ARN(r.ARN).AccountID
}

// Resources are the resources of the stacks, and the secrets and keys outside
// of them that they use.
func Resources(set *resource.Set) []Resource {
	list, policies := resources(set), policiesOf(set)
	for i, r := range list {
		list[i].Operations = append(r.Operations, further(policies, r)...)
	}
	return list
}

// resources have the operations that are asked whatever the policies say.
func resources(set *resource.Set) []Resource {
	var list []Resource
	add := func(name, arn string, operations ...Operation) {
		list = append(list, Resource{Name: name, ARN: arn, Operations: operations})
	}
	for _, b := range set.Buckets {
		add("bucket "+ShortName(b.LogicalID), b.ARN, bucketOperations(b)...)
		list[len(list)-1].bucket = b
	}
	for _, k := range set.Keys {
		add("key "+ShortName(k.LogicalID), k.ARN, keyOperations(set, k)...)
	}
	for _, s := range set.Secrets {
		add("secret "+ShortName(s.LogicalID), s.ARN, secretOperations(s.ARN)...)
	}
	list = append(list, outside(set)...)
	for _, a := range set.AccessPoints {
		add("access point "+ShortName(a.LogicalID), a.ARN, accessPointOperations(a.ARN)...)
	}
	for _, f := range set.Functions {
		add("function "+ShortName(f.LogicalID), f.ARN, functionOperations(f.ARN)...)
		list[len(list)-1].function = f
	}
	for _, r := range set.Roles {
		add("role "+ShortName(r.LogicalID), r.ARN, roleOperations(r.ARN)...)
	}
	for _, l := range set.LogGroups {
		add("log group "+ShortName(l.LogicalID), l.ARN, logGroupOperations(l.ARN)...)
	}
	for _, s := range stacks(set) {
		arn := stackARN(s)
		add("stack "+s.Name, arn, stackOperations(arn)...)
	}
	tellApart(list)
	return list
}

// tellApart gives resources of one name, such as the log buckets of two
// environments, their account too, and those of one account the name that they
// have there.
func tellApart(list []Resource) {
	for _, further := range []func(Resource) string{
		func(r Resource) string { return "@" + r.account() },
		func(r Resource) string { return " (" + resource.ARN(r.ARN).Resource + ")" },
	} {
		named := map[string]int{}
		for _, r := range list {
			named[r.Name]++
		}
		for i, r := range list {
			if named[r.Name] > 1 {
				list[i].Name += further(r)
			}
		}
	}
}

// stacks are the stacks that a set was read from, in their order.
func stacks(set *resource.Set) []*template.Stack {
	var list []*template.Stack
	add := func(r *template.Resource) {
		if !slices.Contains(list, r.Stack()) {
			list = append(list, r.Stack())
		}
	}
	for _, b := range set.Buckets {
		add(b.Resource)
	}
	for _, k := range set.Keys {
		add(k.Resource)
	}
	return list
}

func stackARN(s *template.Stack) string {
	return strings.Join([]string{"arn", partition.Of(s.Region).Name, "cloudformation", s.Region, s.Account, "stack/" + s.Name + "/id"}, ":")
}

// Answer is what comes of an operation.
type Answer struct {
	Allowed  bool
	Denied   bool   // by a statement or a setting, so that no permission would help
	By       string // what decided: a Sid, a setting; "" when nothing admits
	Decision iam.Decision

	// Unknown is what could not be read and may change the decision; nil when
	// the answer is certain. It is neither allowed nor denied then.
	Unknown error

	unread string // what is not known, in short, also where a setting refuses anyway
}

// inShort is what the list of what was not read has more of.
func inShort(u resource.Unread) string {
	if u.Resource == nil {
		return u.Err.Error()
	}
	return u.Stack().Name + "/" + u.LogicalID
}

// Ask is one question: whether a principal may carry out an operation.
func Ask(set *resource.Set, p Principal, o Operation) Answer {
	if p.open != nil {
		return p.open.ask(o)
	}
	c := o.Context
	if len(p.Context) > 0 {
		c = question.With(c, p.Context)
	}
	d := set.Decide(resource.Request{
		Caller: p.Caller, Identity: p.Identity, Boundary: p.Boundary, Session: p.Session, Action: o.Action, Resource: o.Resource, Context: c, Policy: o.Assumed,
	})
	a := Answer{Decision: d.Decision}
	if len(d.Unread) > 0 {
		a.unread = inShort(d.Unread[0])
	}
	switch {
	case (d.Allowed || len(d.Unread) > 0) && o.BlockedBy != "":
		a.Denied, a.By = true, o.BlockedBy
	case len(d.Unread) > 0:
		a.Unknown = resource.Why(d.Unread)
	case d.Allowed || d.Explicit:
		a.Allowed, a.Denied, a.By = d.Allowed, d.Explicit, by(d.Decision)
	}
	return a
}

// by names what decided.
func by(d iam.Decision) string {
	switch {
	case d.Sid != "":
		return d.Sid
	case d.Source != "":
		return d.Source
	case d.Explicit:
		return "Block Public Access"
	default:
		return "root user"
	}
}

// Stacks are the stacks of a stage, or the one of that name.
func Stacks(a *template.Assembly, stage string) []*template.Stack {
	return slices.DeleteFunc(slices.Clone(a.Stacks), func(s *template.Stack) bool { return StageOf(s) != stage })
}

// StageOf is the stage that a stack's tag names, or for a stack of no stage its
// own name.
func StageOf(s *template.Stack) string { return cmp.Or(s.OfStage(), s.Name) }
