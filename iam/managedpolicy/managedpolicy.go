package managedpolicy

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/s3seal/s3seal/iam"
)

//go:embed policies
var files embed.FS

// Policy is an AWS managed policy.
type Policy struct {
	ARN      string // in the partition aws
	Version  string // the default version: "v2"
	Edited   string // the day of that version: "2021-09-27"
	Document iam.Document
}

// Name is the last part of the ARN.
func (p Policy) Name() string { return path.Base(p.ARN) }

const prefix = "arn:aws:iam::aws:policy/"

// Find is the policy of an ARN; false if its text isn't here. The pages of AWS
// have the policies of the partition aws. Those of others may allow another thing
// under the same name.
func Find(arn string) (Policy, bool) {
	name, ok := strings.CutPrefix(arn, prefix)
	if !ok {
		return Policy{}, false
	}
	read, ok := index()[path.Base(name)]
	if !ok {
		return Policy{}, false
	}
	p, err := read()
	if err != nil {
		panic(err) // the program's own file, which a test parses
	}
	return p, p.ARN == arn
}

// Names are the names of all policies that are here, sorted.
func Names() []string {
	var names []string
	for name := range index() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// index has the policies by name, of which AWS has one each, whatever its path. Some
// are long, so that each is parsed when it is first asked for.
var index = sync.OnceValue(func() map[string]func() (Policy, error) {
	entries, err := files.ReadDir("policies")
	if err != nil {
		panic(err) // it is compiled in
	}
	all := map[string]func() (Policy, error){}
	for _, e := range entries {
		name := e.Name()
		all[strings.TrimSuffix(name, ".json")] = sync.OnceValues(func() (Policy, error) { return parse(name) })
	}
	return all
})

func parse(name string) (Policy, error) {
	data, err := files.ReadFile("policies/" + name)
	if err != nil {
		return Policy{}, err
	}
	var p Policy
	if err := json.Unmarshal(data, &p); err != nil {
		return Policy{}, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}
