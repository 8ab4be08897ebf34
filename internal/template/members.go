package template

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/s3seal/s3seal/internal/alike"
)

// readMembers adds the stacks of the stages that another one stands for, in a
// snapshot of many that differ in names, accounts and Regions only: each is what
// the app made, byte for byte.
func (a *Assembly) readMembers(dir string) error {
	members, err := alike.Read(dir)
	if err != nil || members == nil {
		return err
	}
	a.Members = members
	var m struct{ Artifacts map[string]json.RawMessage }
	data, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return err
	}
	written := slices.Clone(a.Stacks)
	var errs []error
	for _, one := range members {
		if one.Stage() != one.Like {
			continue
		}
		found := false
		for _, s := range written {
			if s.OfStage() != one.Like || s.Stage != "" {
				continue
			}
			found = true
			f, err := formsOf(one, s, string(m.Artifacts[s.ArtifactID]))
			if err != nil {
				errs = append(errs, err)
				continue
			}
			for _, other := range members {
				if other.Like != one.Like || other.Stage() == one.Like {
					continue
				}
				there, err := a.member(dir, f, other)
				if err != nil {
					errs = append(errs, fmt.Errorf("%s: %w", filepath.Join(dir, alike.FileName), err))
					continue
				}
				a.Stacks = append(a.Stacks, there)
			}
		}
		if !found {
			errs = append(errs, fmt.Errorf("%s: stage %s has no stacks in %s", filepath.Join(dir, alike.FileName), one.Like, dir))
		}
	}
	return errors.Join(errs...)
}

// forms are what a stack has in common with those of the other members.
type forms struct{ id, artifact, template string }

func formsOf(m alike.Member, s *Stack, artifact string) (f forms, err error) {
	text, err := os.ReadFile(s.File)
	if err != nil {
		return f, err
	}
	for _, of := range []struct {
		form *string
		text string
	}{{&f.id, s.ArtifactID}, {&f.artifact, artifact}, {&f.template, string(text)}} {
		var ok bool
		if *of.form, ok = m.Form(of.text); !ok {
			return f, fmt.Errorf("%s: a zero byte, which no JSON has", s.File)
		}
	}
	return f, nil
}

// member makes the stack of another member.
func (a *Assembly) member(dir string, f forms, m alike.Member) (*Stack, error) {
	id, err := m.Fill(f.id)
	if err != nil {
		return nil, err
	}
	text, err := m.Fill(f.artifact)
	if err != nil {
		return nil, err
	}
	var art artifact
	if err := json.Unmarshal([]byte(text), &art); err != nil {
		return nil, err
	}
	s, err := newStack(dir, id, art)
	if err != nil {
		return nil, err
	}
	return s, a.read(s, func() error {
		text, err := m.Fill(f.template)
		if err != nil {
			return err
		}
		return s.parse([]byte(text))
	})
}
