package resourcetype

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed schemas.txt
var schemas string

// Type is a type of resource.
type Type struct {
	Name       string
	Attributes []string // of Fn::GetAtt, sorted: "Arn", "Endpoint.Address"
	objects    map[string]*object
}

// object is a mapping with known keys.
type object struct {
	closed     bool // has no other keys
	properties map[string]property
}

type property struct {
	required bool
	kind     string // string, integer, number, boolean, object, any, [element], or an object's name
	values   []string
}

// properties is the name of the object that a resource's properties are.
const properties = "."

// Named is the type of that name, or nil for one that isn't known here.
func Named(name string) *Type { return load().types[name] }

// Date is the day of the data.
func Date() string { return load().date }

type data struct {
	date  string
	types map[string]*Type
}

var load = sync.OnceValue(func() data {
	lines := strings.Split(strings.TrimSpace(schemas), "\n")
	d := data{date: lines[1], types: map[string]*Type{}} // behind a comment
	var t *Type
	var o *object
	for _, line := range lines[2:] {
		switch f := strings.Split(line, "\t"); f[0] {
		case "=":
			t = &Type{Name: f[1], Attributes: f[2:], objects: map[string]*object{}}
			d.types[t.Name] = t
		case ">":
			o = &object{closed: f[2] == "closed", properties: map[string]property{}}
			t.objects[f[1]] = o
		default:
			o.properties[f[1]] = property{required: f[0] == "*", kind: f[2], values: f[3:]}
		}
	}
	return d
})
