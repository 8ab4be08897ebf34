package handler

import (
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam/authorization"
)

// Kind is a type of resource.
type Kind struct {
	Type string

	// Own are the ARNs of a resource. In braces are {name}, the name or id that
	// its service knows it by, {partition}, {region}, {account}, and properties.
	Own []string

	// Name is the property with the name; "" if there is none, and an id in its
	// place.
	Name string

	// ByLogicalID says that a name which CloudFormation makes up may begin with
	// the logical id. It is documented for no type; services are seen to have it.
	ByLogicalID bool

	uses       map[string]use
	conditions []condition
	also       map[Operation][]string // what a page adds to the list
}

// condition is a key that requests of some actions carry.
type condition struct {
	Condition
	of []string
}

// Condition is a condition key that a request carries.
type Condition struct {
	Operator, Key string
	Value         string // as an ARN of Kind.Own; if it has none, there is no key
}

// use is what is known of a call beyond its name.
type use struct {
	when   string // properties, any of which must be set; "" is always
	on     string // an ARN as those of Own; "" are those
	pass   string // of iam:PassRole: to which service; iam:PassedToService
	except string // why it isn't granted
	open   string // why nobody knows on what it works; it is an error to need it
}

// Call is a call of a handler.
type Call struct {
	Action     string
	On         []string // ARNs as those of Kind.Own, or "*"
	Conditions []Condition

	// Open says why On isn't known; "" if it is.
	Open string
}

// Any is the resource of actions that work on no resource.
const Any = "*"

// kinds are all kinds by their types.
var kinds = func() map[string]*Kind {
	all := map[string]*Kind{}
	for _, list := range [][]Kind{bucketKinds, identityKinds, keyKinds, functionKinds, logKinds, secretKinds, queueKinds, alarmKinds, toolkitKinds} {
		for _, k := range list {
			all[k.Type] = &k
		}
	}
	return all
}()

// Of is the kind of a type; nil for one that nothing is known of.
func Of(typ string) *Kind { return kinds[typ] }

// Types are those that something is known of, sorted.
func Types() []string { return slices.Sorted(maps.Keys(kinds)) }

// tags is a property that every resource has with tags on it, its own, its
// stack's or CloudFormation's.
const tags = "Tags"

// Calls are what a handler calls for a resource, sorted by action. set tells whether
// a property is set, before or after an update: "Code.S3Bucket", "Targets.RoleArn";
// "Tags" also if the stack has tags.
func (k *Kind) Calls(op Operation, set func(property string) bool) []Call {
	var calls []Call
	for _, permission := range slices.Concat(Permissions(k.Type, op), k.also[op]) {
		name, ok := action(permission)
		u := k.uses[name]
		if !ok || u.except != "" || !k.needs(u, set) {
			continue
		}
		calls = append(calls, Call{Action: name, On: k.on(name, u), Conditions: k.carries(name, u), Open: u.open})
	}
	slices.SortFunc(calls, func(a, b Call) int { return strings.Compare(a.Action, b.Action) })
	return calls
}

func (k *Kind) needs(u use, set func(string) bool) bool {
	if u.when == "" {
		return true
	}
	return slices.ContainsFunc(strings.Fields(u.when), func(property string) bool {
		return property == tags && read().types[k.Type].tagged || set(property)
	})
}

func (k *Kind) on(name string, u use) []string {
	a, _ := authorization.Lookup(name)
	switch {
	case u.on != "":
		return []string{u.on}
	case a.Whole() && len(a.Resources) == 0: // a policy must say "*"
		return []string{Any}
	}
	return k.Own
}

func (k *Kind) carries(name string, u use) []Condition {
	var list []Condition
	if u.pass != "" {
		list = append(list, Condition{"StringEquals", "iam:PassedToService", u.pass})
	}
	for _, c := range k.conditions {
		if slices.Contains(c.of, name) {
			list = append(list, c.Condition)
		}
	}
	return list
}

// Except is why an action of a type's list is never granted; "" if it may be.
func Except(typ, permission string) string {
	name, ok := action(permission)
	if !ok {
		return "no service has such an action"
	}
	return kinds[typ].uses[name].except
}

// When are the properties for which a handler makes a call; "" is always.
func When(typ, permission string) string {
	name, _ := action(permission)
	return kinds[typ].uses[name].when
}
