package access

import (
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/resource"
)

// asking is all answers about a resource.
type asking struct {
	Resource
	set        *resource.Set
	principals []Principal
	answers    [][]cell // by principal and operation
	classes    []int    // by principal
	inGroups   []operations
	given      map[int][]grant // by principal, as grants has found them
}

// cell is an answer as the policies give it: what of a resource's settings
// refuses an operation to everybody is left to the operation.
type cell struct {
	verdict verdict
	by      string // the statement, or what is not known
}

type verdict int

const (
	notAdmitted verdict = iota
	isAllowed
	isDenied
	isUnknown
)

func cellOf(a Answer, o Operation) cell {
	blocked := a.Denied && o.BlockedBy != "" && a.By == o.BlockedBy
	switch {
	case a.Unknown != nil, blocked && a.unread != "":
		return cell{isUnknown, a.unread}
	case a.Allowed, blocked:
		return cell{isAllowed, kindOf(a.Decision, by(a.Decision))}
	case a.Denied:
		return cell{isDenied, kindOf(a.Decision, a.By)}
	}
	return cell{}
}

// kindOf leaves out whose policy a statement without a Sid is of, which the
// section or the line says.
func kindOf(d iam.Decision, by string) string {
	if d.Sid == "" {
		by, _, _ = strings.Cut(by, " of ")
	}
	return by
}

// askAll asks every principal for every operation of every resource. The
// questions are independent of each other and there are many.
func askAll(set *resource.Set, principals []Principal, resources []Resource) []*asking {
	list := make([]*asking, len(resources))
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				list[i] = askAbout(set, principals, resources[i])
			}
		})
	}
	for i := range resources {
		next <- i
	}
	close(next)
	wg.Wait()
	return list
}

func askAbout(set *resource.Set, principals []Principal, r Resource) *asking {
	a := notAsked(set, principals, r)
	like := likenessOf(set, r)
	same := map[string][]cell{}
	for _, p := range principals {
		alike := like.alike(p)
		cells := same[alike]
		if cells == nil {
			cells = make([]cell, len(r.Operations))
			for i, o := range r.Operations {
				cells[i] = cellOf(Ask(set, p, o), o)
			}
			same[alike] = cells
		}
		a.answers = append(a.answers, cells)
	}
	return a
}

// notAsked has no answers yet.
func notAsked(set *resource.Set, principals []Principal, r Resource) *asking {
	a := &asking{Resource: r, set: set, principals: principals, given: map[int][]grant{}}
	for p := range principals {
		a.classes = append(a.classes, a.classOf(p))
	}
	return a
}

// class is the place of the principal whose answers count where no line names p;
// -1 for that of nobody, who has none.
func (a *asking) class(p int) int { return a.classes[p] }

func (a *asking) classOf(p int) int {
	who := a.principals[p]
	foreign := who.Caller.Account() != "" && who.Caller.Account() != a.account()
	class := who.Class
	switch {
	case who.Name == nobody:
		return -1
	case who.conditional:
	case who.Name == stranger:
		class = nobody
	case foreign:
		class = stranger
	case who.onBuckets && a.bucket == nil:
		class = nobody
	}
	place := func(name string) int {
		return slices.IndexFunc(a.principals, func(q Principal) bool { return q.Name == name })
	}
	if i := place(class); class != "" && i >= 0 && i != p {
		return i
	}
	return place(nobody)
}

// grant is what somebody may by one statement.
type grant struct {
	by  string
	may []string
}

// grants are what a principal may, in the order of the operations.
func (a *asking) grants(p int) []grant {
	if list, ok := a.given[p]; ok {
		return list
	}
	var list []grant
	for i, c := range a.answers[p] {
		if c.verdict != isAllowed || slices.ContainsFunc(list, func(g grant) bool { return g.by == c.by }) {
			continue
		}
		some := make(operations, len(a.Operations))
		for j := i; j < len(some); j++ {
			some[j] = a.answers[p][j] == c
		}
		list = append(list, grant{c.by, a.summary(some, a.refused(p))})
	}
	a.given[p] = list
	return list
}

func (a *asking) refused(p int) operations {
	list := make(operations, len(a.Operations))
	for i, c := range a.answers[p] {
		list[i] = c.verdict == isDenied || c.verdict == isUnknown
	}
	return list
}

func sameGrants(a, b []grant) bool {
	return slices.EqualFunc(a, b, func(a, b grant) bool { return a.by == b.by && slices.Equal(a.may, b.may) })
}
