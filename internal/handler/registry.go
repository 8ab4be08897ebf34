package handler

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/s3seal/s3seal/iam/authorization"
)

//go:embed handlers.txt
var text string

// Operation is what a handler is for.
type Operation string

const (
	Create Operation = "create"
	Read   Operation = "read"
	Update Operation = "update"
	Delete Operation = "delete"
)

// Operations are all that a stack asks for. Nothing that a stack does calls the
// list handler.
var Operations = []Operation{Create, Read, Update, Delete}

// published is what AWS publishes of a type.
type published struct {
	// tagged: CloudFormation puts tags of its own on each resource.
	tagged      bool
	permissions map[Operation][]string
}

// Date is the day of the data.
func Date() string { return read().date }

type data struct {
	date  string
	types map[string]published
}

var read = sync.OnceValue(func() data {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	d := data{date: lines[1], types: map[string]published{}} // behind a comment
	name := ""
	for _, line := range lines[2:] {
		f := strings.Split(line, "\t")
		if f[0] == "=" {
			name = f[1]
			d.types[name] = published{tagged: slices.Contains(f[2:], "tagged"), permissions: map[Operation][]string{}}
			continue
		}
		d.types[name].permissions[Operation(f[0])] = f[1:]
	}
	return d
})

// Permissions are those that AWS publishes for the handler of a type, as it
// writes them.
func Permissions(typ string, op Operation) []string { return read().types[typ].permissions[op] }

// action is an action in the words of the Service Authorization Reference; false
// for one that no service has: some lists name operations instead.
func action(permission string) (string, bool) {
	a, ok := authorization.Lookup(permission)
	return a.String(), ok
}
