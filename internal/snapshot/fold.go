package snapshot

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/s3seal/s3seal/internal/alike"
	"github.com/s3seal/s3seal/internal/stage"
)

// Fold keeps of the stages that are alike the files of the first, and lists the
// others beside them: template.ReadAssembly makes the same stacks of it.
func (f Files) Fold(stages []stage.Stage) (Files, error) {
	const name = "manifest.json"
	var m struct {
		Version   json.RawMessage            `json:"version"`
		Artifacts map[string]json.RawMessage `json:"artifacts"`
	}
	if err := json.Unmarshal([]byte(f[name]), &m); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	of, err := stacksOf(m.Artifacts)
	if err != nil {
		return nil, err
	}
	sets := map[string][]alike.Member{} // by what is the same in all members
	var order []string
	for _, s := range stages {
		member := memberOf(s)
		if form, ok := f.form(&member, of[s.Name], m.Artifacts); ok {
			if sets[form] == nil {
				order = append(order, form)
			}
			sets[form] = append(sets[form], member)
		}
	}
	folded := maps.Clone(f)
	var members []alike.Member
	for _, form := range order {
		set := sets[form]
		if len(set) == 1 {
			continue
		}
		for i := range set {
			set[i].Like = set[0].Stage()
			if i > 0 {
				for _, s := range of[set[i].Stage()] {
					delete(m.Artifacts, s.id)
					delete(folded, s.file)
				}
			}
		}
		members = append(members, set...)
	}
	if members == nil {
		return f, nil
	}
	folded[alike.FileName] = alike.Text(members)
	folded[name], err = indent(map[string]any{"version": m.Version, "artifacts": m.Artifacts})
	return folded, err
}

// stackOf is a stack of a stage, as the manifest has it.
type stackOf struct{ id, file string }

// stacksOf are the stacks of each stage, by their ids.
func stacksOf(artifacts map[string]json.RawMessage) (map[string][]stackOf, error) {
	of := map[string][]stackOf{}
	for _, id := range slices.Sorted(maps.Keys(artifacts)) {
		var a struct {
			Type       string
			Properties struct {
				TemplateFile string
				Tags         map[string]string
			}
		}
		if err := json.Unmarshal(artifacts[id], &a); err != nil {
			return nil, fmt.Errorf("artifact %s: %w", id, err)
		}
		if name := a.Properties.Tags["s3seal:stage"]; name != "" && a.Type == "aws:cloudformation:stack" {
			of[name] = append(of[name], stackOf{id, path.Clean(a.Properties.TemplateFile)})
		}
	}
	return of, nil
}

// form is that of all that the snapshot has of a stage.
func (f Files) form(m *alike.Member, stacks []stackOf, artifacts map[string]json.RawMessage) (all string, ok bool) {
	for _, s := range stacks {
		for _, text := range []string{s.id, s.file, string(artifacts[s.id]), f[s.file]} {
			form, ok := m.Form(text)
			if !ok {
				return "", false
			}
			all += form + "\x00"
		}
	}
	return all, all != ""
}

func memberOf(s stage.Stage) alike.Member {
	m := alike.Member{Values: map[string]string{
		alike.Stage: s.Name, alike.Prefix: s.Prefix, alike.Account: s.Source.Account, alike.Region: s.Source.Region,
	}}
	for _, key := range s.OwnTags {
		m.Values[alike.Tag(key)] = s.Tags[key]
	}
	if s.Replica != nil {
		m.Values[alike.ReplicaAccount], m.Values[alike.ReplicaRegion] = s.Replica.Account, s.Replica.Region
	}
	return m
}
