package template

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/alike"
	"github.com/s3seal/s3seal/internal/cfn"
)

// Assembly is a set of stacks that may refer to one another.
type Assembly struct {
	Dir    string
	Stacks []*Stack // each after those that it depends on

	// Others are the stacks that weren't asked for: of them is known what the
	// manifest says, and a template is read when one of Stacks refers to it.
	Others []*Stack

	// Members are the stages of a snapshot that one of them stands for.
	Members []alike.Member

	want func(*Stack) bool
}

// ReadAssembly reads a cloud assembly with the nested ones of its stages, or a
// snapshot of one. The error joins what is wrong with all of its files.
func ReadAssembly(dir string) (*Assembly, error) {
	return ReadSome(dir, func(*Stack) bool { return true })
}

// ReadSome reads of an assembly the stacks that are wanted, by what the manifest
// says of them.
func ReadSome(dir string, want func(*Stack) bool) (*Assembly, error) {
	a := &Assembly{Dir: dir, want: want}
	if err := a.readDir(dir, "", 0); err != nil {
		return nil, err
	}
	if err := a.readMembers(dir); err != nil {
		return nil, err
	}
	if len(a.Stacks) == 0 {
		return nil, fmt.Errorf("%s: the assembly has no stacks", dir)
	}
	if err := a.sort(); err != nil {
		return nil, err
	}
	all := a.Stacks
	a.Stacks = nil
	for _, s := range all {
		s.peers = all
		if s.Template != nil {
			a.Stacks = append(a.Stacks, s)
		} else {
			a.Others = append(a.Others, s)
		}
	}
	return a, nil
}

// NewAssembly puts stacks that were read alone together, so that they find each
// other's outputs and exports. Their order stays.
func NewAssembly(stacks ...*Stack) *Assembly {
	for _, s := range stacks {
		s.peers = stacks
	}
	return &Assembly{Stacks: stacks}
}

// readDir reads one assembly and those nested in it.
func (a *Assembly) readDir(dir, stage string, depth int) error {
	const maxStages = 16 // A manifest that names its own folder would never end.
	file := filepath.Join(dir, "manifest.json")
	if depth > maxStages {
		return fmt.Errorf("%s: assemblies nested deeper than %d", file, maxStages)
	}
	data, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		if _, err := os.Stat(dir); err != nil {
			return fmt.Errorf("%s: no such folder; cdk synth writes cdk.out", dir)
		}
		return fmt.Errorf("%s: no manifest.json: not a cloud assembly; run cdk synth", dir)
	}
	if err != nil {
		return err
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return fmt.Errorf("%s: not a manifest: %w", file, err)
	}
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(m.Artifacts)) {
		art := m.Artifacts[id]
		switch art.Type {
		case "aws:cloudformation:stack":
			s, err := a.readStack(dir, id, art)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			s.Stage = stage
			a.Stacks = append(a.Stacks, s)
		case "cdk:cloud-assembly":
			sub, err := inside(dir, art.Properties.DirectoryName)
			if err == nil {
				err = a.readDir(sub, nestedStage(id, art), depth+1)
			} else {
				err = fmt.Errorf("%s: artifact %s: directoryName: %w", file, id, err)
			}
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// sort puts every stack after its dependencies, otherwise by artifact id, and
// keeps of the dependencies those on stacks.
func (a *Assembly) sort() error {
	byID := map[string]*Stack{}
	for _, s := range a.Stacks {
		if byID[s.ArtifactID] != nil {
			return fmt.Errorf("%s: two stacks have the artifact id %s", a.Dir, s.ArtifactID)
		}
		byID[s.ArtifactID] = s
	}
	needs := map[string][]string{}
	for id, s := range byID {
		s.Dependencies = slices.DeleteFunc(s.Dependencies, func(dep string) bool { return byID[dep] == nil })
		needs[id] = s.Dependencies
	}
	order, cycle := cfn.Order(needs)
	if cycle != nil {
		return fmt.Errorf("%s: stacks depend on one another: %s", a.Dir, strings.Join(cycle, " -> "))
	}
	for i, id := range order {
		a.Stacks[i] = byID[id]
	}
	return nil
}
