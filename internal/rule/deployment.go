package rule

import (
	"errors"
	"slices"

	"github.com/s3seal/s3seal/internal/problem"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// deployment is what all rules read: the stacks, what they deploy, and what of
// it isn't known completely.
type deployment struct {
	Options
	stacks []*template.Stack
	all    []*template.Stack // of which the stacks are a group that nothing connects with the others
	set    *resource.Set
	leaves []leaf

	// Looked up only where a rule asks.
	needs     map[*template.Stack]map[string][]string // Stack.Needs
	providers map[*template.Stack][]*template.Stack   // Stack.Providers

	problems     map[*resource.Policy][]problem.Problem
	places       map[stackPlace]*template.Stack
	moves        moves        // of what Before has
	acknowledged map[int]bool // of Acknowledge, those that cover a change
}

func newDeployment(stacks []*template.Stack, options Options) *deployment {
	d := newUpdate(stacks, options)
	d.set, d.leaves = resource.Read(stacks), readLeaves(stacks)
	for _, p := range d.set.Policies {
		d.problems[p] = problem.Find(p.Known(), subjectOf(p))
	}
	return d
}

// newUpdate is what the rules on updates read: nothing of what policies say.
func newUpdate(stacks []*template.Stack, options Options) *deployment {
	d := &deployment{
		Options: options,
		stacks:  stacks,
		all:     stacks,

		needs:     map[*template.Stack]map[string][]string{},
		providers: map[*template.Stack][]*template.Stack{},

		problems:     map[*resource.Policy][]problem.Problem{},
		places:       map[stackPlace]*template.Stack{},
		acknowledged: map[int]bool{},
	}
	for _, s := range stacks {
		d.places[placeOf(s)] = s
	}
	d.moves = d.readMoves()
	return d
}

// bucketOfPolicy is the bucket of the stacks that a policy is of, or nil.
func (d *deployment) bucketOfPolicy(p *resource.Policy) *resource.Bucket {
	if p.Kind != resource.BucketPolicy {
		return nil
	}
	name, _ := p.Properties().Get("Bucket").String()
	return d.set.BucketNamed(name)
}

// bucket is what the set knows of a bucket resource; why says what it doesn't.
func (d *deployment) bucket(r *template.Resource) (b *resource.Bucket, why error) {
	if i := slices.IndexFunc(d.set.Buckets, func(b *resource.Bucket) bool { return b.Resource == r }); i >= 0 {
		if b = d.set.Buckets[i]; b.Account == "" {
			return nil, errors.New("the account of the stack: it isn't given")
		}
		return b, nil
	}
	if i := slices.IndexFunc(d.set.Unread, func(u resource.Unread) bool { return u.Resource == r }); i >= 0 {
		return nil, d.set.Unread[i].Err
	}
	return nil, errors.New("whether the bucket is created")
}
