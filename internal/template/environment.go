package template

import (
	"maps"
)

// Environment is what stacks are deployed to and with, as far as they leave it
// open.
type Environment struct {
	Account, Region string
	Parameters      map[string]string // of stacks that have a parameter of that name
}

// In gives the stacks as they are in an environment; what they know themselves
// they keep. Those of a deployment stay each other's peers. Their stand-ins are
// the same in every environment, so that what is said of one can be compared.
func (e Environment) In(stacks []*Stack) []*Stack {
	placed := map[*Stack]*Stack{}
	list := make([]*Stack, len(stacks))
	for i, s := range stacks {
		list[i] = e.place(s, placed)
	}
	return list
}

func (e Environment) place(s *Stack, placed map[*Stack]*Stack) *Stack {
	if there := placed[s]; there != nil {
		return there
	}
	there := new(*s)
	placed[s] = there
	if s.Account == "" {
		there.Account, there.AnyAccount = e.Account, e.Account != ""
	}
	if s.Region == "" {
		there.Region, there.AnyRegion = e.Region, e.Region != ""
	}
	there.Parameters = maps.Clone(s.Parameters)
	for name, value := range e.Parameters {
		if s.Template.Parameters[name] == nil {
			continue
		}
		if _, given := s.Parameters[name]; !given {
			if there.Parameters == nil {
				there.Parameters = map[string]string{}
			}
			there.Parameters[name] = value
		}
	}
	t := &Template{s.Template.Template, make(map[string]*Resource, len(s.Template.Resources))}
	for id, r := range s.Template.Resources {
		t.Resources[id] = new(*r)
	}
	there.bind(t)
	there.peers = make([]*Stack, len(s.peers))
	for i, peer := range s.peers {
		there.peers[i] = e.place(peer, placed)
	}
	return there
}
