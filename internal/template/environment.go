package template

import "maps"

// Environment is what stacks are deployed to and with, as far as they leave it
// open.
type Environment struct {
	Account, Region string
	Parameters      map[string]string // of stacks that have a parameter of that name

	// StandIns are texts in the place of parameters that have no value.
	StandIns map[string]StandIn
}

// StandIn is a text that stands for any value which a template doesn't compare
// with. Where such a value may mean something by itself, as an algorithm or "*"
// would, the parameter stays unknown.
type StandIn struct {
	Text string

	// Compared says that the text stands in conditions only.
	Compared bool
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
	if s.loaded() != nil {
		return s // which whoever refers to it learns
	}
	there := new(*s)
	there.load = nil
	placed[s] = there
	if s.Account == "" {
		there.Account, there.AnyAccount = e.Account, e.Account != ""
	}
	if s.Region == "" {
		there.Region, there.AnyRegion = e.Region, e.Region != ""
	}
	there.standIns = e.StandIns
	there.Parameters = map[string]string{}
	for name, value := range e.Parameters {
		if s.Template.Parameters[name] != nil {
			there.Parameters[name] = value
		}
	}
	maps.Copy(there.Parameters, s.Parameters)
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
