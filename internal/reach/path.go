package reach

import (
	"errors"
	"slices"
	"sync"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/resource"
)

// MostSteps is the most steps of a way that is looked for. Whoever needs more of
// them becomes, on the way, somebody who needs fewer, and for whom a way is told.
const MostSteps = 3

// Path is how somebody comes to use an object.
type Path struct {
	// Steps are what must be done first, in words; none for who may use the
	// object as they are.
	Steps []string
	// By names, for each request, what admits it: a Sid, "IAM".
	By []string
	// Unknown is what could not be read and may close the way, or open it;
	// nil when the answer is certain.
	Unknown error
}

// Answer says whether somebody can come to use an object.
type Answer struct {
	Reaches bool // by Path
	Path    Path // when neither Reaches nor Path.Unknown: no way is known

	// Closed is, in words, what refuses first whom no way is known for, such as
	// "the key", and Refusal how.
	Closed  string
	Refusal access.Answer
}

// Map is the stacks of a set with the moves that their principals can make. It
// is safe for concurrent use once it is made.
type Map struct {
	set   *resource.Set
	roles []role

	// unread says of which roles neither the trust nor the permissions are known.
	unread error

	mu    sync.Mutex
	known map[asker][]state // moves, once they were asked for
}

// Of reads the moves of a set.
func Of(set *resource.Set) *Map {
	return &Map{set: set, roles: rolesOf(set), unread: unreadRoles(set), known: map[asker][]state{}}
}

// Ask finds the shortest way of a principal to an object.
func (m *Map) Ask(p access.Principal, o Object, use Use) Answer {
	needed := needs(m.set, o, use)
	answer := m.search(p, func(at access.Principal) (Path, bool) { return m.meet(at, needed) })
	if !answer.Reaches && answer.Path.Unknown == nil && p.Caller.Account() != "" {
		answer.Path.Unknown = m.unread // a way may lead through them
	}
	if answer.Reaches || answer.Path.Unknown != nil {
		return answer
	}
	for _, n := range needed {
		if a := m.answer(p, n); !a.Allowed {
			answer.Closed, answer.Refusal = n.what, a
			break
		}
	}
	return answer
}

// state is a principal that somebody has become.
type state struct {
	principal access.Principal
	wider     bool // it gave itself permissions
	steps     []string
	unknown   error
}

// been is whom a search has been: a principal with the policies that it began
// with, or with those that it gave itself.
type been struct {
	caller iam.Caller
	wider  bool
}

// asker is who asks for moves: two principals may ask as one caller, each with
// other policies.
type asker struct {
	been
	name string
}

// search goes from one principal to those that it can become, nearest first. A
// way that is certain goes before one that rests on something unread.
func (m *Map) search(p access.Principal, meet func(access.Principal) (Path, bool)) Answer {
	var doubtful *Path
	best := MostSteps + 1
	var answer Answer
	seen := map[been]bool{{caller: p.Caller}: true}
	for queue := []state{{principal: p}}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if len(at.steps) >= best {
			break
		}
		path, found := meet(at.principal)
		path.Steps = slices.Concat(at.steps, path.Steps)
		path.Unknown = errors.Join(at.unknown, path.Unknown)
		switch {
		case !found || len(path.Steps) > MostSteps:
		case path.Unknown != nil:
			if doubtful == nil || len(path.Steps) < len(doubtful.Steps) {
				doubtful = &path
			}
		case len(path.Steps) < best:
			best, answer = len(path.Steps), Answer{Reaches: true, Path: path}
		}
		if len(at.steps)+1 >= min(best, MostSteps+1) {
			continue
		}
		for _, next := range m.moves(at) {
			who := been{next.principal.Caller, next.wider}
			next.steps, next.unknown = slices.Concat(at.steps, next.steps), errors.Join(at.unknown, next.unknown)
			if seen[who] {
				continue
			}
			seen[who] = next.unknown == nil // a certain way may follow a doubtful one
			queue = append(queue, next)
		}
	}
	if !answer.Reaches && doubtful != nil {
		answer.Path = *doubtful
	}
	return answer
}

// meet says whether a principal may make all requests, if need be after it
// changed what is in the way.
func (m *Map) meet(p access.Principal, needed []need) (path Path, found bool) {
	for _, n := range needed {
		a := m.answer(p, n)
		if !a.Allowed && a.Unknown == nil {
			step, why, ok := m.pull(p, n)
			if !ok {
				return Path{}, false
			}
			path.Steps, path.Unknown = append(path.Steps, step), errors.Join(path.Unknown, why)
			continue
		}
		path.By, path.Unknown = append(path.By, a.By), errors.Join(path.Unknown, a.Unknown)
	}
	return path, true
}

func (m *Map) answer(p access.Principal, n need) access.Answer {
	if n.elsewhere != "" {
		return access.Answer{Unknown: errors.New(n.elsewhere)}
	}
	a := Ask(m.set, p, n.operation)
	for _, o := range n.through {
		if a.Allowed {
			break
		}
		if by := Ask(m.set, p, o); by.Allowed || by.Unknown != nil && a.Unknown == nil {
			a = by
			a.By += " through " + o.Name
		}
	}
	return a
}

// pull finds a lever that the principal may move, and that helps: with a policy
// that admits it, the request is allowed.
func (m *Map) pull(p access.Principal, n need) (step string, unknown error, ok bool) {
	admitted := n.operation
	admitted.Assumed = admitting(p)
	helps := Ask(m.set, p, admitted)
	if len(n.levers) == 0 || !helps.Allowed && helps.Unknown == nil {
		return "", nil, false
	}
	for _, l := range n.levers {
		switch a := Ask(m.set, p, l.operation); {
		case a.Allowed:
			return l.step, helps.Unknown, true
		case a.Unknown != nil && !ok:
			step, unknown, ok = l.step, errors.Join(helps.Unknown, a.Unknown), true
		}
	}
	return step, unknown, ok
}

// admitting is a policy of a resource that lets a principal do everything.
func admitting(p access.Principal) *iam.Source {
	arn := p.Caller.PrincipalARN()
	if arn == "" {
		return nil // nobody, and services: no request of theirs changes a policy
	}
	return &iam.Source{Name: "a policy of their own", Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Sid: "Admit", Effect: iam.Allow, Principal: &iam.Principal{AWS: iam.Strings{arn}},
		Action: iam.Strings{"*"}, Resource: iam.Strings{"*"},
	}}}}
}
