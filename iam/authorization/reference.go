package authorization

import (
	"strings"
	"sync"
)

// service is what the data says of a service. Services are read one by one when
// they are asked for: reading all takes tens of milliseconds.
type service struct {
	title   string
	actions []Action           // in the order of their names
	lower   []string           // the names of actions in lower case
	byName  map[string]*Action // by such a name
	types   []ResourceType
}

// fact is a value at the head of the data.
func fact(name string) string {
	head, _, _ := strings.Cut(text, serviceMark)
	_, rest, _ := strings.Cut(head, "\n"+name+" ")
	value, _, _ := strings.Cut(rest, "\n")
	return value
}

const serviceMark = "\nservice "

// sections are the lines of each service, by its prefix.
var sections = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, section := range strings.Split(text, serviceMark)[1:] {
		prefix, _, _ := strings.Cut(section, " ")
		all[prefix] = section
	}
	return all
})

var read struct {
	sync.Mutex
	services map[string]*service
}

// serviceOf gives the service with a prefix, nil if there is none. Prefixes are
// compared in any case, as IAM does.
func serviceOf(prefix string) *service {
	prefix = strings.ToLower(prefix)
	section, ok := sections()[prefix]
	if !ok || prefix == global {
		return nil
	}
	read.Lock()
	defer read.Unlock()
	s, ok := read.services[prefix]
	if !ok {
		s = parse(prefix, section)
		if read.services == nil {
			read.services = map[string]*service{}
		}
		read.services[prefix] = s
	}
	return s
}

// parse reads the lines of a service: each is a word that says what it is, a name,
// and more of it; what belongs to a thing is one space deeper. Names of types have
// spaces.
func parse(prefix, section string) *service {
	first, rest, _ := strings.Cut(section, "\n")
	_, title, _ := strings.Cut(first, " ")
	s := &service{title: title}
	var keys *[]string // of the thing that deeper lines belong to
	for line := range strings.Lines(rest) {
		word, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		name, more, _ := strings.Cut(value, " ")
		switch word {
		case "name":
			s.actions = append(s.actions, Action{Service: prefix, Name: name})
		case "action":
			s.actions = append(s.actions, Action{Service: prefix, Name: name, Access: more})
			keys = &s.actions[len(s.actions)-1].Keys
		case "required", "optional":
			a := &s.actions[len(s.actions)-1]
			a.Resources = append(a.Resources, ResourceUse{Type: value, Required: word == "required"})
			keys = &a.Resources[len(a.Resources)-1].Keys
		case "type":
			s.types = append(s.types, ResourceType{Service: prefix, Name: more, ARN: name})
			keys = &s.types[len(s.types)-1].Keys
		case "key":
			if keys != nil { // else it is one of the service's keys, which key.go reads
				*keys = append(*keys, name)
			}
		}
	}
	s.byName = make(map[string]*Action, len(s.actions))
	for i := range s.actions {
		lower := strings.ToLower(s.actions[i].Name)
		s.lower, s.byName[lower] = append(s.lower, lower), &s.actions[i]
	}
	return s
}
